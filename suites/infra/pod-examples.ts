/** Pods and their origins as the tests of the judges need them: good ones, changed where a row says so. */
import { read } from "../../harness/verdict.ts";
import type { Container, Pod } from "../../probes/kubernetes/pods.ts";
import type { Origins } from "./replaced-pods.judge.ts";

export const now = new Date("2026-11-22T12:00:00.000Z");

/** The ISO time so many seconds before now. */
export function ago(seconds: number): string {
  return new Date(now.getTime() - seconds * 1000).toISOString();
}

export function container(changes: Partial<Container> = {}): Container {
  return { name: "main", ready: true, restarts: 0, ...changes };
}

/** A pod of the ReplicaSet api-1, a day old. */
export function pod(changes: Partial<Pod> = {}): Pod {
  return {
    namespace: "health-platform",
    name: "api-1-a",
    createdAt: ago(86_400),
    node: "worker",
    phase: "Running",
    reason: "",
    ready: true,
    readyAt: ago(86_390),
    owner: { kind: "ReplicaSet", name: "api-1", uid: "rs-1" },
    revision: "",
    initContainers: [],
    containers: [container()],
    claims: [],
    ...changes,
  };
}

/** Nothing but the ReplicaSet api-1 and two nodes, all a day old. */
export function origins(changes: Partial<Origins> = {}): Origins {
  const day = ago(86_400);
  return {
    nodes: read(
      ["worker", "worker2"].map((name) => ({
        name,
        createdAt: day,
        cordoned: false,
        repels: [],
        conditions: [{ type: "Ready", status: "True", reason: "" }],
      })),
      "nodes",
      now,
    ),
    workloads: read([], "workloads", now),
    replicaSets: read(
      [{ namespace: "health-platform", name: "api-1", uid: "rs-1", since: day, changedAt: day, owner: undefined }],
      "replicasets",
      now,
    ),
    revisions: read([], "revisions", now),
    scalings: read([], "events", now),
    creations: read([], "events", now),
    ...changes,
  };
}
