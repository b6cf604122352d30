import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateBody } from "./body.ts";
import { evaluateExpression, type Scope } from "./expression.ts";
import { stepInto, Unknown, unknownIn, type Value } from "./value.ts";

const names: Readonly<Record<string, Value>> = {
  var: { two: 2, name: "a", pools: { b: { nodes: 1 }, a: { nodes: 2 } }, list: [1, 2, 3], off: false },
};
const scope: Scope = {
  resolve: async ([root = ""]) => ({
    value: names[root] ?? new Unknown(`${root} is not known before an apply`),
    used: 1,
  }),
};

test.each<[string, Value]>([
  ["var.two * (1 + 3) - 1", 7],
  ["10 / 4", 2.5],
  ["7 % 4", 3],
  ["-var.two", -2],
  ["!var.off && var.two >= 2", true],
  ['var.two == 2 ? "yes" : data.x.y', "yes"],
  ["true || data.x.y", true],
  ["false && data.x.y", false],
  ["sum([for pool in values(var.pools) : pool.nodes])", 3],
  ["[for key, pool in var.pools : key if pool.nodes > 1]", ["a"]],
  ['{ for n in var.list : "k${n}" => n * 2 if n != 2 }', { k1: 2, k3: 6 }],
  ["max(1, var.two, -3)", 2],
  ['merge({ a = 1 }, { a = 2, "b/c" = 3 })', { a: 2, "b/c": 3 }],
  ['var.pools["a"].nodes', 2],
  ["var.list[1]", 2],
  ["length(var.pools)", 2],
  ['"${var.name}-${var.two}"', "a-2"],
  ['"${var.two}"', 2],
  ["null", null],
])("%s is %j", async (text, value) => {
  expect(await evaluateExpression(text, scope)).toEqual(value);
});

test.each([
  "data.x.y",
  "data.x.y * 0",
  "sum([1, data.x.y])",
  "sum([])",
  'max("a")',
  "1 / 0",
  "0 / 0",
  '"a" * 2',
  "data.x.y || false",
  "data.x.y == 1",
  "var.list[9]",
  "var.nothing",
  'filesha256("main.tf")',
  "toString(1)",
  "constructor(1)",
  "var.pools[data.x.y]",
  "[for x in data.x.y : x]",
  "var.list[*].x",
  "1 +",
  "",
])("%s is not known, and never a number", async (text) => {
  expect(unknownIn(await evaluateExpression(text, scope))).toBeInstanceOf(Unknown);
});

test("of a text that is known in part, the part is kept", async () => {
  const value = await evaluateBody("set x to ${var.two} where y = '${data.a.b}'", scope);
  expect(value).toBeInstanceOf(Unknown);
  expect(value instanceof Unknown ? value.partial : "").toBe("set x to 2 where y = '?'");
});

test.each<[string, Value]>([
  ["plain", "plain"],
  ['a "quoted" ${var.name}\n', 'a "quoted" a\n'],
  ["${var.name}}", "a}"],
  ["$${not} ${var.two}", "${not} 2"],
])("the text %j reads %j", async (text, value) => {
  expect(await evaluateBody(text, scope)).toEqual(value);
});

test("steps into any value end in a value or in the unknown", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (json, key) => {
      const value: Value = JSON.parse(JSON.stringify(json));
      expect(stepInto(value, key)).not.toBeUndefined();
    }),
  );
});
