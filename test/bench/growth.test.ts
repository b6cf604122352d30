import fc from "fast-check";
import { expect, test } from "vitest";
import { exponentOf } from "./growth.ts";

test("a power law has its exponent", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      (exponent, factor) => {
        const measured = [1, 2, 4, 8].map((size) => ({ size, value: factor * size ** exponent }));
        expect(exponentOf(measured)).toBeCloseTo(exponent, 6);
      },
    ),
  );
});

test.each([
  [
    "one size",
    [
      { size: 2, value: 1 },
      { size: 2, value: 2 },
    ],
  ],
  ["nothing", []],
  [
    "a size of zero",
    [
      { size: 0, value: 1 },
      { size: 2, value: 2 },
    ],
  ],
  [
    "a value that is no number",
    [
      { size: 1, value: Number.NaN },
      { size: 2, value: 2 },
    ],
  ],
])("%s has none", (_, measured) => {
  expect(() => exponentOf(measured)).toThrow(/two sizes|above zero/);
});
