/** A load run as a file: what its pictures are drawn of. However long the run and however many its requests, it stays below some 100 kB. */
import type { LoadRun, Sample } from "../../probes/load/load-run.ts";
import { latencyByEndpoint } from "./latency.judge.ts";
import { rank, type Ranked } from "./percentile.judge.ts";
import { isWhole, meanOf, plateauOf, rounded } from "./plateau.judge.ts";

/** Its name in the run's evidence folder. */
export const loadEvidenceFile = "load-run.json";

const stepSecondsMin = 10;
const pointsMax = 300;
const endpointsMax = 40;
const reasonsMax = 20;
const clocksMax = 20;
const wordsMax = 300;

/** Edges of the histogram: ten to a decade, from 1 ms to 100 s. What lies outside is counted at the end that it is nearer to. */
const decades = 5;
const edgesInDecade = 10;
const edgesMs = Array.from({ length: decades * edgesInDecade + 1 }, (_, index) =>
  rounded(10 ** (index / edgesInDecade), 2),
);

/** What the run was held against, and what was found to speak against it (`validityOf`). */
export type LoadJudged = {
  readonly limits: { readonly p95Ms: number; readonly p99Ms: number; readonly failedPercent: number };
  readonly endpoints: readonly string[];
  readonly reasons: readonly string[];
};

export type LoadEvidence = ReturnType<typeof loadEvidence>;

/**
 * The run by endpoint (plateau only, as it was judged) and over time (all of it, in steps of 10 s or more), to be written as JSON.
 * A step without an answer has null where a percentile would stand: JSON has no NaN, and 0 ms would be a lie.
 */
export function loadEvidence(run: LoadRun, { limits, endpoints, reasons }: LoadJudged) {
  const { fromMs, untilMs } = plateauOf(run);
  const startedMs = Date.parse(run.startedAt);
  const found = latencyByEndpoint(run, endpoints).map(({ endpoint, asked, failed, answered }) => ({
    endpoint,
    asked,
    failed,
    ...percentilesOf(answered),
    largestMs: answered === undefined ? null : rounded(answered.largest, 2),
    counts: countsOf(answered),
  }));
  const slowestFirst = found.toSorted((one, other) => (other.p95Ms ?? -1) - (one.p95Ms ?? -1));
  return {
    schemaVersion: 1,
    source: run.source.slice(0, wordsMax),
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    plan: run.plan,
    exit: run.exit,
    ...(run.stopped === undefined ? {} : { stopped: run.stopped.slice(0, wordsMax) }),
    told: run.told,
    clocks: run.clocks.slice(0, clocksMax),
    reasons: reasons.slice(0, reasonsMax).map((reason) => reason.slice(0, wordsMax)),
    limits,
    plateau: { fromSeconds: sinceStart(fromMs - startedMs), untilSeconds: sinceStart(untilMs - startedMs) },
    edgesMs,
    endpoints: slowestFirst
      .slice(0, endpointsMax)
      .map((one) => ({ ...one, endpoint: one.endpoint.slice(0, wordsMax) })),
    series: seriesOf(run, slowestFirst[0]?.endpoint),
  };
}

function percentilesOf(ranked: Ranked | undefined) {
  const at = (percent: number): number | null => (ranked === undefined ? null : rounded(ranked.percentile(percent), 2));
  return { p50Ms: at(50), p95Ms: at(95), p99Ms: at(99) };
}

/** How many values lie in each bucket of the histogram. */
function countsOf(ranked: Ranked | undefined): number[] {
  const counts = Array.from({ length: edgesMs.length - 1 }, () => 0);
  for (const value of ranked?.sorted ?? []) {
    const bucket = Math.min(Math.max(Math.floor(Math.log10(value) * edgesInDecade), 0), counts.length - 1);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

/**
 * The whole run in at most 300 steps; none where its times cannot be read.
 * @param slowest the endpoint with the highest p95 on the plateau: among all others its own may not be seen
 */
function seriesOf(run: LoadRun, slowest: string | undefined) {
  const [startedMs, endedMs] = [Date.parse(run.startedAt), Date.parse(run.endedAt)];
  const seconds = (endedMs - startedMs) / 1000;
  if (!(seconds > 0)) return { stepSeconds: stepSecondsMin, points: [] };
  const stepSeconds = stepSecondsMin * Math.ceil(seconds / stepSecondsMin / pointsMax);
  const stepOf = ({ atMs }: { readonly atMs: number }): number => Math.floor((atMs - startedMs) / 1000 / stepSeconds);
  const samples = Map.groupBy(run.samples.filter(isWhole), stepOf);
  const users = Map.groupBy(run.users, stepOf);
  const machine = Map.groupBy(run.seconds, stepOf);
  const points = Array.from({ length: Math.ceil(seconds / stepSeconds) }, (_, step) => {
    const fromSeconds = step * stepSeconds;
    // The last step ends with the run: its rates are of the time that it has.
    const lasted = Math.min(stepSeconds, seconds - fromSeconds);
    return {
      fromSeconds,
      asked: rounded(rateByPlan(run, startedMs + (fromSeconds + lasted / 2) * 1000), 2),
      ...answersOf(samples.get(step) ?? [], lasted),
      slowestP95Ms: p95Of((samples.get(step) ?? []).filter(({ endpoint }) => endpoint === slowest)),
      users: mean((users.get(step) ?? []).map((one) => one.users)),
      idlePercent: mean((machine.get(step) ?? []).map(({ idlePercent }) => idlePercent)),
    };
  });
  return { stepSeconds, points };
}

/** Requests a second that ended in a step, those of them that failed, and the percentiles of the others. */
function answersOf(samples: readonly Sample[], seconds: number) {
  const answered = samples.filter(({ expected }) => expected).map(({ durationMs }) => durationMs);
  return {
    reached: rounded(samples.length / seconds, 2),
    failed: rounded((samples.length - answered.length) / seconds, 4),
    ...percentilesOf(answered.length === 0 ? undefined : rank(answered)),
  };
}

function p95Of(samples: readonly Sample[]): number | null {
  return answersOf(samples, 1).p95Ms;
}

/** Requests a second that the plan asks for at a time: users rise evenly on the ramp, and ask for nothing after the plateau. */
function rateByPlan(run: LoadRun, atMs: number): number {
  const { usersFirst, usersPlateau, rampSeconds, thinkSeconds } = run.plan;
  const { fromMs, untilMs } = plateauOf(run);
  const leftMs = fromMs - atMs;
  if (!(atMs < untilMs) || leftMs > rampSeconds * 1000) return 0;
  const ramped = Math.min(1 - leftMs / (rampSeconds * 1000), 1);
  return (usersFirst + (usersPlateau - usersFirst) * ramped) / thinkSeconds;
}

function mean(values: readonly number[]): number | null {
  return orNull(rounded(meanOf(values), 2));
}

function sinceStart(ms: number): number | null {
  return ms >= 0 ? orNull(ms / 1000) : null;
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
