import { describe, expect, test } from "vitest";
import { budgetOf } from "../../harness/soak/budget.ts";
import type { Hour } from "../../harness/soak/hours.ts";
import { read, unread, type Outcome, type Verdict } from "../../harness/verdict.ts";
import { judgeCutoverWatched, judgeHours, type Watched } from "./cutover-watch.judge.ts";
import { watchLimits } from "./soak-limits.ts";

const begin = Date.parse("2026-11-20T12:00:00.000Z");
const at = (hours: number): string => new Date(begin + hours * 3_600_000).toISOString();
const now = new Date(at(48));

function hour(number: number, changes: Partial<Hour> = {}): Hour {
  return {
    number,
    from: at(number - 1),
    until: at(number),
    minutes: 60,
    gaps: [],
    unanswered: [],
    answers: 2000,
    failed: 0,
    unsuccessful: 0,
    busiest: 40,
    podsEnded: 0,
    withinMs: within(2000, 2000, 2000),
    ...changes,
  };
}

function within(to500: number, to1000: number, all: number): Hour["withinMs"] {
  return new Map([
    ["500", to500],
    ["1000", to1000],
    ["+Inf", all],
  ]);
}

function watched(third: Partial<Hour> = {}, lost = 0): Watched {
  const hours = Array.from({ length: 48 }, (_, index) => hour(index + 1, index === 2 ? third : {}));
  const unanswered = budgetOf({ planned: 2880, lost, lostPercentMax: 0.5 });
  return { soak: "soak-1", from: at(0), until: at(48), hours, unanswered };
}

const judge = (...found: readonly Watched[]): Verdict =>
  judgeCutoverWatched(read(found, "the record", now), watchLimits, now);
const gap = { at: at(2), why: "nobody watched" };

test("48 whole hours within their limits are a pass, on 2,880 minutes", () => {
  const verdict = judge(watched());
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: "48 hours after the cutover were watched minute by minute, each within its limits",
  });
  expect(verdict.evidence.find(({ samples }) => samples !== undefined)).toMatchObject({
    value: 48,
    samples: 2880,
    limit: "at least 48",
  });
});

describe("an hour with", () => {
  test.each<readonly [string, Partial<Hour>, Outcome, RegExp]>([
    ["0.5 % errors", { failed: 10, unsuccessful: 10 }, "pass", /each within/],
    [
      "one error more",
      { failed: 11, unsuccessful: 11 },
      "fail",
      /^hour 3 \(from .*\): 11 of 2000 answers were errors \(0\.55 %, at most 0\.5 %\)$/,
    ],
    ["5 % above 500 ms", { withinMs: within(1900, 2000, 2000) }, "pass", /each within/],
    [
      "one answer more above 500 ms",
      { withinMs: within(1899, 2000, 2000) },
      "fail",
      /p95 is not below 500 ms: at least 101 of 2000 answers took longer than 500 ms \(5\.05 %\)$/,
    ],
    ["1 % above 1 s", { withinMs: within(1980, 1980, 2000) }, "pass", /each within/],
    [
      "one answer more above 1 s",
      { withinMs: within(1979, 1979, 2000) },
      "fail",
      /p99 is not below 1000 ms: at least 21 of 2000/,
    ],
    // 100 are refused: slow successes are 0 to 20 or 0 to 19 of 1,900.
    [
      "refusals that may hide a slow tail",
      { unsuccessful: 100, withinMs: within(1980, 1980, 2000) },
      "unproven",
      /p99 cannot be told: 0 to 1\.053 % of the answers/,
    ],
    ["refusals that cannot hide one", { unsuccessful: 100, withinMs: within(1981, 1981, 2000) }, "pass", /each within/],
    [
      "a slow tail that refusals cannot explain",
      { unsuccessful: 10, withinMs: within(1970, 1970, 2000) },
      "fail",
      /at least 20 of 1990/,
    ],
    [
      "answers that the histogram does not hold",
      { withinMs: within(1979, 1979, 1979) },
      "unproven",
      /p99 cannot be told: 0 to 1\.05 %/,
    ],
    [
      "999 answers",
      { answers: 999, withinMs: within(999, 999, 999) },
      "unproven",
      /p99 is not known: 999 answers, at least 1000/,
    ],
    ["1,000 answers", { answers: 1000, withinMs: within(1000, 1000, 1000) }, "pass", /each within/],
    ["no answer", { answers: 0, withinMs: new Map() }, "unproven", /no bound at 500 ms/],
    [
      "no bound at the limit",
      {
        withinMs: new Map([
          ["250", 2000],
          ["+Inf", 2000],
        ]),
      },
      "unproven",
      /p95 is not known: the gateway's histogram has no bound at 500 ms/,
    ],
    [
      "a gap",
      { gaps: [gap] },
      "unproven",
      /^hour 3 \(from .*\): 1 of 60 minutes were not measured, the first 2026-11-20T14:00:00\.000Z: nobody watched$/,
    ],
    ["a gap and few errors", { gaps: [gap], failed: 10, unsuccessful: 10 }, "unproven", /not measured/],
    // 2,000 answers, and 40 in the minute that is missed: 10.2 errors are 0.5 %.
    [
      "a gap and more errors than a good minute makes up for",
      { gaps: [gap], failed: 11, unsuccessful: 11 },
      "fail",
      /11 of 2000 answers were errors/,
    ],
    [
      "gaps that could make up for the errors",
      { gaps: [gap, gap, gap, gap, gap], failed: 11, unsuccessful: 11 },
      "unproven",
      /5 of 60 minutes/,
    ],
  ])("%s", (_, third, outcome, because) => {
    expect(judge(watched(third))).toMatchObject({ outcome, because: expect.stringMatching(because) });
  });
});

test.each<readonly [number, Outcome, RegExp]>([
  [14, "pass", /each within/],
  [15, "fail", /^15 of 2880 minutes had no answer from outside, at most 14 may have none; the first was .*: 503/],
])("%i minutes without an answer", (lost, outcome, because) => {
  const third = { unanswered: [{ at: at(2), why: "503" }] };
  expect(judge(watched(third, lost))).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("a window that is not over, or that is too short, is not proven", () => {
  const early = new Date(at(12));
  const found = read([watched()], "the record", early);
  expect(judgeCutoverWatched(found, watchLimits, early)).toMatchObject({
    outcome: "unproven",
    because: "soak-1: 12 of 48 hours are over",
  });
  const short = { ...watched(), hours: watched().hours.slice(0, 47) };
  expect(judge(short)).toMatchObject({ outcome: "unproven", because: "soak-1: its window has 47 of 48 hours" });
  const { hours } = watched({ minutes: 59 });
  expect(judge({ ...watched(), hours }).outcome).toBe("unproven");
});

test("no soak, and one that cannot be read, prove nothing", () => {
  expect(judgeCutoverWatched(unread("no soak covers it", "reports/soak", now), watchLimits, now)).toMatchObject({
    outcome: "unproven",
    because: "no soak covers it",
  });
  expect(judge()).toMatchObject({ outcome: "unproven", because: "nothing was measured" });
});

test("of two soaks of the same window the worse counts", () => {
  expect(judge(watched(), { ...watched({ failed: 100, unsuccessful: 100 }), soak: "soak-2" }).outcome).toBe("fail");
});

test("while a soak goes on only hours that are over are judged", () => {
  const going = watched({ failed: 100, unsuccessful: 100 });
  expect(judgeHours(going, watchLimits, new Date(at(2.99))).faults).toEqual([]);
  expect(judgeHours(going, watchLimits, new Date(at(3))).faults).toHaveLength(1);
});
