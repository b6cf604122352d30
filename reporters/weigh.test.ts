import { describe, expect, test } from "vitest";
import { fail, pass, read, unproven, unread, type Fact, type Verdict } from "../harness/verdict.ts";
import { weigh, type Scales } from "./weigh.ts";

const now = new Date("2026-11-21T04:00:00.000Z");
const identity = read({ uid: "uid-1" }, "namespace kube-system", now);
const scales: Scales = { rule: { samplesMin: 1, ageSecondsMax: 300 }, identity, clusterUid: "uid-1", now };
const agedFact = (ageSeconds: number): Fact => ({
  what: "node worker-1",
  value: "Ready",
  source: "nodes/worker-1",
  at: new Date(now.getTime() - ageSeconds * 1000).toISOString(),
});
const fresh = agedFact(0);
const withFact = (changes: Partial<Fact>): Verdict => pass("held", [fresh, { ...fresh, ...changes }]);
// A judge cannot write this; a record on disk could.
const hollow: Verdict = JSON.parse('{"outcome":"pass","because":"held","evidence":[]}');

const percentile = { samplesMin: 400, ageSecondsMax: 300 };
const withSamples = (...counts: readonly number[]): Verdict =>
  pass("held", [fresh, ...counts.map((samples) => ({ ...fresh, samples }))]);

type Row = readonly [what: string, verdict: Verdict, changes: Partial<Scales>, outcome: string, because: string];
const rows: readonly Row[] = [
  ["fresh", withFact({}), {}, "pass", "held"],
  ["as old as allowed", withFact(agedFact(300)), {}, "pass", "held"],
  ["older by a second", withFact(agedFact(301)), {}, "unproven", "is 301 s old, at most 300 s are allowed"],
  ["a clock ahead by a minute", withFact(agedFact(-60)), {}, "pass", "held"],
  ["from the future", withFact(agedFact(-61)), {}, "unproven", "61 s in the future"],
  ["no date", withFact({ at: "yesterday" }), {}, "unproven", "no readable date ('yesterday')"],
  ["an empty date", withFact({ at: "" }), {}, "unproven", "no readable date"],
  ["a number", withFact({ value: 0 }), {}, "pass", "held"],
  ["no number", withFact({ value: Number.NaN }), {}, "unproven", "is NaN, which is no measurement"],
  ["an endless number", withFact({ value: Number.POSITIVE_INFINITY }), {}, "unproven", "is Infinity"],
  ["no facts", hollow, {}, "unproven", "without a single fact"],
  [
    "identity not read",
    withFact({}),
    { identity: unread("403", "namespace kube-system", now) },
    "unproven",
    "not known (403)",
  ],
  ["identity not in the ledger", withFact({}), { clusterUid: null }, "unproven", "identity is not known"],
  ["another cluster", withFact({}), { clusterUid: "uid-2" }, "unproven", "about cluster uid-2, but uid-1 answered"],
  ["as many samples as needed", withSamples(400), { rule: percentile }, "pass", "held"],
  ["a sample too few", withSamples(399), { rule: percentile }, "unproven", "rests on 399 samples, at least 400"],
  ["a part of it on too few", withSamples(400, 3), { rule: percentile }, "unproven", "rests on 3 samples"],
  ["an uncounted number of samples", withFact({}), { rule: percentile }, "unproven", "no evidence says on how many"],
  ["samples that are no number", withSamples(Number.NaN), { rule: percentile }, "unproven", "rests on NaN samples"],
  ["a stale fail stays a fail", fail("broken", [agedFact(9999)]), {}, "fail", "broken"],
  ["unproven keeps its reason", unproven("no access"), { clusterUid: null }, "unproven", "no access"],
];

describe("weigh", () => {
  test.each(rows)("%s", (_what, verdict, changes, outcome, because) => {
    const weighed = weigh(verdict, { ...scales, ...changes });
    expect(weighed.outcome).toBe(outcome);
    expect(weighed.because).toContain(because);
  });

  test("a doubted pass keeps its facts and what the check had said", () => {
    const weighed = weigh(withFact(agedFact(301)), scales);
    expect(weighed.because).toMatch(/the check had said: held$/);
    expect(weighed.evidence.length).toBe(2);
  });
});
