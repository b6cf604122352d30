import fc from "fast-check";
import { expect, test } from "vitest";
import type { Point } from "../../probes/observability/range.ts";
import { averageOf, gapOf, measuredGapSecondsMax, rateOf, scrapeGapOf, scrapeGapSecondsMax } from "./coverage.judge.ts";

const fromMs = Date.parse("2026-11-22T12:00:00.000Z");
const span = { fromMs, untilMs: fromMs + 120_000 };
/** Points so many seconds after the begin, with the values 1, 2, 3 ... */
const at = (...seconds: readonly number[]): Point[] =>
  seconds.map((second, index) => ({ atSeconds: fromMs / 1000 + second, value: index + 1 }));

test.each<readonly [string, readonly number[], RegExp | undefined]>([
  ["every 15 s", [0, 15, 30, 45, 60, 75, 90, 105, 120], undefined],
  ["one scrape missed", [0, 15, 45, 60, 75, 90, 105, 120], undefined],
  ["31 s apart", [0, 31, 62, 93, 120], undefined],
  ["a little more", [0, 31.1, 62, 93, 120], /^has no sample from 12:00:00 to 12:00:31 \(31\.1 s, at most 31 s/],
  ["two scrapes missed", [0, 15, 60, 75, 90, 105, 120], /from 12:00:15 to 12:01:00 \(45 s/],
  ["begun 31 s late", [31, 60, 90, 120], undefined],
  ["begun later", [31.1, 60, 90, 120], /^has no sample from 12:00:00 to 12:00:31/],
  ["ended 31 s early", [0, 30, 60, 89], undefined],
  ["ended earlier", [0, 30, 60, 88.9], /^has no sample from 12:01:28 to 12:02:00/],
  ["before and after only", [-15, 135], /^has no sample from 12:00:00 to 12:02:00 \(120 s/],
  ["nothing", [], /^has no sample from 12:00:00 to 12:02:00/],
])("coverage of a series: %s", (_, seconds, gap) => {
  const found = gapOf(span, at(...seconds), scrapeGapSecondsMax);
  expect(found ?? "covered").toMatch(gap ?? /^covered$/);
});

test("a span that is none is not covered by anything", () => {
  for (const bent of [
    { fromMs, untilMs: fromMs },
    { fromMs: Number.NaN, untilMs: fromMs },
    { fromMs, untilMs: Number.NaN },
  ])
    expect(gapOf(bent, at(0, 15), scrapeGapSecondsMax)).toMatch(/a span that is none/);
});

test("a scrape that failed is a hole", () => {
  const up = at(0, 15, 30, 45, 60, 75, 90, 105, 120).map((point) => ({ ...point, value: 1 }));
  const failedAt = (...failed: readonly number[]) => ({
    labels: {},
    points: up.map((point, index) => (failed.includes(index) ? { ...point, value: 0 } : point)),
  });
  expect(scrapeGapOf(span, failedAt())).toBeUndefined();
  expect(scrapeGapOf(span, failedAt(3))).toBeUndefined();
  expect(scrapeGapOf(span, failedAt(3, 4))).toMatch(/from 12:00:30 to 12:01:15/);
  expect(scrapeGapOf(span, undefined)).toBe("was never scraped");
});

test("averages and rates of what is covered", () => {
  expect(averageOf(span, at(-30, 0, 60, 120, 150))).toEqual({ ok: true, value: 3, samples: 3 });
  expect(rateOf(span, at(-30, 0, 60, 120, 150))).toEqual({ ok: true, value: 2 / 120, samples: 3 });
});

test("what is not covered has no average, a counter that began anew no rate", () => {
  const late = at(measuredGapSecondsMax + 0.1, 120);
  expect(averageOf(span, late)).toMatchObject({ ok: false, why: expect.stringMatching(/^has no sample/) });
  expect(rateOf(span, late)).toMatchObject({ ok: false, why: expect.stringMatching(/^has no sample/) });
  expect(rateOf(span, at(60))).toEqual({ ok: false, why: "has one sample only: a rate needs two" });
  const again = [...at(0, 60), ...at(90, 120)];
  expect(rateOf(span, again)).toEqual({ ok: false, why: "began anew at 12:01:30" });
});

test("an average lies between the least and the greatest, a rate is never below nothing", () => {
  const values = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(values, (found) => {
      const points = at(0, 15, 30, 45, 60, 75, 90, 105, 120).map((point, index) => ({
        ...point,
        value: found[index] ?? 0,
      }));
      const [average, rate] = [averageOf(span, points), rateOf(span, points)];
      const [least, greatest] = [Math.min(...found), Math.max(...found)];
      const slack = greatest * 1e-12;
      const mean = average.ok ? average.value : Number.NaN;
      expect(mean).toBeGreaterThanOrEqual(least - slack);
      expect(mean).toBeLessThanOrEqual(greatest + slack);
      expect(!rate.ok || rate.value >= 0).toBe(true);
    }),
  );
});
