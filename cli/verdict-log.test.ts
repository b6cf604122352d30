import fc from "fast-check";
import { expect, test } from "vitest";
import { parseVerdicts as parse } from "./verdict-log.ts";

const parseVerdicts = (text: string): ReturnType<typeof parse> => parse(text, "run-1");

const fact = { what: "nodes", value: 3, source: "api", at: "2026-01-01T00:00:00.000Z" };
const row = (id: string, outcome: string, evidence: unknown[] = [fact]): string =>
  JSON.stringify({ run: "run-1", id, verdict: { outcome, because: "it is so", evidence }, durationMs: 5 });

test("reads a verdict a line", () => {
  const found = parseVerdicts(`${row("a", "pass")}\n${row("b", "fail")}\n`);
  expect([...found].map(([id, { verdict }]) => [id, verdict.outcome])).toEqual([
    ["a", "pass"],
    ["b", "fail"],
  ]);
});

test.each([
  ["cut off in the middle", row("a", "pass").slice(0, -9)],
  ["of an unknown outcome", row("a", "green")],
  ["with a field we did not write", row("a", "pass").replace('"id"', '"extra":1,"id"')],
  ["empty", ""],
  ["of a run that was killed and lives on", row("a", "pass").replace("run-1", "run-0")],
  ["of no run", row("a", "pass").replace('"run":"run-1",', "")],
])("a line %s gives no verdict", (_, text) => {
  expect(parseVerdicts(text).size).toBe(0);
});

test("a pass without evidence is unproven", () => {
  expect(parseVerdicts(row("a", "pass", [])).get("a")?.verdict.outcome).toBe("unproven");
});

test.each([
  ["pass", "fail", "fail"],
  ["fail", "pass", "fail"],
  ["unproven", "pass", "unproven"],
])("of %s and %s the worse counts: %s", (first, second, expected) => {
  expect(parseVerdicts(`${row("a", first)}\n${row("a", second)}`).get("a")?.verdict.outcome).toBe(expected);
});

test("no text makes it throw or makes a verdict", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseVerdicts(text).size).toBe(0);
    }),
  );
});
