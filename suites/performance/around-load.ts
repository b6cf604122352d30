/** What is watched beside a load run: from a look before it until its recovery is over. */
import type { Profile } from "../../environments/profile.ts";
import type { Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { readContainerRuns, type ContainerRun } from "../../probes/kubernetes/container-runs.ts";
import { readNodeMetrics, type NodeMetrics } from "../../probes/kubernetes/node-metrics.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import { paced } from "../../fixtures/load/load-progress.ts";
import { again, type WatchOptions } from "./again.ts";
import { isBack } from "./scaling.judge.ts";
import { keepAsking, watchScaling, type Asked, type Look } from "./scaling-watch.ts";

export type Watched = {
  /** By the harness's clock, ISO: the end of the recovery. */
  readonly watchedUntil: string;
  readonly containersBefore: Reading<readonly ContainerRun[]>;
  readonly containersAfter: Reading<readonly ContainerRun[]>;
  readonly witnesses: readonly Reading<readonly NodeMetrics[]>[];
  readonly looks: readonly Look[];
  readonly besides: readonly Asked[];
};

export type Watching = Pick<WatchOptions, "signal" | "clock"> & {
  readonly cluster: Cluster;
  readonly profile: Pick<Profile, "workloads" | "load">;
  /** Asks the platform one thing, and says whether the answer was right (steady-request.ts); after the load only. */
  readonly ask: () => Promise<boolean>;
  /** Told how the recovery goes, every ten seconds. */
  readonly say?: (line: string) => void;
};

const unheard = (): undefined => undefined;
/** metrics-server measures every 15 s. */
const witnessEveryMs = 15_000;
/** Beyond the recovery, where replicas are not back yet: an autoscaler hears of the end after half a minute, and then waits for what it is told to wait. */
const lateMs = 45_000;
/** The load itself has bounds of its own; this one only ends a watch whose load never does. */
const slackMs = 300_000;
const namespacesAtOnce = 4;

/**
 * Takes the first looks, runs the load, and goes on looking for `load.recoverySeconds` of the profile, and up to 45 s more where replicas are not back yet.
 * What cannot be read stands in the record as such. A load that was stopped has no recovery. What `run` throws is thrown again, with the watches ended.
 */
export async function aroundLoad(
  run: () => Promise<Reading<LoadRun>>,
  { cluster, profile, ask, signal, say = unheard, ...clock }: Watching,
): Promise<{ readonly load: Reading<LoadRun>; readonly watched: Watched }> {
  const { rampSeconds, plateauSeconds, recoverySeconds } = profile.load;
  const timeoutMs = (rampSeconds + plateauSeconds + recoverySeconds) * 1000 + slackMs;
  const end = new AbortController();
  const options = { timeoutMs, signal: AbortSignal.any([signal, end.signal]), ...clock };
  const containersBefore = await readContainers(cluster, profile);
  const looked = Promise.withResolvers<void>();
  let [startedMs, endedMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const tell = paced(say);
  const isEnough = (looks: readonly Look[]): boolean => {
    looked.resolve();
    const since = ((looks.at(-1)?.atMs ?? 0) - endedMs) / 1000;
    if (since >= 0) tell(() => `load over: its recovery is watched, ${Math.round(since)} s of ${recoverySeconds} s`);
    const over = (looks.at(-1)?.atMs ?? 0) - endedMs - recoverySeconds * 1000;
    return over >= lateMs || (over >= 0 && isBack(looks, { startedMs, endedMs }));
  };
  const scaling = watchScaling(cluster, isEnough, options);
  const nodes = watchNodes(cluster, options);
  try {
    await looked.promise;
    startedMs = Date.now();
    const load = await run();
    endedMs = Date.now();
    // Nothing is learned from the recovery of a load that was none.
    if (!load.ok || load.value.stopped !== undefined) end.abort();
    const asking = keepAsking(ask, options);
    const looks = await scaling;
    const watchedUntil = new Date().toISOString();
    end.abort();
    const [witnesses, besides] = await Promise.all([nodes, asking]);
    const containersAfter = await readContainers(cluster, profile);
    return { load, watched: { watchedUntil, containersBefore, containersAfter, witnesses, looks, besides } };
  } finally {
    end.abort();
    await Promise.all([scaling, nodes]);
  }
}

async function watchNodes(
  cluster: Cluster,
  options: WatchOptions,
): Promise<readonly Reading<readonly NodeMetrics[]>[]> {
  const seen: Reading<readonly NodeMetrics[]>[] = [];
  await again("metrics of nodes", witnessEveryMs, options, async () => {
    seen.push(await readNodeMetrics(cluster));
    return false;
  });
  return seen;
}

/** Of all namespaces of the platform, or the reason why one of them could not be read. */
async function readContainers(
  cluster: Cluster,
  { workloads }: Pick<Profile, "workloads">,
): Promise<Reading<readonly ContainerRun[]>> {
  const readings = await fewAtATime(workloads.namespaces, namespacesAtOnce, async (namespace) =>
    readContainerRuns(cluster, namespace),
  );
  const all: ContainerRun[] = [];
  for (const reading of readings) {
    if (!reading.ok) return reading;
    all.push(...reading.value);
  }
  return {
    ok: true,
    value: all,
    source: `${cluster.server}/api/v1/pods`,
    at: readings[0]?.at ?? new Date().toISOString(),
  };
}
