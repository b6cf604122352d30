/** Pods that are just being added to a workload that runs already: not there yet, and nothing wrong with them so far. */
import type { Reading } from "../../harness/verdict.ts";
import type { ReplicaSet, Scaling } from "../../probes/kubernetes/owners.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { Workload } from "../../probes/kubernetes/workloads.ts";
import { troublesOf } from "./pod-state.judge.ts";
import { graceSeconds, scalingSeconds } from "./replaced-pods.judge.ts";

/** How long an added pod may take until it is ready. After that it is judged as any other. */
export const addedSecondsMax = 120;

type Readings = {
  readonly pods: Reading<readonly Pod[]>;
  readonly workloads: Reading<readonly Workload[]>;
  readonly replicaSets: Reading<readonly ReplicaSet[]>;
  readonly scalings: Reading<readonly Scaling[]>;
};

/**
 * What a second look may show otherwise: pods that a scaling added to a revision that stood before it, no older than `addedSecondsMax`, and
 * Deployments that were asked for more pods so lately that the pods need not be there yet. The first pods of a revision, those of a roll-out, and a
 * pod with a restart or a bad end are not among them: a look decides at once about them.
 * @returns names as reports have them; empty where a look is final, and where what is needed to tell could not be read
 */
export function beingAdded({ pods, workloads, replicaSets, scalings }: Readings, now: Date): string[] {
  if (!pods.ok || !workloads.ok || !replicaSets.ok || !scalings.ok) return [];
  const secondsSince = (time: string): number => (now.getTime() - Date.parse(time)) / 1000;
  const added = pods.value.filter((pod) => {
    if (pod.ready || pod.deletedAt !== undefined || secondsSince(pod.createdAt) > addedSecondsMax) return false;
    // Nothing but not being there yet.
    if (troublesOf(pod).length > 0) return false;
    const owner = replicaSets.value.find(({ uid }) => uid === pod.owner?.uid);
    if (owner === undefined || secondsBetween(owner.since, pod.createdAt) <= graceSeconds) return false;
    const ours = scalings.value.filter((up) => up.namespace === pod.namespace && up.replicaSet === owner.name);
    const times = ours.flatMap((up) => up.times);
    return times.some((time) => Math.abs(secondsBetween(time, pod.createdAt)) <= scalingSeconds);
  });
  const asked = workloads.value.filter(
    ({ kind, ready, wanted, changedAt }) =>
      kind === "Deployment" && ready > 0 && ready < wanted && secondsSince(changedAt) <= scalingSeconds,
  );
  return [
    ...added.map(({ namespace, name }) => `pod ${namespace}/${name}`),
    ...asked.map(({ namespace, name }) => `Deployment ${namespace}/${name}`),
  ];
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
