import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rank } from "./percentile.judge.ts";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
// -0 and 0 are one measurement.
const measurement = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
const values = fc.array(measurement, { minLength: 1, maxLength: 300 });
const percent = fc.double({ min: 0, max: 100, minExcluded: true, noNaN: true });

test.each([
  [95, upTo(20), 19],
  [95, upTo(21), 20],
  [99, upTo(100), 99],
  [99, upTo(101), 100],
  [99, upTo(1000), 990],
  [50, [1, 2], 1],
  [50, [1, 2, 3], 2],
  [100, [3, 1, 2], 3],
  [0.001, [3, 1, 2], 1],
  [Number.MIN_VALUE, [3, 1, 2], 1],
  [99, [7], 7],
  [95, [10, 9, 100], 100],
])("p%d by nearest rank", (asked, list, expected) => {
  expect(rank(list).percentile(asked)).toBe(expected);
});

describe("whatever the values", () => {
  test("it is what the definition says: the smallest value that so many do not exceed", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (list, asked) => {
        const found = rank(list).percentile(asked);
        const reaching = (limit: number): number => list.filter((value) => value <= limit).length * 100;
        expect(reaching(found)).toBeGreaterThanOrEqual(asked * list.length);
        expect(list.filter((value) => value < found).every((value) => reaching(value) < asked * list.length)).toBe(
          true,
        );
      }),
    );
  });

  test("it is one of them, at the place of the sorted list that the formula names", () => {
    fc.assert(
      fc.property(values, percent, (list, asked) => {
        const ranked = rank(list);
        const found = ranked.percentile(asked);
        expect(list.some((value) => value === found)).toBe(true);
        expect(found >= ranked.smallest && found <= ranked.largest).toBe(true);
        expect(found).toBe(
          list.toSorted((one, other) => one - other)[Math.max(Math.ceil((asked * list.length) / 100), 1) - 1],
        );
      }),
    );
  });

  test("a higher percentile is never smaller", () => {
    fc.assert(
      fc.property(values, percent, percent, (list, one, other) => {
        const ranked = rank(list);
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(ranked.percentile(low)).toBeLessThanOrEqual(ranked.percentile(high));
      }),
    );
  });

  test("their order does not matter, and they stay in it", () => {
    fc.assert(
      fc.property(values, percent, (list, asked) => {
        const before = [...list];
        expect(rank(list.toReversed()).percentile(asked)).toBe(rank(list).percentile(asked));
        expect(list).toEqual(before);
      }),
    );
  });
});

test.each([
  ["no value", [], /of no values/],
  ["NaN", [1, Number.NaN], /2 values with NaN/],
  ["an endless one", [Number.POSITIVE_INFINITY], /Infinity/],
])("refused: %s", (_, list, message) => {
  expect(() => rank(list)).toThrow(message);
});

test.each([0, -1, 100.1, Number.NaN])("there is no percentile %d", (asked) => {
  expect(() => rank([1]).percentile(asked)).toThrow(/there is no percentile/);
});
