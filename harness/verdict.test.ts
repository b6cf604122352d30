import fc from "fast-check";
import { expect, test } from "vitest";
import { conclude, worst, type Fact, type Outcome } from "./verdict.ts";

const fact: Fact = { what: "nodes", value: 3, unit: "nodes", source: "api", at: "2026-01-01T00:00:00.000Z" };

test.each<[Outcome[], Outcome]>([
  [[], "unproven"],
  [["pass"], "pass"],
  [["pass", "pass"], "pass"],
  [["pass", "unproven"], "unproven"],
  [["unproven", "fail", "pass"], "fail"],
])("the worst of %j is %s", (outcomes, expected) => {
  expect(worst(outcomes)).toBe(expected);
});

test("one outcome that is not a pass is enough for the worst not to be one", () => {
  const outcome = fc.constantFrom<Outcome>("pass", "fail", "unproven");
  fc.assert(
    fc.property(fc.array(outcome), (outcomes) => {
      expect(worst(outcomes) === "pass").toBe(outcomes.length > 0 && outcomes.every((each) => each === "pass"));
    }),
  );
});

test.each([
  { faults: [], gaps: [], facts: [fact], outcome: "pass" },
  { faults: ["worker-2 is not Ready"], gaps: [], facts: [fact], outcome: "fail" },
  { faults: ["worker-2 is not Ready"], gaps: ["no answer"], facts: [fact], outcome: "fail" },
  { faults: [], gaps: ["no answer"], facts: [fact], outcome: "unproven" },
  { faults: [], gaps: [], facts: [], outcome: "unproven" },
  { faults: ["claimed without a fact"], gaps: [], facts: [], outcome: "unproven" },
])("$faults.length faults, $gaps.length gaps and $facts.length facts make $outcome", ({ outcome, ...found }) => {
  expect(conclude({ ...found, held: "all hold" }).outcome).toBe(outcome);
});

test("a long list of faults is cut, and says how many are left", () => {
  const faults = Array.from({ length: 8 }, (_, index) => `pod-${index} failed`);
  expect(conclude({ faults, gaps: [], facts: [fact], held: "" }).because).toBe(
    "pod-0 failed; pod-1 failed; pod-2 failed; pod-3 failed; pod-4 failed; and 3 more",
  );
});
