/** Which pods took the place of another: a restart that no restart counter shows. */
import type { Reading } from "../../harness/verdict.ts";
import type { Node } from "../../probes/kubernetes/nodes.ts";
import type { ControllerRevision, Creation, ReplicaSet, Scaling } from "../../probes/kubernetes/owners.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { Workload } from "../../probes/kubernetes/workloads.ts";

export type Origins = {
  readonly nodes: Reading<readonly Node[]>;
  readonly workloads: Reading<readonly Workload[]>;
  readonly replicaSets: Reading<readonly ReplicaSet[]>;
  readonly revisions: Reading<readonly ControllerRevision[]>;
  readonly scalings: Reading<readonly Scaling[]>;
  readonly creations: Reading<readonly Creation[]>;
};

/** A pod that came this long after its revision, or after the step before it in a roll-out, did not come with it. */
export const graceSeconds = 120;
/** A roll-out's next step follows the readiness of the step before; readiness gained later than this is a recovery, not a roll-out. */
export const stepSecondsMax = 600;
/** A change of the number of replicas and the pods that it makes lie this close together. */
export const scalingSeconds = 30;
/** How long the API server remembers events by default. */
export const eventsKeptSeconds = 3600;

/**
 * Finds the pods of ReplicaSets, StatefulSets and DaemonSets that are younger than the window and replaced another. Those that came
 * with their revision, with a roll-out's next step, with a scaling up or with a new node did not.
 * @param windowSeconds only pods younger than this are looked at
 * @returns the replacements, and a sentence for each of which it cannot be told
 */
export function replacedPods(
  pods: readonly Pod[],
  origins: Origins,
  windowSeconds: number,
  now: Date,
): { readonly replaced: readonly Pod[]; readonly gaps: readonly string[] } {
  const replaced: Pod[] = [];
  const gaps: string[] = [];
  const ageSeconds = (pod: Pod): number => (now.getTime() - Date.parse(pod.createdAt)) / 1000;
  for (const [name, siblings] of byRevision(pods)) {
    // Nothing to tell of a revision whose pods are all older than the window.
    if (siblings.every((pod) => ageSeconds(pod) >= windowSeconds)) continue;
    const origin = originOf(siblings[0], origins);
    if ("why" in origin) {
      gaps.push(`whether pods of ${name} were replaced cannot be told: ${origin.why}`);
      continue;
    }
    const young = unexplained(siblings, origin, origins).filter((pod) => ageSeconds(pod) < windowSeconds);
    for (const pod of young) {
      const newest = pod === young.at(-1);
      const counts = countsAround(pod, origins, now);
      // No more pods were made than were asked for.
      if (counts !== undefined && !("why" in counts) && counts.created === counts.added) continue;
      const doubt = doubtOf(pod, origin, origins, { newest, ageSeconds: ageSeconds(pod), counts });
      if (doubt === undefined) replaced.push(pod);
      else gaps.push(`whether pod ${pod.namespace}/${pod.name} was added or replaced another cannot be told: ${doubt}`);
    }
  }
  return { replaced, gaps: [...gaps, ...ofUnknownOwners(pods.filter((pod) => ageSeconds(pod) < windowSeconds))] };
}

const knownOwners = ["ReplicaSet", "StatefulSet", "DaemonSet"];
/** A Job makes its pods anew by design; those of a Node are static, and the kubelet counts their restarts. */
const harmlessOwners = ["Job", "Node"];

function ofUnknownOwners(pods: readonly Pod[]): string[] {
  return pods.flatMap(({ namespace, name, owner }) =>
    owner === undefined || [...knownOwners, ...harmlessOwners].includes(owner.kind)
      ? []
      : [
          `whether pod ${namespace}/${name} replaced another cannot be told: revisions of a ${owner.kind} are not known`,
        ],
  );
}

/** Pods of one owner and revision, oldest first. */
function byRevision(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods.toSorted((left, right) => Date.parse(left.createdAt) - Date.parse(right.createdAt))) {
    if (!knownOwners.includes(pod.owner?.kind ?? "")) continue;
    const revision = pod.revision === "" ? "" : ` (revision ${pod.revision})`;
    const name = `${pod.owner?.kind} ${pod.namespace}/${pod.owner?.name}${revision}`;
    const group = groups.get(name) ?? [];
    group.push(pod);
    groups.set(name, group);
  }
  return groups;
}

/** `since`: when the revision came to be; `changes`: times at which the number of its pods may have been raised. */
type Origin = { readonly since: string; readonly changes: readonly string[] };

