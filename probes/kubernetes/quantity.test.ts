import fc from "fast-check";
import { expect, test } from "vitest";
import { parseQuantity } from "./quantity.ts";

test.each<[string, number]>([
  ["0", 0],
  ["1", 1],
  ["250m", 0.25],
  ["100u", 1e-4],
  ["5n", 5e-9],
  [".5", 0.5],
  ["1.", 1],
  ["-1", -1],
  ["10k", 10_000],
  ["1G", 1e9],
  ["1E", 1e18],
  ["1E3", 1000],
  ["1e-3", 0.001],
  ["64Mi", 64 * 2 ** 20],
  ["1.5Gi", 1.5 * 2 ** 30],
  ["2Ei", 2 ** 61],
])("%s is %d", (text, value) => {
  expect(parseQuantity(text)).toBeCloseTo(value, 12);
});

test.each([
  "",
  " ",
  "1 Gi",
  "Gi",
  "1gi",
  "1KiB",
  "1e",
  "1e9999",
  "0x10",
  "NaN",
  "Infinity",
  "1,5",
  "--1",
  "1.2.3",
  "١",
])("'%s' is no quantity", (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});

test("whatever the text, the answer is a finite number or none", () => {
  const likely = fc.stringMatching(/^[+-]?[\d.]{0,4}([eE][+-]?\d{0,4}|[numkKMGTPEi]{0,2})$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), likely), (text) => {
      const value = parseQuantity(text);
      expect(value === undefined || Number.isFinite(value)).toBe(true);
    }),
  );
});
