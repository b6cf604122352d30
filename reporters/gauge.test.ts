import { describe, expect, test } from "vitest";
import { boundsOf, gauge } from "./gauge.ts";

const none = Number.NEGATIVE_INFINITY;
const endless = Number.POSITIVE_INFINITY;

describe("boundsOf", () => {
  test.each([
    ["below 75 %", none, 75],
    ["at most 1,500.5 ms", none, 1500.5],
    ["<= 200", none, 200],
    ["≤ 200 ms", none, 200],
    ["At least 21 days", 21, endless],
    [">3", 3, endless],
    ["between 1 and 5 s", 1, 5],
    ["between 1 s and 5 s", 1, 5],
  ])("%s", (limit, low, high) => {
    expect(boundsOf(limit)).toMatchObject({ low, high });
  });

  test.each(["exactly 3 nodes", "Ready", "", "below the line", "at most", "between 1 and many", "75 %"])(
    "no scale: %s",
    (limit) => {
      expect(boundsOf(limit)).toBe(undefined);
    },
  );
});

describe("gauge", () => {
  const drawn = (value: number | string, limit: string, unit = "%"): string =>
    gauge({ what: "CPU", value, unit, limit })?.toString() ?? "nothing";

  test("draws percents on 100, with the limit where it is", () => {
    const svg = drawn(50, "below 75 %");
    expect(svg).toContain('class="gauge inside"');
    expect(svg).toContain('class="value" x="0" y="4" width="100"');
    expect(svg).toContain('class="limit" x="150"');
  });

  test.each([
    ["at the limit", 75, "at most 75 %", "gauge inside"],
    ["beyond it", 75.1, "at most 75 %", "gauge outside"],
    ["under a lower one", 20, "at least 21 days", "gauge outside"],
    ["at a lower one", 21, "at least 21 days", "gauge inside"],
    ["zero of zero", 0, "at most 0", "gauge inside"],
  ])("%s", (_what, value, limit, shown) => {
    expect(drawn(value, limit)).toContain(shown);
  });

  test.each([
    ["words", "Ready", "below 75 %"],
    ["no number", Number.NaN, "below 75 %"],
    ["below zero", -1, "below 75 %"],
    ["a limit below zero", 1, "at least -5"],
    ["no scale", 3, "exactly 3"],
  ])("nothing to draw: %s", (_what, value, limit) => {
    expect(drawn(value, limit)).toBe("nothing");
  });
});
