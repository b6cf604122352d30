/** Which pods took the place of another: a restart that no restart counter shows. */
import type { Reading } from "../../harness/verdict.ts";
import type { Node } from "../../probes/kubernetes/nodes.ts";
import type { ControllerRevision, ReplicaSet, Scaling } from "../../probes/kubernetes/owners.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { Workload } from "../../probes/kubernetes/workloads.ts";

export type Origins = {
  readonly nodes: Reading<readonly Node[]>;
  readonly replicaSets: Reading<readonly ReplicaSet[]>;
  readonly revisions: Reading<readonly ControllerRevision[]>;
  readonly scalings: Reading<readonly Scaling[]>;
  readonly workloads: Reading<readonly Workload[]>;
};

/** A pod that came this long after its revision, or after the one before it in a roll-out, did not come with it. */
const graceSeconds = 120;
/** A roll-out's next step follows the readiness of the step before; readiness gained later than this is a recovery, not a roll-out. */
const stepSecondsMax = 600;
/** How long the API server remembers events by default. */
const eventsKeptSeconds = 3600;
/** An event of scaling up and the pods that it makes lie this close together. */
const scalingSeconds = 30;

/**
 * Sorts the pods of ReplicaSets, StatefulSets and DaemonSets that are younger than the window: those that came with their revision,
 * with a roll-out's next step, with a new node or with a scaling up are explained; the others replaced a pod.
 * @param windowSeconds younger pods than this are looked at
 * @returns the replacements, and a sentence for each pod of which it cannot be told
 */
export function replacedPods(
  pods: readonly Pod[],
  origins: Origins,
  windowSeconds: number,
  now: Date,
): { readonly replaced: readonly Pod[]; readonly gaps: readonly string[] } {
  const replaced: Pod[] = [];
  const gaps: string[] = [];
  for (const [key, siblings] of byRevision(pods)) {
    // Nothing to tell of a revision whose pods are all older than the window.
    if (!siblings.some((pod) => secondsBetween(pod.createdAt, now.toISOString()) < windowSeconds)) continue;
    const since = revisionTime(siblings[0], origins);
    if (typeof since !== "string") {
      gaps.push(`whether a pod of ${key} was replaced cannot be told: ${since.why}`);
      continue;
    }
    for (const pod of unexplained(siblings, since, origins)) {
      const ageSeconds = secondsBetween(pod.createdAt, now.toISOString());
      if (ageSeconds >= windowSeconds) continue;
      const addition = additionOf(pod, origins, ageSeconds);
      const name = `${pod.namespace}/${pod.name}`;
      if (addition === "replaced") replaced.push(pod);
      else if (addition !== "added")
        gaps.push(`whether pod ${name} was added or replaced another cannot be told: ${addition.why}`);
    }
  }
  return { replaced, gaps: [...gaps, ...unknownOwners(pods, windowSeconds, now)] };
}

const kinds = new Set(["ReplicaSet", "StatefulSet", "DaemonSet"]);
/** A Job makes its pods anew by design, and a Node's are static: the kubelet counts their restarts. */
const harmlessKinds = new Set(["Job", "Node"]);

function unknownOwners(pods: readonly Pod[], windowSeconds: number, now: Date): string[] {
  return pods
    .filter(({ owner }) => owner !== undefined && !kinds.has(owner.kind) && !harmlessKinds.has(owner.kind))
    .filter(({ createdAt }) => secondsBetween(createdAt, now.toISOString()) < windowSeconds)
    .map(
      ({ namespace, name, owner }) =>
        `whether pod ${namespace}/${name} replaced another cannot be told: the revisions of a ${owner?.kind ?? ""} are not known`,
    );
}

/** Pods of one owner and revision, oldest first. */
function byRevision(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods.toSorted((left, right) => Date.parse(left.createdAt) - Date.parse(right.createdAt))) {
    if (pod.owner === undefined || !kinds.has(pod.owner.kind)) continue;
    const revision = pod.revision === "" ? "" : ` revision ${pod.revision}`;
    const key = `${pod.owner.kind} ${pod.namespace}/${pod.owner.name}${revision}`;
    groups.set(key, [...(groups.get(key) ?? []), pod]);
  }
  return groups;
}

