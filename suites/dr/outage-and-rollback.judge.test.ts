import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import { judgeDependencyOutage, judgeDisturbance, judgeRollback, type Noticed } from "./resilience.judge.ts";
import type { WatchedDrill } from "./watched-drill.ts";
import {
  asksBut,
  exampleDrill,
  exampleNow,
  exampleObserved,
  nodeAway,
  observedDrill,
  recordDrill,
  refused,
  silent,
  wrong,
} from "./watched-example.ts";

const file = "timeline-x.json";

type Row = readonly [what: string, drill: WatchedDrill, outcome: Outcome, because: RegExp];

const outage = (drill: WatchedDrill) => judgeDependencyOutage(drill, { file, secondsMax: 120, outageSecondsMin: 60 });

const returned = (removedAtMs: number, recoveredAtMs: number) =>
  observedDrill({ removedAtMs, recoveredAtMs, after: { atMs: recoveredAtMs, outcome: "pass", because: "" } });

test.each<Row>([
  [
    "with clean refusals all the while",
    recordDrill({ asks: asksBut(2_000, 75_000, refused) }),
    "pass",
    /services refused cleanly/,
  ],
  [
    "with one answer that is none",
    recordDrill({ asks: asksBut(30_000, 30_400, wrong, "health-api") }),
    "fail",
    /1 of 299 requests to health-api failed, .*refused with 500/,
  ],
  [
    "with one request that hangs",
    recordDrill({ asks: asksBut(30_000, 30_400, silent, "health-api") }),
    "fail",
    /no answer within 5000 ms/,
  ],
  ["for just long enough", returned(62_000, 71_000), "pass", /./],
  ["for just too short", returned(61_999, 71_000), "unproven", /away for 59\.999 s, where 60 s are asked for/],
  [
    "with a return just in time",
    {
      ...returned(25_000, 145_000),
      observed: exampleObserved({
        feltAtMs: -40_000,
        removedAtMs: 25_000,
        recoveredAtMs: 145_000,
        after: { atMs: 145_000, outcome: "pass", because: "" },
      }),
      survival: { lostMsMax: 60_000, recoverMsMax: 200_000 },
    },
    "pass",
    /./,
  ],
  [
    "with a return just late",
    {
      ...returned(25_000, 145_001),
      observed: exampleObserved({
        feltAtMs: -40_000,
        removedAtMs: 25_000,
        recoveredAtMs: 145_001,
        after: { atMs: 145_001, outcome: "pass", because: "" },
      }),
      survival: { lostMsMax: 60_000, recoverMsMax: 200_000 },
    },
    "fail",
    /time from its return to normal service was 120\.001 s/,
  ],
  [
    "with refusals that do not end",
    recordDrill({ asks: asksBut(2_000, 999_000, refused) }),
    "unproven",
    /time from its return to normal service: not over when the watch ended after 80 s/,
  ],
])("a dependency away: %s", (_, drill, outcome, because) => {
  expect(outage(drill)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

/** Felt long before it was taken away, so that its users may be unwell for as long as the row says. */
const undone = (recoveredAtMs: number): WatchedDrill => ({
  ...returned(25_000, recoveredAtMs),
  observed: exampleObserved({
    feltAtMs: -40_000,
    removedAtMs: 25_000,
    recoveredAtMs,
    after: { atMs: recoveredAtMs, outcome: "pass", because: "" },
  }),
  survival: { lostMsMax: 60_000, recoverMsMax: 200_000 },
});

test.each<Row>([
  ["with a silence for as long as it stands", recordDrill({ asks: asksBut(2_000, 69_000, silent) }), "pass", /back/],
  ["that is over just in time", undone(145_000), "pass", /lost no accepted write/],
  ["that is over just late", undone(145_001), "fail", /time from its end to normal service was 120\.001 s/],
  [
    "with silences that do not end",
    recordDrill({ asks: asksBut(2_000, 999_000, silent) }),
    "unproven",
    /time from its end to normal service: not over when the watch ended/,
  ],
])("a disturbance: %s", (_, drill, outcome, because) => {
  const verdict = judgeDisturbance(drill, { file, secondsMax: 120 });
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

const noticed = (value: Noticed): Reading<Noticed> => read(value, "the Deployment", exampleNow);
const late = (recoveredAtMs: number): WatchedDrill => ({
  ...nodeAway(296_000, 0),
  observed: exampleObserved({
    removedAtMs: 297_000,
    recoveredAtMs,
    after: { atMs: recoveredAtMs, outcome: "pass", because: "" },
  }),
});

test.each<readonly [string, WatchedDrill, Reading<Noticed>, Outcome, RegExp]>([
  [
    "whole again just in time",
    late(301_000),
    noticed({ by: "alert", atMs: 200_000 }),
    "pass",
    /noticed and rolled back within 300 s/,
  ],
  [
    "whole again just late",
    late(301_001),
    noticed({ by: "alert", atMs: 200_000 }),
    "fail",
    /was 300\.001 s, at most 300 s/,
  ],
  ["not noticed", exampleDrill(), noticed(undefined), "fail", /nothing noticed the broken version/],
  [
    "noticed by what was there before",
    exampleDrill(),
    noticed({ by: "alert", atMs: 999 }),
    "unproven",
    /was there before/,
  ],
  [
    "noticed after it was rolled back",
    exampleDrill(),
    noticed({ by: "alert", atMs: 70_001 }),
    "unproven",
    /rolled back before anything had noticed/,
  ],
  ["noticed at the last moment", exampleDrill(), noticed({ by: "alert", atMs: 70_000 }), "pass", /./],
  [
    "of which nobody knows whether it was noticed",
    exampleDrill(),
    unread("403", "x", exampleNow),
    "unproven",
    /noticed could not be read: 403/,
  ],
  [
    "with one failed request",
    recordDrill({ asks: asksBut(30_000, 30_400, refused, "health-api") }),
    noticed({ by: "alert", atMs: 9_000 }),
    "fail",
    /1 of 299 requests to health-api failed/,
  ],
])("a broken version: %s", (_, drill, notice, outcome, because) => {
  const verdict = judgeRollback(drill, notice, { file, secondsMax: 300 });
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});
