import { describe, expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { LoadRun, Sample } from "../../probes/load/load-run.ts";
import { judgeLatency, type LatencyLimits } from "./latency.judge.ts";
import {
  changedSamples,
  exampleEndpoints,
  examplePlan,
  isOnPlateau,
  loadReading,
  loadRun,
  plateauMs,
} from "./load-examples.ts";
import { latencyLimits } from "./load-limits.ts";
import type { LoadNeeds } from "./load.judge.ts";

const at = new Date(plateauMs.until);
const needs: LoadNeeds = {
  usersRoadmap: 500,
  nodesBesideGenerator: read([], "nodes", at),
  evidenceFile: "load-run.json",
};
const p95 = latencyLimits(95, exampleEndpoints);
const p99 = latencyLimits(99, exampleEndpoints);
const [slow] = exampleEndpoints;
const good = loadRun();

/** The first requests of an endpoint on the plateau, so many of its 1,500, changed. */
function firstOf(endpoint: string, count: number, changes: Partial<Sample>): readonly Sample[] {
  let left = count;
  return changedSamples((sample) => {
    if (sample.endpoint !== endpoint || !isOnPlateau(sample) || left === 0) return undefined;
    left -= 1;
    return changes;
  });
}
/** All but a number of an endpoint's 1,500 requests on the plateau; in their place others of another endpoint, so that the rate stays. */
const onlyOf = (endpoint: string, count: number): readonly Sample[] =>
  firstOf(endpoint, 1500 - count, { endpoint: exampleEndpoints[1] });

function judged(samples: readonly Sample[], limits: LatencyLimits = p95, changes: Partial<LoadRun> = {}) {
  return judgeLatency(loadReading({ samples, ...changes }), needs, limits);
}

test("the limits are the roadmap's: 500 ms and 1 s, on 400 and 1,000 answers", () => {
  expect(p95).toMatchObject({ percent: 95, latencyMsMax: 500, samplesMin: 400, failedPercentMax: 0.5 });
  expect(p99).toMatchObject({ percent: 99, latencyMsMax: 1000, samplesMin: 1000, failedPercentMax: 0.5 });
});

test("a good run passes, with one fact an endpoint, the slowest first, on its samples", () => {
  for (const limits of [p95, p99]) {
    const verdict = judged(good.samples, limits);
    expect(verdict).toMatchObject({
      outcome: "pass",
      because: expect.stringMatching(
        /^the slowest of 6 endpoints, .* with 500 users at once and 50 requests a second$/,
      ),
    });
    const facts = verdict.evidence.slice(0, 6);
    expect(new Set(facts.map(({ what }) => what))).toEqual(
      new Set(exampleEndpoints.map((endpoint) => `p${limits.percent} latency of ${endpoint}`)),
    );
    const values = facts.map(({ value }) => Number(value));
    expect(values).toEqual(values.toSorted((one, other) => other - one));
    expect(
      facts.every(
        ({ samples, unit, limit, file }) =>
          samples === 1500 && unit === "ms" && limit === `below ${limits.latencyMsMax} ms` && file === "load-run.json",
      ),
    ).toBe(true);
    expect(
      verdict.evidence.some(({ what }) => what === "idle processors of the generator's machine on the plateau"),
    ).toBe(true);
  }
});

// Of 1,500 answers 75 are beyond the p95 and 15 beyond the p99: one more moves the percentile itself.
test.each<readonly [string, LatencyLimits, number, number, Outcome, RegExp]>([
  ["p95 just below", p95, 76, 499.9, "pass", /has a p95 of 499.9 ms/],
  [
    "p95 at the limit",
    p95,
    76,
    500,
    "fail",
    /^POST \/api\/v1\/records has a p95 of 500 ms in 1500 answers, not below 500 ms$/,
  ],
  ["p95 beyond it", p95, 1500, 3_000, "fail", /p95 of 3000 ms/],
  ["p95 with 5 % beyond it", p95, 75, 3_000, "pass", /^the slowest/],
  ["p99 just below", p99, 16, 999.9, "pass", /has a p99 of 999.9 ms/],
  [
    "p99 at the limit",
    p99,
    16,
    1000,
    "fail",
    /^POST \/api\/v1\/records has a p99 of 1000 ms in 1500 answers, not below 1000 ms$/,
  ],
  ["p99 with 1 % beyond it", p99, 15, 3_000, "pass", /^the slowest/],
  ["a slow tail of 2 %, by p99", p99, 30, 3_000, "fail", /p99 of 3000 ms/],
  ["a slow tail of 2 %, by p95", p95, 30, 3_000, "pass", /^the slowest/],
])("%s", (_, limits, count, durationMs, outcome, because) => {
  expect(judged(firstOf(slow, count, { durationMs }), limits)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("every slow endpoint is named, the slowest first", () => {
  const samples = changedSamples(({ endpoint }) =>
    endpoint === slow ? { durationMs: 600 } : endpoint === "GET /api/v1/tasks" ? { durationMs: 700 } : undefined,
  );
  expect(judged(samples).because).toMatch(
    /^GET \/api\/v1\/tasks has a p95 of 700 ms.*; POST \/api\/v1\/records has a p95 of 600 ms/,
  );
});

test("only the plateau is judged", () => {
  expect(judged(changedSamples((sample) => (isOnPlateau(sample) ? undefined : { durationMs: 9_000 }))).outcome).toBe(
    "pass",
  );
});

describe("samples of an endpoint", () => {
  test.each<readonly [string, LatencyLimits, number, Outcome, RegExp]>([
    ["400 for a p95", p95, 400, "pass", /^the slowest/],
    [
      "399 for a p95",
      p95,
      399,
      "unproven",
      /^POST \/api\/v1\/records has 399 expected answers on the plateau, a p95 needs 400$/,
    ],
    ["1,000 for a p99", p99, 1000, "pass", /^the slowest/],
    ["999 for a p99", p99, 999, "unproven", /has 999 expected answers on the plateau, a p99 needs 1000/],
    ["50", p95, 50, "unproven", /has 50 expected answers/],
    ["none: it was never asked", p95, 0, "unproven", /POST \/api\/v1\/records has 0 expected answers/],
  ])("%s", (_, limits, count, outcome, because) => {
    expect(judged(onlyOf(slow, count), limits)).toMatchObject({ outcome, because: expect.stringMatching(because) });
  });

  test("an endpoint that nobody expected is judged, too", () => {
    expect(judged(firstOf(slow, 50, { endpoint: "GET /other" })).because).toMatch(
      /^GET \/other has 50 expected answers/,
    );
    expect(judged(firstOf(slow, 450, { endpoint: "GET /other", durationMs: 500 })).because).toMatch(
      /^GET \/other has a p95 of 500 ms/,
    );
  });

  test("too few of one do not hide that another is slow", () => {
    const samples = onlyOf(slow, 50).map((sample) =>
      sample.endpoint === "GET /api/v1/tasks" ? { ...sample, durationMs: 900 } : sample,
    );
    expect(judged(samples)).toMatchObject({ outcome: "fail", because: expect.stringMatching(/^GET \/api\/v1\/tasks/) });
  });
});

describe("failed requests", () => {
  const failed = { expected: false, status: 503, durationMs: 1 };

  test.each<readonly [string, Partial<Sample>, number, Outcome]>([
    ["7 of 1,500", failed, 7, "pass"],
    ["8 of 1,500", failed, 8, "unproven"],
    [
      "8 of 1,500 without an answer",
      { expected: false, status: 0, error: "timeout", durationMs: 60_000 },
      8,
      "unproven",
    ],
    ["all of them", failed, 1500, "unproven"],
  ])("%s", (_, changes, count, outcome) => {
    expect(judged(firstOf(slow, count, changes)).outcome).toBe(outcome);
  });

  test("are no latency: neither fast ones nor slow ones move a percentile", () => {
    const value = (samples: readonly Sample[]): unknown =>
      judged(samples).evidence.find(({ what }) => what.endsWith(slow))?.value;
    expect(value(firstOf(slow, 7, { ...failed, durationMs: 60_000 }))).toBe(value(firstOf(slow, 7, failed)));
    expect(judged(firstOf(slow, 8, failed)).because).toBe(
      `0.5 % of 1500 requests to ${slow} failed, more than 0.5 %: the others do not tell its latency`,
    );
  });
});

describe("a load balancer that lets 10 Mbps through", () => {
  const plan = { ...examplePlan, balancerMbps: 10 };
  /** So many seconds of the plateau with so many Mbps, the others with one. */
  const received = (seconds: number, mbps: number): Partial<LoadRun> => ({
    plan,
    received: good.received.map(({ atMs }, index) => ({
      atMs,
      bytes: ((index >= 100 && index < 100 + seconds ? mbps : 1) * 1e6) / 8,
    })),
  });
  const slowSamples = firstOf(slow, 1500, { durationMs: 900 });

  test.each<readonly [string, Partial<LoadRun>, Outcome, RegExp]>([
    [
      "full for two seconds",
      received(2, 9.7),
      "unproven",
      /^the load balancer lets 10 Mbps through, and up to 9.7 were used in 2 of 180 seconds: that latency is not the application's$/,
    ],
    ["at 90 %", received(2, 9), "unproven", /up to 9 were used/],
    ["just below 90 %", received(180, 8.9), "fail", /p95 of 900 ms/],
    ["full for one second in 180", received(1, 10), "fail", /p95 of 900 ms/],
    [
      "and nobody counted",
      { plan, received: [] },
      "unproven",
      /how much the load balancer let through, of 10 Mbps, was not told for 180 s/,
    ],
    ["and bytes that are no number", received(180, Number.NaN), "unproven", /was not told for 141 s from 12:01:39/],
  ])("%s", (_, changes, outcome, because) => {
    expect(judged(slowSamples, p95, changes)).toMatchObject({ outcome, because: expect.stringMatching(because) });
  });

  test("is told of in a pass, and never blamed where no cap is known", () => {
    const facts = judged(good.samples, p95, received(0, 0)).evidence;
    expect(facts.find(({ what }) => what.startsWith("most that the load balancer"))).toMatchObject({
      value: 1,
      limit: "below 9 of 10 Mbps",
    });
    expect(judged(slowSamples, p95, { ...received(180, 100), plan: examplePlan }).outcome).toBe("fail");
  });
});

test("a run that proves nothing is neither fast nor slow", () => {
  for (const samples of [good.samples, firstOf(slow, 1500, { durationMs: 900 })]) {
    const verdict = judged(samples, p95, { told: { ...good.told, dropped: 3 } });
    expect(verdict).toMatchObject({ outcome: "unproven", because: expect.stringMatching(/dropped 3 arrivals/) });
    expect(verdict.evidence.some(({ what }) => what.includes("latency"))).toBe(false);
  }
  expect(judgeLatency(unread("k6 is not there", "k6", at), needs, p95)).toEqual({
    outcome: "unproven",
    because: "k6 is not there",
    evidence: [],
  });
});

test("a pass with fewer users says what the roadmap asks for", () => {
  const plan = { ...examplePlan, usersFirst: 10, usersPlateau: 250 };
  expect(judgeLatency(loadReading({ plan }), needs, p95)).toMatchObject({
    outcome: "pass",
    because: expect.stringMatching(
      /with 250 users at once and 25 requests a second, where the roadmap asks for 500 users$/,
    ),
  });
});

test("a pass names the users that were there, not those that were planned", () => {
  const users = good.users.map((one) => (isOnPlateau(one) ? { ...one, users: 480 } : one));
  expect(judgeLatency(loadReading({ users }), needs, p95)).toMatchObject({
    outcome: "pass",
    because: expect.stringMatching(
      /with 480 users at once and 50 requests a second, where the roadmap asks for 500 users$/,
    ),
  });
});
