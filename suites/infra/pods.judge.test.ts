import fc from "fast-check";
import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { Job } from "../../probes/kubernetes/owners.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { Workload } from "../../probes/kubernetes/workloads.ts";
import { ago, container, now, origins, pod } from "./pod-examples.ts";
import { overdueSecondsMax, taskStartSecondsMax } from "./pod-state.judge.ts";
import { judgePods, type Readings } from "./pods.judge.ts";

const limits = { namespaces: ["health-platform"], replacedWithinSeconds: 3600, platform: [] };
const refused = unread<never>("GET /apis: 403, the harness has no right", "the API server", now);
const jobOwner = { kind: "Job", name: "backup", uid: "job-1" };
const job = (complete: boolean): Job => ({ namespace: "health-platform", name: "backup", uid: "job-1", complete });

function leasesRenewed(secondsAgo: number): Readings["leases"] {
  return read(
    ["worker", "worker2"].map((node) => ({ node, renewedAt: ago(secondsAgo) })),
    "leases",
    now,
  );
}

function readingsOf(pods: readonly Pod[], changes: Partial<Readings> = {}): Readings {
  return {
    ...origins(),
    pods: read(pods, "/api/v1/pods", now),
    namespaces: read(["health-platform", "kube-system"], "namespaces", now),
    jobs: read([], "jobs", now),
    leases: leasesRenewed(10),
    ...changes,
  };
}

type Row = [string, Partial<Pod>, "pass" | "fail", RegExp];

