/** What pods are made from: needed to tell a pod that replaced another from one that came with its revision. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { changedAt, condition, controllerOf, metadata, timestamp } from "./shapes.ts";

const replicaSet = z.object({ metadata }).transform(({ metadata: found }) => ({
  namespace: found.namespace,
  name: found.name,
  uid: found.uid,
  since: found.creationTimestamp,
  changedAt: changedAt(found),
  owner: controllerOf(found),
}));

/** `since` is when the revision it stands for came to be, `changedAt` when it was last scaled; `owner` is its Deployment. */
export type ReplicaSet = Readonly<z.output<typeof replicaSet>>;

const controllerRevision = z.object({ metadata }).transform(({ metadata: found }) => ({
  namespace: found.namespace,
  name: found.name,
  owner: controllerOf(found),
  // A roll-back takes an old revision up again: its last change, not its creation, is when pods were made anew.
  since: changedAt(found),
}));

/** A revision of a StatefulSet or DaemonSet, and when it was last taken up. */
export type ControllerRevision = Readonly<z.output<typeof controllerRevision>>;

const job = z
  .object({ metadata, status: z.object({ conditions: z.array(condition).optional() }) })
  .transform(({ metadata: found, status }) => ({
    namespace: found.namespace,
    name: found.name,
    uid: found.uid,
    complete: (status.conditions ?? []).some(({ type, status: state }) => type === "Complete" && state === "True"),
  }));

export type Job = Readonly<z.output<typeof job>>;

const event = z
  .object({
    metadata: z.object({ namespace: z.string().min(1) }),
    involvedObject: z.object({ kind: z.string(), name: z.string().min(1) }),
    message: z.string(),
    count: z.int().min(1).nullish(),
    firstTimestamp: timestamp.nullish(),
    lastTimestamp: timestamp.nullish(),
    eventTime: timestamp.nullish(),
  })
  .transform(({ metadata: { namespace }, involvedObject, message, count, ...found }) => ({
    namespace,
    involvedObject,
    message,
    /** The API server keeps one event for equal ones, with the times of the first and the last. */
    count: count ?? 1,
    times: [found.firstTimestamp, found.lastTimestamp, found.eventTime].flatMap((time) => time ?? []),
  }));

const scaling = event.transform(({ namespace, message, count, times }) => {
  const [, scaled = "", from, to] = /^Scaled up replica set (\S+)(?: from (\d+) to (\d+))?/.exec(message) ?? [];
  return {
    namespace,
    /** The replica set that was scaled up; empty where the event is about something else. */
    replicaSet: scaled,
    times,
    /** How many pods were asked for in all; undefined where the event does not say it. */
    added: from === undefined || to === undefined ? undefined : count * (Number(to) - Number(from)),
  };
});

/** Times at which a Deployment scaled a ReplicaSet up. The API server forgets events after an hour. */
export type Scaling = Readonly<z.output<typeof scaling>>;

const creation = event.transform(({ namespace, involvedObject, count, times }) => ({
  namespace,
  /** Empty where it was not a ReplicaSet that made pods. */
  replicaSet: involvedObject.kind === "ReplicaSet" ? involvedObject.name : "",
  times,
  count,
}));

/** Pods that a ReplicaSet made. */
export type Creation = Readonly<z.output<typeof creation>>;

/** All ReplicaSets. */
export async function readReplicaSets(cluster: Cluster): Promise<Reading<readonly ReplicaSet[]>> {
  return cluster.list("/apis/apps/v1/replicasets", replicaSet);
}

/** All revisions of StatefulSets and DaemonSets. */
export async function readControllerRevisions(cluster: Cluster): Promise<Reading<readonly ControllerRevision[]>> {
  return cluster.list("/apis/apps/v1/controllerrevisions", controllerRevision);
}

/** All Jobs. */
export async function readJobs(cluster: Cluster): Promise<Reading<readonly Job[]>> {
  return cluster.list("/apis/batch/v1/jobs", job);
}

/** The scaling events of Deployments that the API server still remembers. */
export async function readScalings(cluster: Cluster): Promise<Reading<readonly Scaling[]>> {
  return cluster.list("/api/v1/events?fieldSelector=reason%3DScalingReplicaSet", scaling);
}

/** The pods that controllers made, by the events that the API server still remembers. */
export async function readCreations(cluster: Cluster): Promise<Reading<readonly Creation[]>> {
  return cluster.list("/api/v1/events?fieldSelector=reason%3DSuccessfulCreate", creation);
}
