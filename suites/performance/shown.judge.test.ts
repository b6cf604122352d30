import { expect, test } from "vitest";
import { pass, fail, read, unread, type Fact } from "../../harness/verdict.ts";
import { shownBy, type Seen } from "./shown.judge.ts";

const now = new Date("2026-11-23T12:00:00.000Z");
const fact: Fact = { what: "rows", value: 7, source: "table", at: now.toISOString() };
const steady = { atMs: 0, outcome: "pass", because: "all ready" } as const;
const seen: Seen = {
  fault: "table-filled",
  before: steady,
  injectError: undefined,
  felt: read(fact, "table", now),
  cutBecause: undefined,
  removeError: undefined,
  after: steady,
};
const yes = () => pass("indexed", [fact]);
const no = () => fail("scanned", [fact]);

test("what was measured of a drill that ran its course is judged", () => {
  expect(shownBy(seen, 7, (measured) => pass(`indexed ${measured}`, [fact]))).toMatchObject({
    outcome: "pass",
    because: "indexed 7",
  });
  expect(shownBy(seen, 7, no)).toMatchObject({ outcome: "fail", because: "scanned" });
});

test.each<[string, Partial<Seen>, number | undefined, string]>([
  [
    "not steady before",
    { before: { atMs: 0, outcome: "fail", because: "one is not ready" } },
    undefined,
    "not steady before table-filled, nothing was done: one is not ready",
  ],
  [
    "nobody could say whether it was steady",
    { before: { atMs: 0, outcome: "unproven", because: "403" } },
    7,
    "not steady before table-filled, nothing was done: 403",
  ],
  ["cut off", { cutBecause: "lost for 60 s" }, 7, "table-filled was cut off: lost for 60 s"],
  ["not made", { injectError: "nobody could search" }, 7, "table-filled could not be made: nobody could search"],
  ["not felt", { felt: unread("7 rows", "table", now) }, 7, "table-filled was made but not felt: 7 rows"],
  ["not looked at", { felt: undefined }, 7, "table-filled was made but not felt: nobody looked"],
  ["nothing measured", {}, undefined, "table-filled: nothing was measured"],
  [
    "nothing measured, and why",
    { removeError: "alice cannot sign in" },
    undefined,
    "table-filled: alice cannot sign in",
  ],
])("%s: nothing is shown, whatever was measured", (_, change, measured, because) => {
  for (const judge of [yes, no])
    expect(shownBy({ ...seen, ...change }, measured, judge)).toMatchObject({ outcome: "unproven", because });
});

test.each<[string, Partial<Seen>, string]>([
  ["something left", { removeError: "7 rows are left" }, "indexed, but not all was put back: 7 rows are left"],
  [
    "not steady afterwards",
    { after: { atMs: 9, outcome: "fail", because: "one is not ready" } },
    "indexed, but it was not steady afterwards: one is not ready",
  ],
  ["nobody looked afterwards", { after: undefined }, "indexed, but it was not steady afterwards: nobody looked"],
])("%s: a yes becomes unproven with its evidence, a no stays one", (_, change, because) => {
  expect(shownBy({ ...seen, ...change }, 7, yes)).toEqual({ outcome: "unproven", because, evidence: [fact] });
  expect(shownBy({ ...seen, ...change }, 7, no)).toMatchObject({ outcome: "fail", because: "scanned" });
});
