import fc from "fast-check";
import { expect, test } from "vitest";
import { rank } from "../../suites/performance/percentile.judge.ts";
import { cardsInPack, dealer, knownParts, knownPercentile, type Part } from "./known-latency.ts";

const two: readonly Part[] = [
  { percent: 50, fromMs: 0, toMs: 100 },
  { percent: 50, fromMs: 300, toMs: 400 },
];

test.each([
  [50, 150],
  [90, 190],
  [95, 450],
  [98, 525],
  [99, 900],
  [0, 100],
  [100, 1000],
])("p%d of the fixture is %d ms", (percent, ms) => {
  expect(knownPercentile(knownParts, percent)).toBeCloseTo(ms, 9);
});

test("just beyond an edge the next part begins", () => {
  expect(knownPercentile(two, 50)).toBe(100);
  expect(knownPercentile(two, 50.001)).toBeGreaterThan(300);
});

test.each([
  ["parts of 99 %", [{ percent: 99, fromMs: 0, toMs: 1 }], 50, /99 % of the answers together/],
  ["no parts", [], 50, /0 % of the answers/],
  ["parts that overlap", [two[0], { percent: 50, fromMs: 99, toMs: 400 }], 50, /from 99 to 400 ms does not follow/],
  ["an empty part", [{ percent: 100, fromMs: 5, toMs: 5 }], 50, /or is empty/],
  ["a percent above 100", two, 100.1, /no percentile 100.1/],
  ["a percent that is none", two, Number.NaN, /no percentile NaN/],
])("refused: %s", (_, parts, percent, message) => {
  const given = parts.flatMap((part) => part ?? []);
  expect(() => knownPercentile(given, percent)).toThrow(message);
});

function dealt(seed: number, count: number): number[] {
  const deal = dealer(knownParts, seed);
  return Array.from({ length: count }, deal);
}

test("a pack has the known percentiles, but for half a step, whatever the seed", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 3 }), (seed, packs) => {
      const ranked = rank(dealt(seed, packs * cardsInPack));
      for (const percent of [50, 95, 99])
        expect(ranked.percentile(percent)).toBeCloseTo(knownPercentile(knownParts, percent - 50 / cardsInPack), 6);
    }),
    { numRuns: 20 },
  );
});

test("some thousand answers that begin within a pack are within 2 %", () => {
  const long = dealt(7, 12 * cardsInPack);
  for (let from = 0; from < long.length - 4000; from += 333) {
    const ranked = rank(long.slice(from, from + 4000));
    for (const percent of [50, 95, 99]) {
      const known = knownPercentile(knownParts, percent);
      expect(Math.abs(ranked.percentile(percent) - known)).toBeLessThan(known * 0.02);
    }
  }
});

test("a seed deals the same again, another seed something else, and no pack is in the order of its size", () => {
  expect(dealt(1, 50)).toEqual(dealt(1, 50));
  expect(dealt(1, 50)).not.toEqual(dealt(2, 50));
  const first = dealt(1, cardsInPack);
  expect(first).not.toEqual(first.toSorted((one, other) => one - other));
  expect(dealt(1, 2 * cardsInPack).slice(cardsInPack)).not.toEqual(first);
});
