import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFrom, type Reader } from "../../test/one-reply.ts";
import { readContainerRuns, type ContainerRun } from "./container-runs.ts";

const reader: Reader = async (cluster) => readContainerRuns(cluster, "health-platform");
const recorded = readFileSync(
  join(import.meta.dirname, "..", "..", "test", "recorded", "kubernetes", "pods.json"),
  "utf8",
);

const running = { running: { startedAt: "2026-11-22T05:00:00Z" } };
const killed = { terminated: { exitCode: 137, reason: "OOMKilled", finishedAt: "2026-11-22T04:59:58Z" } };
const pod = {
  metadata: {
    name: "api-7c9f-x",
    namespace: "health-platform",
    uid: "u",
    creationTimestamp: "2026-11-22T04:00:00Z",
    ownerReferences: [{ kind: "ReplicaSet", name: "health-api-7c9f", uid: "r", controller: true }],
  },
  spec: {
    nodeName: "worker",
    containers: [
      { name: "main", resources: { requests: { memory: "32Mi" }, limits: { cpu: "500m", memory: "64Mi" } } },
      { name: "bare" },
    ],
    initContainers: [{ name: "once" }, { name: "sidecar", restartPolicy: "Always" }],
  },
  status: {
    phase: "Running",
    containerStatuses: [{ name: "main", restartCount: 1, state: running, lastState: killed }],
    initContainerStatuses: [{ name: "sidecar", restartCount: 0, state: running, lastState: {} }],
  },
};
const list = (...items: readonly object[]): string => JSON.stringify({ metadata: {}, items });

async function runsOf(body: string): Promise<readonly ContainerRun[]> {
  let value: readonly ContainerRun[] = [];
  await readFrom(async (cluster) => {
    const found = await readContainerRuns(cluster, "health-platform");
    if (found.ok) ({ value } = found);
    return found;
  }, body);
  return value;
}

test("limits, starts and ends of the containers that go on running", async () => {
  const found = await runsOf(list(pod));
  expect(found.map(({ container }) => container)).toEqual(["main", "bare", "sidecar"]);
  expect(found[0]).toMatchObject({
    workload: "health-api",
    restarts: 1,
    startedAt: "2026-11-22T05:00:00Z",
    ends: [{ reason: "OOMKilled", at: "2026-11-22T04:59:58Z" }],
    memoryRequestBytes: 32 * 2 ** 20,
    memoryLimitBytes: 64 * 2 ** 20,
    cpuLimitCores: 0.5,
  });
  expect(found[1]).toMatchObject({
    restarts: 0,
    startedAt: undefined,
    memoryRequestBytes: undefined,
    memoryLimitBytes: undefined,
  });
});

test.each([
  ["StatefulSet", "kafka", "kafka"],
  ["DaemonSet", "node-exporter", "node-exporter"],
  ["ReplicaSet", "todo-backend-5d8", "todo-backend"],
])("a pod of a %s belongs to %s", async (kind, name, workload) => {
  const ownerReferences = [{ kind, name, uid: "r", controller: true }];
  const found = await runsOf(list({ ...pod, metadata: { ...pod.metadata, ownerReferences } }));
  expect(found[0]?.workload).toBe(workload);
});

test("the pods of a real cluster are read", async () => {
  const { found } = await readFrom(reader, recorded);
  expect(found).toMatchObject({ ok: true });
  const runs = await runsOf(recorded);
  expect(runs.length).toBeGreaterThan(0);
  expect(runs.every(({ startedAt, ends }) => startedAt !== undefined || ends.length > 0)).toBe(true);
});

test.each<readonly [string, string, number, RegExp]>([
  ["refused", list(pod), 403, /403/],
  ["without containers", list({ ...pod, spec: {} }), 200, /another shape/],
  [
    "with a limit that is none",
    list({ ...pod, spec: { containers: [{ name: "a", resources: { limits: { memory: "much" } } }] } }),
    200,
    /not a quantity/,
  ],
])("pods that are %s are no reading", async (_, body, status, why) => {
  expect((await readFrom(reader, body, status)).found).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});
