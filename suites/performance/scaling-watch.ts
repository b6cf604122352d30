/** The record of a scaling: a look at all autoscalers every two seconds, and a request now and then while replicas are taken away. */
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { readReplicas, type Scale } from "../../probes/kubernetes/replicas.ts";
import { again, type WatchOptions } from "./again.ts";

/** `atMs` is when the answer was there: what it shows had happened by then. */
export type Look = { readonly atMs: number; readonly scales: Reading<readonly Scale[]> };

/** A request of the watch's own. `expected`: whether the answer was the right one. */
export type Asked = { readonly atMs: number; readonly expected: boolean };

const lookEveryMs = 2_000;
/** A controller comes by every 15 s. */
const calmLooks = 9;
const askEveryMs = 500;

/**
 * Looks until `done` says of the record that it is enough, until the time is up, or until the signal. To begin before the load does.
 * A look that could not be taken stands in the record with its reason.
 */
export async function watchScaling(
  cluster: Cluster,
  done: (looks: readonly Look[]) => boolean,
  options: WatchOptions,
): Promise<readonly Look[]> {
  const looks: Look[] = [];
  await again("autoscalers", lookEveryMs, options, async () => {
    const scales = await readReplicas(cluster);
    looks.push({ atMs: Date.now(), scales });
    return done(looks);
  });
  return looks;
}

/** Waits until the autoscalers have been calm in all looks of 16 s, or until the time is up: what they still did then stands in the record of the load. */
export async function untilCalm(
  cluster: Cluster,
  isCalm: (look: Look) => boolean,
  options: WatchOptions,
): Promise<void> {
  let calm = 0;
  await again("calm autoscalers", lookEveryMs, options, async () => {
    calm = isCalm({ atMs: Date.now(), scales: await readReplicas(cluster) }) ? calm + 1 : 0;
    return calm >= calmLooks;
  });
}

/**
 * Asks one thing twice a second, one request at a time, until the signal or the time is up: while the load's own generator has ended, this is what
 * shows whether taking replicas away drops requests.
 * @param ask resolves to whether the answer was the right one; what it throws is a wrong answer
 */
export async function keepAsking(ask: () => Promise<boolean>, options: WatchOptions): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  await again("requests", askEveryMs, options, async () => {
    const expected = await ask().catch(() => false);
    // A request that the end of the watch cut off is nobody's fault.
    if (!options.signal.aborted) asked.push({ atMs: Date.now(), expected });
    return false;
  });
  return asked;
}
