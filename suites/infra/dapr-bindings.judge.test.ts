import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Component } from "../../probes/dapr/components.ts";
import type { Count } from "../../probes/dapr/schedules.ts";
import { isEnough, judgeSchedules, periodOf, type Watched } from "./dapr-bindings.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);

/** Looks each second for so many seconds; a call at each of the given ones. */
function looks(seconds: number, calls: readonly number[], failed: readonly number[] = []): readonly Count[] {
  const until = (times: readonly number[], second: number): number => times.filter((time) => time <= second).length;
  return Array.from({ length: seconds + 1 }, (_, second) => ({
    atMs: second * 1000,
    succeeded: 7 + until(calls, second),
    failed: until(failed, second),
  }));
}

function schedule(text = "@every 10s"): Component {
  return { name: "tick", type: "bindings.cron", version: "v1", scopes: ["app"], settings: { schedule: text } };
}

const watched = (counts: readonly Count[]): Watched => ({
  component: "tick",
  app: "app",
  pod: "app-1",
  periodSeconds: 10,
  counts: read(counts, "the sidecar", now),
});
/** Looks with enough calls, the first of them so many milliseconds after the look before. */
function late(afterMs: number, failed: readonly number[] = []): readonly Count[] {
  return looks(25, [4, 14, 24], failed).map((one) => ({ ...one, atMs: one.atMs + afterMs }));
}
const far = [...looks(2, []), ...looks(4, []).map((one) => ({ ...one, atMs: one.atMs + 6001 }))];

test.each<readonly [string, readonly Count[], Outcome, RegExp]>([
  ["three calls", looks(25, [4, 14, 24]), "pass", /^1 schedules called 1 pods 3 times in a row, on time$/],
  ["just in time", looks(42, [14, 28, 42]), "pass", /3 times/],
  [
    "a second too late",
    looks(43, [14, 29, 42]),
    "fail",
    /^tick did not call app \(pod app-1\) for 15 s, where every 10 s/,
  ],
  ["never", looks(15, []), "fail", /did not call app \(pod app-1\) once in 15 s/],
  ["never, in too short a look", looks(14, []), "unproven", /called app \(pod app-1\) 0 times in the 14 s of the look/],
  ["two calls", looks(20, [4, 14]), "unproven", /2 times in the 20 s of the look, fewer than 3/],
  ["a refused one", looks(25, [4, 14, 24], [20]), "fail", /^app \(pod app-1\) refused 1 calls of tick$/],
  ["far too many", looks(9, [1, 2, 3, 4]), "fail", /called app \(pod app-1\) 4 times in 9 s$/],
  ["looks far apart", far, "unproven", /was not looked at for 4 s, and called it 0 times since, fewer than 3/],
  ["enough calls since a look that came late", [...looks(0, []), ...late(5000)], "pass", /3 times in a row/],
  ["a refused call while nobody looked", [...looks(0, []), ...late(5000, [0])], "fail", /refused 1 calls/],
  ["no look", [], "unproven", /nobody looked/],
])("a schedule: %s", (_, counts, outcome, because) => {
  expect(judgeSchedules(read([schedule()], "components", now), [watched(counts)], 3)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("what could not be read, no schedule, and one that nobody watches are unproven", () => {
  const schedules = read([schedule()], "components", now);
  expect(judgeSchedules(refused, [], 3).outcome).toBe("unproven");
  expect(judgeSchedules(schedules, [{ ...watched([]), counts: refused }], 3).because).toMatch(/tick of pod app-1: GET/);
  expect(judgeSchedules(schedules, [], 3).because).toMatch(/tick has no application that runs/);
  const ofTwo = read([{ ...schedule(), scopes: ["app", "other"] }], "components", now);
  expect(judgeSchedules(ofTwo, [watched(looks(25, [4, 14, 24]))], 3)).toMatchObject({
    outcome: "unproven",
    because: "tick has no pod of other to call: there is nothing to watch",
  });
  expect(judgeSchedules(read([], "components", now), [], 3).because).toMatch(/no schedule is declared/);
});

test.each([
  ["@every 10s", 10],
  ["@every 2m", 120],
  ["@every 0s", undefined],
  ["@daily", undefined],
  ["*/5 * * * *", undefined],
])("the period of %s is %s", (text, seconds) => {
  expect(periodOf(schedule(text))).toBe(seconds);
});

test.each([
  ["calls enough", looks(24, [4, 14, 24]), true],
  ["one call to come", looks(23, [4, 14]), false],
  ["silence that may still end", looks(14, []), false],
  ["silence that has lasted", looks(15, []), true],
  ["a failure", looks(3, [], [2]), true],
  ["nothing", [], false],
])("enough was seen: %s", (_, counts, enough) => {
  expect(isEnough(counts, 10, 3)).toBe(enough);
});