test.each<Row>([
  ["running and ready", {}, "pass", /all 2 pods are running and ready, with 0 restarts/],
  ["restarted once", { containers: [container({ restarts: 1 })] }, "fail", /api-1-a container main restarted 1 times/],
  [
    "whose init container restarted",
    { initContainers: [container({ name: "init", restarts: 1 })] },
    "fail",
    /container init restarted/,
  ],
  [
    "out of memory before",
    { containers: [container({ restarts: 2, endedBefore: "OOMKilled, exit code 137" })] },
    "fail",
    /OOMKilled/,
  ],
  [
    "with an earlier end and no count",
    { containers: [container({ endedBefore: "Error, exit code 1" })] },
    "fail",
    /last end: Error/,
  ],
  ["not ready", { ready: false }, "fail", /api-1-a is not Ready/],
  [
    "pending without a node",
    { phase: "Pending", ready: false, reason: "Unschedulable" },
    "fail",
    /is Pending \(Unschedulable\)/,
  ],
  [
    "just being created",
    { phase: "Pending", ready: false, containers: [container({ waiting: "ContainerCreating" })] },
    "fail",
    /is Pending$/,
  ],
  [
    "without its image",
    { phase: "Pending", ready: false, containers: [container({ waiting: "ImagePullBackOff" })] },
    "fail",
    /ImagePullBackOff/,
  ],
  [
    "crashing",
    { ready: false, containers: [container({ ready: false, restarts: 4, waiting: "CrashLoopBackOff" })] },
    "fail",
    /CrashLoopBackOff, restarted 4 times/,
  ],
  ["evicted", { phase: "Failed", ready: false, reason: "Evicted" }, "fail", /is Failed \(Evicted\)/],
  ["unknown", { phase: "Unknown", ready: false, reason: "NodeLost" }, "fail", /is Unknown \(NodeLost\)/],
  ["ended though its owner wants it", { phase: "Succeeded", ready: false }, "fail", /is Succeeded/],
  [
    "with a finished init container",
    { initContainers: [container({ name: "init", ended: "Completed, exit code 0" })] },
    "pass",
    /all 2/,
  ],
  [
    "with a container that ended badly",
    { containers: [container({ ready: false, ended: "Error, exit code 3" })] },
    "fail",
    /ended \(Error, exit code 3\)/,
  ],
  ["about to end", { deletedAt: ago(overdueSecondsMax), ready: false }, "pass", /all 2/],
  [
    "stuck in its end",
    { deletedAt: ago(overdueSecondsMax + 1), ready: false },
    "fail",
    /stuck in Terminating for 61 s/,
  ],
  ["of another namespace and broken", { namespace: "elsewhere", phase: "Failed" }, "pass", /all 1 pods/],
])("a pod %s", (_, changes, outcome, because) => {
  const verdict = judgePods(readingsOf([pod(changes), pod({ name: "api-1-b" })]), limits, now);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

const failedTask: Partial<Pod> = { owner: jobOwner, phase: "Failed", ready: false };
const waitingTask: Partial<Pod> = { owner: jobOwner, phase: "Pending", ready: false };

test.each<[string, Partial<Pod>, Readings["jobs"], "pass" | "fail" | "unproven"]>([
  ["done", { owner: jobOwner, phase: "Succeeded", ready: false }, read([job(true)], "jobs", now), "pass"],
  [
    "done after restarts",
    { owner: jobOwner, phase: "Succeeded", ready: false, containers: [container({ restarts: 3 })] },
    read([], "jobs", now),
    "pass",
  ],
  ["failed, but its Job completed", failedTask, read([job(true)], "jobs", now), "pass"],
  ["failed, and its Job did not complete", failedTask, read([job(false)], "jobs", now), "fail"],
  ["failed, and its Job is gone", failedTask, read([], "jobs", now), "fail"],
  ["failed, and Jobs may not be read", failedTask, refused, "unproven"],
  ["about to begin", { ...waitingTask, createdAt: ago(taskStartSecondsMax) }, read([job(false)], "jobs", now), "pass"],
  [
    "too slow to begin",
    { ...waitingTask, createdAt: ago(taskStartSecondsMax + 1) },
    read([job(false)], "jobs", now),
    "fail",
  ],
  [
    "about to begin without its image",
    { ...waitingTask, createdAt: ago(1), containers: [container({ waiting: "ErrImagePull" })] },
    read([job(false)], "jobs", now),
    "fail",
  ],
  [
    "without an owner, ended well",
    { owner: undefined, phase: "Succeeded", ready: false },
    read([], "jobs", now),
    "pass",
  ],
  ["without an owner, ended badly", { owner: undefined, phase: "Failed", ready: false }, read([], "jobs", now), "fail"],
])("a task %s", (_, changes, jobs, outcome) => {
  expect(judgePods(readingsOf([pod(), pod({ name: "task", ...changes })], { jobs }), limits, now).outcome).toBe(
    outcome,
  );
});

function workload(changes: Partial<Workload>): Workload {
  const name = { kind: "Deployment", namespace: "health-platform", name: "api", uid: "d", changedAt: ago(86_400) };
  return { ...name, wanted: 2, ready: 2, observed: true, containers: [], initContainers: [], ...changes };
}

test.each<[string, Workload, "pass" | "fail" | "unproven", RegExp]>([
  ["with all its pods", workload({}), "pass", /all 1/],
  ["with one too few", workload({ ready: 1 }), "fail", /Deployment health-platform\/api has 1 of 2 pods ready/],
  ["that wants none", workload({ wanted: 0, ready: 0 }), "pass", /all 1/],
  ["that was never looked at", workload({ observed: false }), "unproven", /api has just changed/],
  ["of another namespace", workload({ namespace: "elsewhere", ready: 0 }), "pass", /all 1/],
])("a workload %s", (_, found, outcome, because) => {
  const readings = readingsOf([pod()], { workloads: read([found], "workloads", now) });
  expect(judgePods(readings, limits, now)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

const ofPlatform = { ...limits, namespaces: "all", platform: ["health-platform"] } as const;

test.each<[string, Workload, "pass" | "unproven", RegExp]>([
  ["with all its pods", workload({}), "pass", /all 1/],
  ["scaled away", workload({ wanted: 0, ready: 0 }), "unproven", /Deployment health-platform\/api wants no pod/],
  ["of others scaled away", workload({ namespace: "elsewhere", wanted: 0, ready: 0 }), "pass", /all 1/],
])("a workload of the platform %s", (_, found, outcome, because) => {
  const readings = readingsOf([pod()], { workloads: read([found], "workloads", now) });
  expect(judgePods(readings, ofPlatform, now)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each<[string, string[], string, "pass" | "fail" | "unproven", RegExp]>([
  ["holds a pod", ["health-platform"], "health-platform", "pass", /all 1/],
  ["holds none, though others do", ["health-platform", "other"], "other", "unproven", /health-platform holds no pod/],
  ["does not exist, though others do", ["other"], "other", "fail", /namespace health-platform does not exist/],
])("where all namespaces are looked at and the platform's %s", (_, existing, namespace, outcome, because) => {
  const readings = readingsOf([pod({ namespace })], { namespaces: read(existing, "namespaces", now) });
  expect(judgePods(readings, ofPlatform, now)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("the platform is looked at where the profile names other namespaces only", () => {
  const broken = pod({ name: "broken", ready: false });
  const readings = readingsOf([pod({ namespace: "kube-system" }), broken]);
  expect(judgePods(readings, { ...ofPlatform, namespaces: ["kube-system"] }, now).outcome).toBe("fail");
});

test("a namespace that does not exist fails by its name, one that is empty is unproven", () => {
  const wanted = (name: string) =>
    judgePods(readingsOf([pod()]), { ...limits, namespaces: ["health-platform", name] }, now);
  expect(wanted("helth")).toMatchObject({ outcome: "fail", because: "namespace helth does not exist" });
  expect(wanted("kube-system")).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/kube-system holds no pod/),
  });
  const nothing = judgePods(readingsOf([]), { ...limits, namespaces: "all" }, now);
  expect(nothing.outcome).toBe("unproven");
});

test("a running pod that does not report its containers is unproven", () => {
  expect(judgePods(readingsOf([pod({ containers: [] })]), limits, now)).toMatchObject({
    outcome: "unproven",
    because: "pod health-platform/api-1-a does not report its containers",
  });
});

test("with all namespaces every pod counts", () => {
  const broken = pod({ namespace: "elsewhere", phase: "Failed", ready: false });
  expect(judgePods(readingsOf([pod(), broken]), { ...limits, namespaces: "all" }, now).outcome).toBe("fail");
});

test("a replaced pod fails, and is counted", () => {
  const verdict = judgePods(readingsOf([pod(), pod({ name: "api-1-new", createdAt: ago(600) })]), limits, now);
  expect(verdict).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/api-1-new replaced another pod at/),
  });
  expect(verdict.evidence).toContainEqual(expect.objectContaining({ what: "replaced pods", value: 1, limit: "0" }));
});

test.each(["pods", "namespaces", "workloads", "jobs"] as const)("without %s it is unproven", (what) => {
  expect(judgePods(readingsOf([pod()], { [what]: refused }), limits, now).outcome).toBe("unproven");
});

test("a fault that was seen stays a fault where something else could not be read", () => {
  const readings = readingsOf([pod({ ready: false })], { namespaces: refused, workloads: refused, jobs: refused });
  expect(judgePods(readings, limits, now).outcome).toBe("fail");
});

test("no mixture with a pod that is not Running and Ready passes", () => {
  const phases = fc.constantFrom("Pending", "Running", "Succeeded", "Failed", "Unknown");
  const state = fc.record({ phase: phases, ready: fc.boolean(), restarts: fc.integer({ min: 0, max: 2 }) });
  fc.assert(
    fc.property(fc.array(state, { minLength: 1, maxLength: 6 }), (states) => {
      const pods = states.map(({ phase, ready, restarts }, index) =>
        pod({ name: `p${index}`, phase, ready, containers: [container({ restarts })] }),
      );
      const good = states.every(({ phase, ready, restarts }) => phase === "Running" && ready && restarts === 0);
      expect(judgePods(readingsOf(pods), limits, now).outcome).toBe(good ? "pass" : "fail");
    }),
  );
});

const readyNode = { createdAt: ago(86_400), cordoned: false, repels: [], conditions: [] };

test.each<[string, Partial<Readings>, "pass" | "unproven", RegExp]>([
  ["renewed its Lease 60 s ago", { leases: leasesRenewed(60) }, "pass", /all 2 pods/],
  [
    "renewed its Lease 61 s ago",
    { leases: leasesRenewed(61) },
    "unproven",
    /node worker has not renewed its Lease for 61 s/,
  ],
  ["renewed its Lease 10 s from now", { leases: leasesRenewed(-10) }, "pass", /all 2 pods/],
  [
    "renewed its Lease 11 s from now",
    { leases: leasesRenewed(-11) },
    "unproven",
    /worker renewed its Lease 11 s ahead/,
  ],
  ["has no Lease", { leases: read([], "leases", now) }, "unproven", /node worker has no Lease/],
  ["was deleted", { nodes: read([], "nodes", now) }, "unproven", /node worker does not exist/],
  [
    "is not Ready",
    { nodes: read([{ ...readyNode, name: "worker" }], "nodes", now) },
    "unproven",
    /worker is not Ready/,
  ],
  ["cannot be read", { nodes: refused }, "unproven", /403/],
  ["has a Lease that cannot be read", { leases: refused }, "unproven", /403/],
])("pods on a node that %s", (_, changes, outcome, because) => {
  const verdict = judgePods(readingsOf([pod(), pod({ name: "api-1-b" })], changes), limits, now);
  expect(verdict.outcome).toBe(outcome);
  expect(verdict.because).toMatch(because);
});
