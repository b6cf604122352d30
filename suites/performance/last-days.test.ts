import { expect, test } from "vitest";
import { daysFrom, lastDays } from "./last-days.ts";
import { minutesIn } from "./minutes.judge.ts";

const iso = ({ from, until }: ReturnType<typeof lastDays>): readonly string[] => [
  from.toISOString(),
  until.toISOString(),
];

test("the last days end at a whole minute that is settled", () => {
  const window = lastDays(7, new Date("2026-11-22T12:34:56.789Z"));
  expect(iso(window)).toEqual(["2026-11-15T12:32:00.000Z", "2026-11-22T12:32:00.000Z"]);
  expect(minutesIn(window)).toBe(10_080);
});

test.each([
  ["2026-11-17T00:02:00.000Z", "2026-11-17T00:00:00.000Z"],
  ["2026-12-24T00:00:00.000Z", "2026-11-17T00:00:00.000Z"],
  ["2026-11-17T00:01:59.999Z", "2026-11-16T23:59:00.000Z"],
  ["2026-11-09T00:00:00.000Z", "2026-11-10T00:00:00.000Z"],
])("at %s the days after the cutover end at %s", (now, until) => {
  expect(iso(daysFrom(new Date("2026-11-10T00:00:00.000Z"), 7, new Date(now)))).toEqual([
    "2026-11-10T00:00:00.000Z",
    until,
  ]);
});
