/** A load run as the tests of its judges need it: a good one, changed where a row says so. */
import type { LoadPlan } from "../../environments/load-plan.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import type { LoadRun, Sample } from "../../probes/load/load-run.ts";

/** When the example's generator was started. */
export const startedMs = Date.parse("2026-11-22T12:00:00.000Z");

/** 50 requests a second: nine thousand on the plateau, 1,500 of each endpoint, since a p99 needs a thousand of each. */
export const examplePlan: LoadPlan = {
  usersFirst: 100,
  usersPlateau: 500,
  thinkSeconds: 10,
  rampSeconds: 60,
  plateauSeconds: 180,
  recoverySeconds: 60,
  generatorIdlePercentMin: 20,
};

export const exampleEndpoints = [
  "POST /api/v1/records",
  "GET /api/v1/records",
  "GET /api/v1/records/{id}",
  "POST /api/v1/tasks",
  "GET /api/v1/tasks",
  "PATCH /api/v1/tasks/{id}",
] as const;

/** When the example's plateau begins and ends, in milliseconds since 1970. */
export const plateauMs = { from: startedMs + 60_000, until: startedMs + 240_000 };

/**
 * A good run: 500 users and 50 requests a second on a plateau of 180 s, all answered as expected in 20 to 219 ms.
 * Nothing in it is random: the n-th request of a run always takes the same time.
 * @param changes fields of the run that differ
 */
export function loadRun(changes: Partial<LoadRun> = {}): LoadRun {
  const plan = changes.plan ?? examplePlan;
  const samples = exampleSamples(plan);
  const everySecond = Array.from({ length: 240 }, (_, second) => startedMs + second * 1000);
  return {
    plan,
    startedAt: iso(startedMs),
    plateauFrom: iso(plateauMs.from),
    plateauUntil: iso(plateauMs.until),
    endedAt: iso(plateauMs.until + 1_000),
    exit: { code: 0, signal: null },
    samples,
    users: everySecond.map((atMs) => ({ atMs, users: Math.round(usersAt(plan, atMs - startedMs)) })),
    received: everySecond.map((atMs) => ({ atMs, bytes: 100_000 })),
    seconds: everySecond.map((atMs) => ({ atMs, idlePercent: 55, generatorPercent: 12 })),
    told: { requests: samples.length, iterations: samples.length, dropped: 0, usersMax: plan.usersPlateau },
    clocks: [{ of: "the cluster", aheadMs: 40, tookMs: 12 }],
    source: "k6 against https://health.example",
    ...changes,
  };
}

/** The example as a reading, taken a second after the run. */
export function loadReading(changes: Partial<LoadRun> = {}): Reading<LoadRun> {
  return read(loadRun(changes), "k6 against https://health.example", new Date(plateauMs.until + 2_000));
}

/** The example's requests, each changed by what `change` returns of it; undefined leaves one as it is. */
export function changedSamples(
  change: (sample: Sample, index: number) => Partial<Sample> | undefined,
): readonly Sample[] {
  return exampleSamples(examplePlan).map((sample, index) => ({ ...sample, ...change(sample, index) }));
}

/** Whether something happened on the example's plateau. */
export function isOnPlateau({ atMs }: { readonly atMs: number }): boolean {
  return atMs >= plateauMs.from && atMs < plateauMs.until;
}

function exampleSamples(plan: LoadPlan): Sample[] {
  const plateauEveryMs = (plan.thinkSeconds * 1000) / plan.usersPlateau;
  const onPlateau = Math.floor((plateauMs.until - plateauMs.from) / plateauEveryMs);
  return [
    ...rampTimes(plan),
    ...Array.from({ length: onPlateau }, (_, index) => plateauMs.from + index * plateauEveryMs),
  ].map((atMs, index) => ({
    atMs,
    endpoint: exampleEndpoints[index % exampleEndpoints.length] ?? exampleEndpoints[0],
    // 7 has no divisor in common with 200: all durations come equally often.
    durationMs: 20 + ((index * 7) % 200),
    status: 200,
    expected: true,
  }));
}

function rampTimes(plan: LoadPlan): number[] {
  const times: number[] = [];
  let at = startedMs;
  while (at < plateauMs.from) {
    times.push(at);
    at += Math.round((plan.thinkSeconds * 1000) / usersAt(plan, at - startedMs));
  }
  return times;
}

function usersAt({ usersFirst, usersPlateau }: LoadPlan, afterMs: number): number {
  const ramped = Math.min(afterMs / (plateauMs.from - startedMs), 1);
  return usersFirst + (usersPlateau - usersFirst) * ramped;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