/** When the revision that a pod was made from came to be. */
function revisionTime(pod: Pod | undefined, { replicaSets, revisions }: Origins): string | { readonly why: string } {
  const owner = pod?.owner;
  if (pod === undefined || owner === undefined) return { why: "it has no owner" };
  if (owner.kind === "ReplicaSet") {
    if (!replicaSets.ok) return replicaSets;
    return replicaSets.value.find(({ uid }) => uid === owner.uid)?.since ?? { why: "its ReplicaSet is gone" };
  }
  if (!revisions.ok) return revisions;
  // A StatefulSet labels its pods with the revision's name, a DaemonSet with the hash at its end.
  const found = revisions.value.find(
    (revision) =>
      revision.owner?.uid === owner.uid &&
      (revision.name === pod.revision || revision.name.endsWith(`-${pod.revision}`)),
  );
  return found?.since ?? { why: `its revision '${pod.revision}' is gone` };
}

/** Walks a revision's pods in the order they came: each must follow the revision, the step before it, or its own new node. */
function unexplained(siblings: readonly Pod[], since: string, { nodes }: Origins): Pod[] {
  const found: Pod[] = [];
  let until = Date.parse(since);
  for (const pod of siblings) {
    const created = Date.parse(pod.createdAt);
    const node = nodes.ok ? nodes.value.find(({ name }) => name === pod.node) : undefined;
    const joined = pod.owner?.kind === "DaemonSet" && node !== undefined ? Date.parse(node.createdAt) : until;
    if (created > Math.max(until, joined) + graceSeconds * 1000) {
      found.push(pod);
      continue;
    }
    const readyAt = pod.readyAt === undefined ? created : Date.parse(pod.readyAt);
    until = Math.max(until, Math.min(readyAt, created + stepSecondsMax * 1000));
  }
  return found;
}

type Addition = "added" | "replaced" | { readonly why: string };

/** Whether a pod that came by itself was added by a change of its owner, or took the place of another. */
function additionOf(pod: Pod, origins: Origins, ageSeconds: number): Addition {
  if (pod.owner?.kind === "ReplicaSet") return additionOfReplicaSet(pod, origins, ageSeconds);
  if (pod.owner?.kind === "DaemonSet") return origins.nodes.ok ? "replaced" : origins.nodes;
  if (!origins.workloads.ok) return origins.workloads;
  const set = origins.workloads.value.find(({ uid }) => uid === pod.owner?.uid);
  return set !== undefined && isNear(set.changedAt, pod, graceSeconds) ? "added" : "replaced";
}

/** A Deployment says when it scales a ReplicaSet up; the ReplicaSet itself says when it was last scaled, for ever. */
function additionOfReplicaSet(pod: Pod, { replicaSets, scalings }: Origins, ageSeconds: number): Addition {
  if (!replicaSets.ok) return replicaSets;
  const changedAt = replicaSets.value.find(({ uid }) => uid === pod.owner?.uid)?.changedAt ?? "";
  if (isNear(changedAt, pod, scalingSeconds)) return "added";
  // Not scaled since before the pod came: no scaling made it, whatever the events say.
  if (secondsBetween(changedAt, pod.createdAt) > scalingSeconds) return "replaced";
  if (!scalings.ok) return scalings;
  const scaled = scalings.value.some(
    ({ namespace, replicaSet, times }) =>
      namespace === pod.namespace &&
      replicaSet === pod.owner?.name &&
      times.some((time) => isNear(time, pod, scalingSeconds)),
  );
  if (scaled) return "added";
  return ageSeconds < eventsKeptSeconds ? "replaced" : { why: "the API server has forgotten the events of that time" };
}

function isNear(time: string, pod: Pod, seconds: number): boolean {
  return Math.abs(secondsBetween(time, pod.createdAt)) <= seconds;
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
