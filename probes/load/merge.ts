/** One load run out of several generators' that made one load together. Raw numbers are put together; nothing that was averaged ever is. */
import type { NonEmpty } from "../../harness/verdict.ts";
import type { LoadRun, Second, Told } from "./load-run.ts";

/** Generators that begin farther apart than this made no load of one shape. */
const beginsMsMax = 2000;

/**
 * All requests of all runs, as if one generator had made them. What says whether a run is valid is summed where it counts (arrivals dropped, users at once) and else the
 * worst of all: the earliest start, the shortest plateau, the least idle machine, the worst end. What one of them did not tell, the whole does not.
 * @param machines whether they shared a machine: then each takes its part of the same processors
 * @throws Error where the runs are not parts of one load
 */
export function mergeRuns(runs: NonEmpty<LoadRun>, machines: "shared" | "apart"): LoadRun {
  const [first, ...others] = runs;
  const plan = JSON.stringify(first.plan);
  if (others.some((run) => JSON.stringify(run.plan) !== plan))
    throw new Error("load runs of different plans cannot be put together");
  const users = usersOf(runs);
  const stopped = runs.flatMap((run) => (run.stopped === undefined ? [] : [run.stopped]));
  return {
    plan: first.plan,
    startedAt: earliest(runs.map((run) => run.startedAt)),
    plateauFrom: latest(runs.map((run) => run.plateauFrom)),
    plateauUntil: earliest(runs.map((run) => run.plateauUntil)),
    endedAt: latest(runs.map((run) => run.endedAt)),
    exit: runs.map((run) => run.exit).reduce(worseExit),
    ...(stopped.length === 0 ? {} : { stopped: [...new Set(stopped)].join("; ") }),
    samples: runs.flatMap((run) => run.samples).toSorted((one, other) => one.atMs - other.atMs),
    users,
    received: bySecond(runs.map((run) => run.received)).map(({ atMs, all }) => ({
      atMs,
      bytes: sumOf(all.map(({ bytes }) => bytes)),
    })),
    seconds: secondsOf(runs, machines),
    told: toldOf(runs, users),
    clocks: runs.flatMap((run) => run.clocks),
    gaps: gapsOf(runs),
    source: [...new Set(runs.map((run) => run.source))].join("; "),
  };
}

/** Users at once are those of all generators together; a second that one of them did not tell of is none, since the others' are not all there were. */
function usersOf(runs: NonEmpty<LoadRun>): LoadRun["users"] {
  return bySecond(runs.map((run) => lastOfSecond(run.users)))
    .filter(({ all }) => all.length === runs.length)
    .map(({ atMs, all }) => ({ atMs, users: sumOf(all.map(({ users }) => users)) }));
}

/** The least idle machine of each second; the generator's share is the sum on one machine, and the worst of several. */
function secondsOf(runs: NonEmpty<LoadRun>, machines: "shared" | "apart"): readonly Second[] {
  return bySecond(runs.map((run) => lastOfSecond(run.seconds)))
    .filter(({ all }) => all.length === runs.length)
    .map(({ atMs, all }) => {
      const generators = all.map(({ generatorPercent }) => generatorPercent);
      return {
        atMs,
        idlePercent: Math.min(...all.map(({ idlePercent }) => idlePercent)),
        generatorPercent: machines === "shared" ? sumOf(generators) : Math.max(...generators),
      };
    });
}

/** The most users at once is not the sum of each generator's most, which need not have been at once: it is the most of what they told together. */
function toldOf(runs: NonEmpty<LoadRun>, users: LoadRun["users"]): Told {
  const sum = (name: "requests" | "iterations" | "dropped"): number | undefined => {
    const all = runs.flatMap(({ told }) => told[name] ?? []);
    return all.length === runs.length ? sumOf(all) : undefined;
  };
  return {
    requests: sum("requests"),
    iterations: sum("iterations"),
    dropped: sum("dropped"),
    usersMax: runs.some(({ told }) => told.usersMax === undefined) ? undefined : mostUsers(users),
  };
}

function mostUsers(users: LoadRun["users"]): number | undefined {
  return users.reduce<number | undefined>((most, one) => Math.max(most ?? 0, one.users), undefined);
}

function gapsOf(runs: NonEmpty<LoadRun>): readonly string[] {
  const plateaus = runs.map((run) => Date.parse(run.plateauFrom)).toSorted((one, other) => one - other);
  const apartMs = (plateaus.at(-1) ?? 0) - (plateaus[0] ?? 0);
  const late = apartMs <= beginsMsMax ? [] : [`the generators began ${Math.round(apartMs / 100) / 10} s apart`];
  return [...late, ...runs.flatMap((run) => run.gaps ?? [])];
}

/** Ended by a signal, then any exit code but 0 (99, a crossed threshold, counts as better than the others), then 0. */
function worseExit(one: LoadRun["exit"], other: LoadRun["exit"]): LoadRun["exit"] {
  const badness = ({ code, signal }: LoadRun["exit"]): number =>
    signal !== null || code === null ? 3 : code === 0 ? 0 : code === 99 ? 1 : 2;
  return badness(other) > badness(one) ? other : one;
}

type Timed = { readonly atMs: number };

/** What happened in each second, of whichever run. */
function bySecond<T extends Timed>(
  lists: readonly (readonly T[])[],
): { readonly atMs: number; readonly all: readonly T[] }[] {
  const found = Map.groupBy(lists.flat(), ({ atMs }) => Math.floor(atMs / 1000) * 1000);
  return [...found].map(([atMs, all]) => ({ atMs, all })).toSorted((one, other) => one.atMs - other.atMs);
}

/** One of each second: two within it would count twice. */
function lastOfSecond<T extends Timed>(list: readonly T[]): readonly T[] {
  return [...new Map(list.map((one) => [Math.floor(one.atMs / 1000), one])).values()];
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** ISO times in UTC to the millisecond sort as texts do. */
function earliest(times: readonly string[]): string {
  return times.reduce((least, one) => (one < least ? one : least));
}

function latest(times: readonly string[]): string {
  return times.reduce((most, one) => (one > most ? one : most));
}
