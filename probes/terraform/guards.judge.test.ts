import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import { quotaLimits } from "./guards.judge.ts";
import { atLeastOne, atMost, concludeFindings, eachRight } from "./rule.judge.ts";

const now = new Date("2026-11-22T00:00:00Z");

test.each<[string, readonly string[], readonly (readonly [string, number])[]]>([
  ["a limit", ["set compute-core quota a to 2 in tenancy"], [["compute-core a", 2]]],
  ["a family", ["zero compute-core quotas in tenancy"], [["compute-core *", 0]]],
  ["one name", ["zero load-balancer quota lb-100mbps-count in tenancy"], [["load-balancer lb-100mbps-count", 0]]],
  [
    "a limit that its family's zero comes after",
    ["set c quota a to 2 in tenancy", "zero c quotas in tenancy"],
    [
      ["c a", 0],
      ["c *", 0],
    ],
  ],
  [
    "a limit that comes after",
    ["zero c quotas in tenancy", "set c quota a to 2 in tenancy"],
    [
      ["c *", 0],
      ["c a", 2],
    ],
  ],
  [
    "a limit at home after zero everywhere",
    ["zero c quotas in tenancy", "set c quota a to 2 in tenancy where request.region = 'r'"],
    [
      ["c *", 0],
      ["c a", 2],
    ],
  ],
  ["a limit at home only", ["set c quota a to 2 in tenancy where request.region = 'r'"], []],
  ["zero elsewhere only", ["zero c quotas in tenancy where request.region != 'r'"], []],
  ["a limit of one compartment", ["set c quota a to 2 in compartment x"], []],
  ["what is lifted", ["unset c quota a in tenancy"], []],
  ["what is no statement", ["set c quota a to two in tenancy", ""], []],
])("quotas: %s", (_, statements, limits) => {
  expect([...quotaLimits(statements)]).toEqual(limits);
});

test.each([
  [2, "pass"],
  [0, "pass"],
  [2.01, "fail"],
  [Number.POSITIVE_INFINITY, "unproven"],
  [Number.NaN, "unproven"],
])("%d of at most 2 is a %s", (value, outcome) => {
  expect(concludeFindings([atMost("x", "y", read(value, "test", now), 2)], "held").outcome).toBe(outcome);
});

test("what was not read is unproven, a fault beside it is still a fault", () => {
  const missing = atMost("x", "y", unread("gone", "test", now), 2);
  const wrong = eachRight("z", read(["a"], "test", now), (item) => `${item} is wrong`);
  expect(concludeFindings([missing], "held")).toMatchObject({ outcome: "unproven", because: "x: gone" });
  expect(concludeFindings([missing, wrong], "held")).toMatchObject({ outcome: "fail", because: "z: a is wrong" });
  expect(
    concludeFindings([atLeastOne("z", unread<readonly string[]>("gone", "test", now), "none")], "held").outcome,
  ).toBe("unproven");
  expect(concludeFindings([atLeastOne("z", read([], "test", now), "none")], "held").because).toBe("none");
  expect(concludeFindings([], "held").outcome).toBe("unproven");
});
