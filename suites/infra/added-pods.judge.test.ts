import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { Workload } from "../../probes/kubernetes/workloads.ts";
import { addedSecondsMax, beingAdded } from "./added-pods.judge.ts";
import { ago, container, now, origins, pod } from "./pod-examples.ts";
import { graceSeconds, scalingSeconds } from "./replaced-pods.judge.ts";

type Changes = { readonly createdSecondsAgo?: number; readonly scaledSecondsAgo?: number; readonly pod?: Partial<Pod> };

/** A pod that is not ready yet, 20 s old, of a ReplicaSet that was scaled up 20 s ago. */
function readings({ createdSecondsAgo = 20, scaledSecondsAgo = 20, pod: changes = {} }: Changes = {}) {
  const scaling = { namespace: "health-platform", replicaSet: "api-1", times: [ago(scaledSecondsAgo)], added: 1 };
  const young = pod({ name: "api-1-b", createdAt: ago(createdSecondsAgo), ready: false, ...changes });
  return { ...origins(), pods: read([pod(), young], "pods", now), scalings: read([scaling], "events", now) };
}

function deployment(changes: Partial<Workload> = {}): Workload {
  return {
    kind: "Deployment",
    namespace: "health-platform",
    name: "api",
    uid: "d-1",
    changedAt: ago(5),
    containers: [],
    initContainers: [],
    wanted: 3,
    ready: 2,
    observed: true,
    ...changes,
  };
}

const is = ["pod health-platform/api-1-b"];

test.each<[string, Changes, readonly string[]]>([
  ["that an autoscaler has just added", {}, is],
  ["without a node yet", { pod: { phase: "Pending", reason: "Unschedulable" } }, is],
  [
    "whose containers are made",
    { pod: { phase: "Pending", containers: [container({ waiting: "PodInitializing" })] } },
    is,
  ],
  ["that is ready", { pod: { ready: true } }, []],
  ["as old as it may be", { createdSecondsAgo: addedSecondsMax, scaledSecondsAgo: addedSecondsMax }, is],
  ["older than that", { createdSecondsAgo: addedSecondsMax + 1, scaledSecondsAgo: addedSecondsMax + 1 }, []],
  ["that came just within the time after a scaling", { scaledSecondsAgo: 20 + scalingSeconds }, is],
  ["that came later than that: it replaced another", { scaledSecondsAgo: 21 + scalingSeconds }, []],
  ["that was started again", { pod: { containers: [container({ restarts: 1 })] } }, []],
  ["without its image", { pod: { phase: "Pending", containers: [container({ waiting: "ImagePullBackOff" })] } }, []],
  ["that ended badly", { pod: { containers: [container({ ended: "Error, exit code 1" })] } }, []],
  ["that is being deleted", { pod: { deletedAt: ago(0) } }, []],
  ["of no owner", { pod: { owner: undefined } }, []],
])("a pod %s", (_, changes, expected) => {
  expect(beingAdded(readings(changes), now)).toEqual(expected);
});

test.each([
  [graceSeconds, []],
  [graceSeconds + 1, is],
])("pods that came %i s after their revision", (seconds, expected) => {
  const since = ago(20 + seconds);
  const replicaSet = {
    namespace: "health-platform",
    name: "api-1",
    uid: "rs-1",
    since,
    changedAt: since,
    owner: undefined,
  };
  expect(beingAdded({ ...readings(), replicaSets: read([replicaSet], "replicasets", now) }, now)).toEqual(expected);
});

const asked = ["Deployment health-platform/api"];

test.each<[string, Partial<Workload>, readonly string[]]>([
  ["that was just asked for one more", {}, asked],
  ["that was asked as long ago as it may be", { changedAt: ago(scalingSeconds) }, asked],
  ["that was asked before that", { changedAt: ago(scalingSeconds + 1) }, []],
  ["that has what it wants", { ready: 3 }, []],
  ["of which nothing runs", { ready: 0 }, []],
  ["that is a StatefulSet", { kind: "StatefulSet" }, []],
])("a Deployment %s", (_, changes, expected) => {
  const workloads = read([deployment(changes)], "workloads", now);
  expect(beingAdded({ ...origins(), pods: read([pod()], "pods", now), workloads }, now)).toEqual(expected);
});

test.each(["pods", "workloads", "replicaSets", "scalings"] as const)("a look without its %s is final", (name) => {
  expect(beingAdded({ ...readings(), [name]: unread<never>("403", "the API server", now) }, now)).toEqual([]);
});
