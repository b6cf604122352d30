import fc from "fast-check";
import { expect, test } from "vitest";
import { nextTick, ticksOf } from "./schedule-ticks.ts";

const noon = new Date("2026-11-22T12:00:00.000Z");
const at = (text: string): Date => new Date(`2026-11-22T${text}Z`);
const times = (expression: string, from: Date, to: Date): readonly string[] | string => {
  const found = ticksOf(expression, from, to);
  return found.ok ? found.value.map((time) => time.slice(5, 16)) : found.why;
};

test.each<readonly [string, Date, Date, readonly string[]]>([
  ["2-59/5 * * * *", at("11:50:00"), noon, ["11-22T11:52", "11-22T11:57"]],
  ["*/5 * * * *", at("11:50:00"), noon, ["11-22T11:55", "11-22T12:00"]],
  ["*/5 * * * *", at("11:49:59"), at("11:59:59"), ["11-22T11:50", "11-22T11:55"]],
  ["15 1 * * *", new Date("2026-11-20T12:00:00Z"), noon, ["11-21T01:15", "11-22T01:15"]],
  ["@hourly", at("10:30:00"), noon, ["11-22T11:00", "11-22T12:00"]],
  ["@daily", at("10:30:00"), noon, []],
  // A day of the month and a day of the week: either will do.
  ["0 0 20 * SUN", new Date("2026-11-15T12:00:00Z"), noon, ["11-20T00:00", "11-22T00:00"]],
  ["0 0 1 1 *", at("00:00:00"), noon, []],
])("%s was due after %s and until %s", (expression, from, to, due) => {
  expect(times(expression, from, to)).toEqual(due);
});

test.each([
  "",
  "@every 10m",
  "CRON_TZ=Asia/Tokyo 0 6 * * *",
  "* * * * * *",
  "* * * *",
  "61 * * * *",
  "0 24 * * *",
  "0 0 L * *",
  "hourly",
])("of '%s' nothing is said", (expression) => {
  expect(times(expression, at("00:00:00"), noon)).toMatch(/five fields|no cron expression/);
  expect(nextTick(expression, noon).ok).toBe(false);
});

test("a window with too many times is not counted", () => {
  expect(times("* * * * *", new Date(noon.getTime() - 5000 * 60_000), noon)).toHaveLength(5000);
  expect(times("* * * * *", new Date(noon.getTime() - 5001 * 60_000), noon)).toMatch(/more than 5000 times/);
});

test("the next time", () => {
  expect(nextTick("15 1 * * *", noon)).toMatchObject({ ok: true, value: "2026-11-23T01:15:00.000Z" });
});

test("every time is a whole minute within the window, and they rise", () => {
  const field = (min: number, max: number) =>
    fc.oneof(
      fc.constant("*"),
      fc.integer({ min, max }).map(String),
      fc.integer({ min: 1, max: 7 }).map((step) => `*/${step}`),
    );
  const expression = fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6));
  fc.assert(
    fc.property(expression, fc.integer({ min: 1, max: 4000 }), (fields, minutes) => {
      const from = new Date(noon.getTime() - minutes * 60_000);
      const found = ticksOf(fields.join(" "), from, noon);
      const ticks = found.ok ? found.value.map((time) => Date.parse(time)) : [];
      expect(found.ok).toBe(true);
      expect(ticks.every((tick) => tick > from.getTime() && tick <= noon.getTime() && tick % 60_000 === 0)).toBe(true);
      expect(ticks.every((tick, index) => index === 0 || tick > (ticks[index - 1] ?? 0))).toBe(true);
    }),
    { numRuns: 100 },
  );
});
