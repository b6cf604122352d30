import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elapsed, linear, logarithmic, placeOn, type Scale } from "./scale.ts";

const texts = ({ ticks }: Scale): string => ticks.map(({ text }) => text).join(" ");

test.each([
  [50, "0 10 20 30 40 50"],
  [51, "0 20 40 60"],
  [1, "0 0.2 0.4 0.6 0.8 1"],
  [1234, "0 500 1,000 1,500"],
  [0, "0 0.2 0.4 0.6 0.8 1"],
  [-3, "0 0.2 0.4 0.6 0.8 1"],
])("up to %d", (highest, expected) => {
  expect(texts(linear("x", highest))).toBe(expected);
});

test.each([
  [12, 900, "10 20 50 100 200 500 1,000"],
  [1, 1000, "1 2 5 10 20 50 100 200 500 1,000"],
  [1, 60_000, "1 10 100 1,000 10,000 100,000"],
  [20, 20, "20 50 100 200"],
  [0, 0, "0.000001 0.000002 0.000005 0.00001"],
])("from %d to %d", (lowest, highest, expected) => {
  expect(texts(logarithmic("x", lowest, highest))).toBe(expected);
});

test.each([
  [241, "0:00 0:30 1:00 1:30 2:00 2:30 3:00 3:30 4:00"],
  [9, "0:00 0:01 0:02 0:03 0:04 0:05 0:06 0:07 0:08 0:09"],
  [7200, "0:00 15:00 30:00 45:00 60:00 75:00 90:00 105:00 120:00"],
  [0, "0:00 0:01"],
])("%d seconds", (seconds, expected) => {
  expect(texts(elapsed("x", seconds))).toBe(expected);
});

describe("a place", () => {
  test.each([
    [linear("x", 100), 0, 0],
    [linear("x", 100), 25, 50],
    [linear("x", 100), 100, 200],
    [linear("x", 100), 500, 200],
    [linear("x", 100), -1, 0],
    [logarithmic("x", 10, 1000), 100, 100],
    [logarithmic("x", 10, 1000), 0, 0],
    [logarithmic("x", 10, 1000), 1e9, 200],
  ])("%#", (scale, value, place) => {
    expect(placeOn(scale, value, 200)).toBe(place);
  });

  test("is always on the axis, as are all its ticks, of which there are few", () => {
    const amount = fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.constantFrom(0, 5e-324, 1e-9, 1e9));
    fc.assert(
      fc.property(amount, amount, amount, (one, other, value) => {
        for (const scale of [linear("x", one), logarithmic("x", one, other), elapsed("x", one)]) {
          const place = placeOn(scale, value, 200);
          expect(place >= 0 && place <= 200).toBe(true);
          expect(scale.high).toBeGreaterThan(scale.low);
          expect(scale.ticks.length).toBeGreaterThan(0);
          expect(scale.ticks.length).toBeLessThanOrEqual(20);
          expect(scale.ticks.every(({ at }) => at >= scale.low && at <= scale.high * (1 + 1e-9))).toBe(true);
        }
      }),
    );
  });
});
