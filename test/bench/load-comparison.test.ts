import { expect, test } from "vitest";
import {
  compare,
  percentilesBy,
  tableOf,
  type Comparison,
  type Measured,
  type Percentiles,
} from "./load-comparison.ts";

const known: Percentiles = { 50: 150, 95: 450, 99: 900 };
const measured = (changes: Partial<Percentiles> = {}, answers = 4000): Measured => ({
  percentiles: { ...known, ...changes },
  answers,
});
const good: Comparison = {
  known,
  given: { k6: measured(), ab: measured({}, 2000) },
  ours: measured(),
  ab: measured({}, 2000),
  reasons: [],
  answersMin: 1000,
};

test.each<[string, Partial<Comparison>]>([
  ["all as known", {}],
  ["a p50 just within 5 %", { ours: measured({ 50: 157.5 }) }],
  ["a p50 just within 5 % below", { ours: measured({ 50: 142.5 }) }],
  ["a p95 just within 5 %", { ours: measured({ 95: 472.5 }) }],
  ["a p95 just within 5 % below", { ours: measured({ 95: 427.5 }) }],
  ["a p99 just within 5 %", { ours: measured({ 99: 945 }) }],
  ["a p99 just within 5 % below", { ours: measured({ 99: 855 }) }],
  ["ab just within 5 %", { ab: measured({ 50: 157.5, 95: 427.5, 99: 945 }, 2000) }],
  ["a target just within 2.5 %", { given: { k6: measured({ 50: 153.75 }), ab: measured({ 99: 922.5 }, 2000) } }],
  [
    "as many answers as a p99 needs",
    { ours: measured({}, 1000), ab: measured({}, 1000), given: { k6: measured({}, 1000), ab: measured({}, 1000) } },
  ],
  ["an answer of a hundred counted on one side", { ours: measured({}, 3960), ab: measured({}, 2020) }],
])("holds: %s", (_, changes) => {
  expect(compare({ ...good, ...changes })).toMatchObject({ outcome: "holds" });
});

test.each<[string, Partial<Percentiles>, string]>([
  ["a p50 just above", { 50: 157.6 }, "p50 of 157.6 ms is 5.1 % from the known 150.0 ms, more than 5 %"],
  ["a p50 just below", { 50: 142.4 }, "p50 of 142.4 ms is -5.1 %"],
  ["a p95 just above", { 95: 472.6 }, "p95 of 472.6 ms"],
  ["a p95 just below", { 95: 427.4 }, "p95 of 427.4 ms"],
  ["a p99 just above", { 99: 945.1 }, "p99 of 945.1 ms"],
  ["a p99 just below", { 99: 854.9 }, "p99 of 854.9 ms"],
  ["a p99 that is no number", { 99: Number.NaN }, "p99 of NaN ms"],
  ["no latency at all", { 50: 0, 95: 0, 99: 0 }, "p50 of 0.0 ms is -100.0 %"],
])("outside: %s", (_, changes, sentence) => {
  const { outcome, sentences } = compare({ ...good, ours: measured(changes) });
  expect(outcome).toBe("outside");
  expect(sentences[0]).toContain("our evaluation of k6's samples");
  expect(sentences[0]).toContain(sentence);
});

test.each<[string, Partial<Comparison>, string]>([
  ["a run that proves nothing", { reasons: ["the generator dropped 3 arrivals"] }, "the generator dropped 3 arrivals"],
  [
    "too few answers of k6",
    { ours: measured({}, 999), given: { ...good.given, k6: measured({}, 999) } },
    "k6 had 999 answers: a p99 needs 1000",
  ],
  [
    "too few answers of ab",
    { ab: measured({}, 999), given: { ...good.given, ab: measured({}, 999) } },
    "ab had 999 answers: a p99 needs 1000",
  ],
  ["answers that k6 has not", { ours: measured({}, 3959) }, "k6 had 3959 answers, and the target gave it 4000"],
  ["answers that nobody gave", { ab: measured({}, 2021) }, "ab had 2021 answers, and the target gave it 2000"],
  ["a late target", { given: { ...good.given, k6: measured({ 50: 153.8 }) } }, "gave to k6: p50 of 153.8 ms is 2.5 %"],
  [
    "a target late for ab",
    { given: { ...good.given, ab: measured({ 99: 922.6 }, 2000) } },
    "gave to ab: p99 of 922.6 ms",
  ],
  ["an ab that sees something else", { ab: measured({ 95: 472.6 }, 2000) }, "ab: p95 of 472.6 ms"],
  ["an ab that says nothing", { ab: measured({ 95: Number.NaN }, 2000) }, "ab: p95 of NaN ms"],
])("unproven: %s", (_, changes, sentence) => {
  const { outcome, sentences } = compare({ ...good, ...changes });
  expect(outcome).toBe("unproven");
  expect(sentences).toHaveLength(1);
  expect(sentences[0]).toContain(sentence);
});

test("a wrong number of a run that proves nothing is not called wrong", () => {
  const wrong = { ours: measured({ 99: 1200 }) };
  expect(compare({ ...good, ...wrong }).outcome).toBe("outside");
  expect(compare({ ...good, ...wrong, reasons: ["starved"] })).toEqual({ outcome: "unproven", sentences: ["starved"] });
  const late = { ...good.given, k6: measured({ 99: 1100 }) };
  expect(compare({ ...good, ...wrong, given: late }).outcome).toBe("unproven");
});

test("a wrong number is told also where ab has another", () => {
  const both = { ours: measured({ 99: 1200 }), ab: measured({ 99: 1200 }, 2000) };
  expect(compare({ ...good, ...both }).outcome).toBe("outside");
});

test("the table has all of it side by side, its columns in line", () => {
  const lines = tableOf({ ...good, ours: measured({ 50: 151.5, 99: 882 }) }).split("\n");
  expect(lines).toHaveLength(7);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines[2]).toMatch(/^\| known, by the formula +\| 150\.0 +\| 450\.0 +\| 900\.0 +\| +\|$/);
  expect(lines[4]).toMatch(
    /our evaluation .*\| 151\.5 \(\+1\.0 %\) +\| 450\.0 \(\+0\.0 %\) +\| 882\.0 \(-2\.0 %\) +\| 4000 +\|$/,
  );
  expect(lines[6]).toContain("a closed loop");
});

test("percentiles are asked for by percent", () => {
  expect(percentilesBy((percent) => percent * 2)).toEqual({ 50: 100, 95: 190, 99: 198 });
});
