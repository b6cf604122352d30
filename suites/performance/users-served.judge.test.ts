import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { LoadRun, Sample } from "../../probes/load/load-run.ts";
import { changedSamples, examplePlan, isOnPlateau, loadReading, loadRun, plateauMs } from "./load-examples.ts";
import { servedLimits } from "./load-limits.ts";
import type { LoadNeeds } from "./load.judge.ts";
import { judgeUsersServed } from "./users-served.judge.ts";

const at = new Date(plateauMs.until);
const needs: LoadNeeds = {
  usersRoadmap: 500,
  nodesBesideGenerator: read([], "nodes", at),
  evidenceFile: "load-run.json",
};
const limits = servedLimits();
const good = loadRun();

/** The first requests of the plateau, so many of its 9,000, changed. */
function first(count: number, changes: Partial<Sample>): Partial<LoadRun> {
  let left = count;
  return {
    samples: changedSamples((sample) => {
      if (!isOnPlateau(sample) || left === 0) return undefined;
      left -= 1;
      return changes;
    }),
  };
}
const refused: Partial<Sample> = { status: 503, expected: false, durationMs: 1 };
const users = (count: number): Partial<LoadRun> => ({
  users: good.users.map((one) => (isOnPlateau(one) ? { ...one, users: count } : one)),
});
const judged = (changes: Partial<LoadRun>) => judgeUsersServed(loadReading(changes), needs, limits);

test("the limits are the catalogue's", () => {
  expect(limits).toEqual({ usersMin: 500, failedPercentMax: 0.5, samplesMin: 1000 });
});

test.each<readonly [string, Partial<LoadRun>, Outcome, RegExp]>([
  ["no request failed", {}, "pass", /^0 % of 9000 requests failed, with 500 users at once and 50 requests a second$/],
  ["0.5 % failed", first(45, refused), "pass", /^0.5 % of 9000 requests failed/],
  [
    "one more failed",
    first(46, refused),
    "fail",
    /^0.51 % of 9000 requests failed, more than 0.5 %: POST \/api\/v1\/records 503 8 times, /,
  ],
  ["errors that answer fast", first(9000, refused), "fail", /^100 % of 9000 requests failed/],
  [
    "no answer",
    first(60, { status: 0, error: "request timeout", expected: false }),
    "fail",
    /POST \/api\/v1\/records no answer \(request timeout\) 10 times/,
  ],
  [
    "the wrong answer",
    first(60, { expected: false }),
    "fail",
    /POST \/api\/v1\/records 200 with an unexpected answer 10 times/,
  ],
  [
    "failed on the ramp",
    { samples: changedSamples((one) => (isOnPlateau(one) ? undefined : refused)) },
    "pass",
    /^0 %/,
  ],
  ["499 users", users(499), "unproven", /^499 users were there at once on the plateau, of 500$/],
  ["501 users", users(501), "pass", /^0 %/],
  [
    "499 users in less than half of the seconds",
    { users: good.users.map((one, index) => (isOnPlateau(one) && index < 149 ? { ...one, users: 499 } : one)) },
    "pass",
    /^0 %/,
  ],
  ["474 users", users(474), "unproven", /^474 users were there on average/],
  [
    "an arrival dropped",
    { ...first(9000, refused), told: { ...good.told, dropped: 1 } },
    "unproven",
    /dropped 1 arrivals/,
  ],
  [
    "a plan of slow users",
    { plan: { ...examplePlan, thinkSeconds: 100 } },
    "unproven",
    /^900 requests were made on the plateau, at least 1000 are needed$/,
  ],
])("%s", (_, changes, outcome, because) => {
  expect(judged(changes)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("the share of failed requests stands first, on all requests of the plateau", () => {
  expect(judged(first(46, refused)).evidence[0]).toMatchObject({
    value: 0.51,
    unit: "%",
    limit: "at most 0.5 %",
    samples: 9000,
    file: "load-run.json",
  });
});

test("a plan with fewer users passes on its own number, and says so twice", () => {
  const verdict = judged({ plan: { ...examplePlan, usersFirst: 10, usersPlateau: 100 } });
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: expect.stringMatching(
      /with 100 users at once and 10 requests a second, where the roadmap asks for 500 users$/,
    ),
  });
  expect(verdict.evidence.find(({ what }) => what === "concurrent users on the plateau")?.limit).toMatch(
    /^at least 100 by this profile; the roadmap asks for 500$/,
  );
});

test("a full load balancer is named beside what failed", () => {
  const received = good.received.map(({ atMs }) => ({ atMs, bytes: 1_212_500 }));
  const plan = { ...examplePlan, balancerMbps: 10 };
  expect(judged({ ...first(46, refused), plan, received })).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/the load balancer lets 10 Mbps through, and up to 9.7 were used/),
  });
  expect(judged({ plan, received }).outcome).toBe("pass");
});

test("what could not be run is unproven", () => {
  expect(judgeUsersServed(unread("k6 is not there", "k6", at), needs, limits)).toMatchObject({
    outcome: "unproven",
    because: "k6 is not there",
  });
});