function originOf(pod: Pod | undefined, origins: Origins): Origin | { readonly why: string } {
  const { workloads, replicaSets, revisions, scalings } = origins;
  const owner = pod?.owner;
  if (pod === undefined || owner === undefined) return { why: "they have no owner" };
  if (owner.kind === "ReplicaSet") {
    if (!replicaSets.ok) return { why: replicaSets.why };
    const found = replicaSets.value.find(({ uid }) => uid === owner.uid);
    if (found === undefined) return { why: "their ReplicaSet is gone" };
    const events = scalings.ok ? scalings.value : [];
    const ours = events.filter((event) => event.namespace === pod.namespace && event.replicaSet === owner.name);
    return { since: found.since, changes: [found.changedAt, ...ours.flatMap(({ times }) => times)] };
  }
  if (!revisions.ok) return { why: revisions.why };
  if (!workloads.ok) return { why: workloads.why };
  // A StatefulSet labels its pods with the revision's name, a DaemonSet with the hash at its end.
  const named = (name: string): boolean => name === pod.revision || name.endsWith(`-${pod.revision}`);
  const found = revisions.value.find((revision) => revision.owner?.uid === owner.uid && named(revision.name));
  if (found === undefined) return { why: "their revision is gone" };
  const set = workloads.value.find(({ uid }) => uid === owner.uid);
  return { since: found.since, changes: set === undefined ? [] : [set.changedAt] };
}

/** Walks a revision's pods in the order they came: each must follow the revision, the step before it, a scaling up or its own new node. */
function unexplained(siblings: readonly Pod[], origin: Origin, { nodes }: Origins): Pod[] {
  const found: Pod[] = [];
  const changes = origin.changes.map((time) => Date.parse(time));
  let until = Date.parse(origin.since);
  for (const pod of siblings) {
    const created = Date.parse(pod.createdAt);
    const joined = pod.owner?.kind === "DaemonSet" ? joinedAt(pod, nodes) : undefined;
    const inTime = created <= Math.max(until, joined ?? until) + graceSeconds * 1000;
    const scaled = changes.some((time) => Math.abs(created - time) <= scalingSeconds * 1000);
    if (!inTime && !scaled) {
      found.push(pod);
      continue;
    }
    const readyAt = pod.readyAt === undefined ? created : Date.parse(pod.readyAt);
    until = Math.max(until, Math.min(readyAt, created + stepSecondsMax * 1000));
  }
  return found;
}

function joinedAt(pod: Pod, nodes: Reading<readonly Node[]>): number | undefined {
  const node = nodes.ok ? nodes.value.find(({ name }) => name === pod.node) : undefined;
  return node === undefined ? undefined : Date.parse(node.createdAt);
}

/** Why it cannot be told whether a pod that came by itself replaced another; undefined where it did. */
function doubtOf(
  pod: Pod,
  origin: Origin,
  { nodes, scalings }: Origins,
  { newest, ageSeconds, counts }: { readonly newest: boolean; readonly ageSeconds: number; readonly counts: Counts },
): string | undefined {
  if (pod.owner?.kind === "DaemonSet" && !nodes.ok) return nodes.why;
  // The pod whose step it followed may be gone; then that one's replacement is newer than this one.
  if (pod.owner?.kind !== "ReplicaSet") return newest ? undefined : "a newer pod of its set replaced another";
  // Not scaled since before the pod came: no event that was forgotten could explain it.
  if (Date.parse(origin.changes[0] ?? "") < Date.parse(pod.createdAt)) return undefined;
  // A Deployment that was scaled more than once shows the earlier times in its events only.
  if (!scalings.ok) return scalings.why;
  if (ageSeconds >= eventsKeptSeconds) return "the API server has forgotten the events of that time";
  if (counts === undefined) return undefined;
  if ("why" in counts) return counts.why;
  return counts.created < counts.added ? "not all events of its ReplicaSet were kept" : undefined;
}

type Counts = { readonly added: number; readonly created: number } | { readonly why: string } | undefined;

/**
 * How many pods the pod's ReplicaSet was asked for and how many it made, while scalings of it went on around the pod: of equal events the API server keeps
 * the times of the first and the last alone. An event that comes again is kept anew, while those of the pods that it made are forgotten one by one: only
 * scalings that all lie within what is remembered can be held against them. Undefined where no scaling up was told before the pod and again after it.
 */
function countsAround(pod: Pod, { scalings, creations }: Origins, now: Date): Counts {
  if (pod.owner?.kind !== "ReplicaSet" || !scalings.ok) return undefined;
  const ofOwner = (event: Scaling | Creation): boolean =>
    event.namespace === pod.namespace && event.replicaSet === pod.owner?.name;
  const ups = scalings.value.filter(ofOwner);
  const times = ups.flatMap((up) => up.times).map((time) => Date.parse(time));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const created = Date.parse(pod.createdAt);
  if (created < first || created > last) return undefined;
  if (!creations.ok) return { why: creations.why };
  if (now.getTime() - first >= eventsKeptSeconds * 1000) {
    return { why: "its Deployment was scaled again and again since before what the API server remembers of the pods" };
  }
  const added = ups.reduce((sum, up) => sum + (up.added ?? Number.NaN), 0);
  if (Number.isNaN(added)) return { why: "its Deployment's events do not say how many pods were added" };
  const nearby = scalingSeconds * 1000;
  const made = creations.value
    .filter(ofOwner)
    .filter((event) => event.times.some((time) => isBetween(Date.parse(time), first - nearby, last + nearby)));
  return { added, created: made.reduce((sum, { count }) => sum + count, 0) };
}

function isBetween(value: number, from: number, to: number): boolean {
  return value >= from && value <= to;
}
