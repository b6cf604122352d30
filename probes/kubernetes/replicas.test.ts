import { createServer } from "node:http";
import { expect, test } from "vitest";
import type { Reading } from "../../harness/verdict.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readReplicas, type Scale } from "./replicas.ts";

const metadata = { name: "api", namespace: "n", uid: "u", creationTimestamp: "2026-11-22T00:00:00Z" };
const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } };
const ofContainer = {
  type: "ContainerResource",
  containerResource: { name: "cpu", container: "main", target: { type: "Utilization", averageUtilization: 80 } },
};
const spec = {
  scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
  minReplicas: 2,
  maxReplicas: 4,
  metrics: [cpu, ofContainer, { type: "External", external: { metric: { name: "queue" }, target: {} } }],
};
const status = {
  currentReplicas: 2,
  desiredReplicas: 3,
  currentMetrics: [
    { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 95, averageValue: "95m" } } },
    {
      type: "ContainerResource",
      containerResource: { name: "cpu", container: "main", current: { averageUtilization: 40 } },
    },
  ],
};

type Served = {
  readonly autoscaler?: object;
  readonly target?: object;
  readonly targetStatus?: number;
  readonly count?: number;
};

async function look({
  autoscaler = { metadata, spec, status },
  target = { status: { readyReplicas: 2 } },
  targetStatus = 200,
  count = 1,
}: Served): Promise<Reading<readonly Scale[]>> {
  const server = createServer((request, response) => {
    const isTarget = request.url === "/apis/apps/v1/namespaces/n/deployments/api";
    response.writeHead(isTarget ? targetStatus : 200, { "content-type": "application/json" });
    response.end(
      JSON.stringify(isTarget ? target : { metadata: {}, items: Array.from({ length: count }, () => autoscaler) }),
    );
  });
  return listening(server, async (port) => withCluster(port, readReplicas));
}

test("what an autoscaler wants, has, and has ready, and how its rules stand", async () => {
  expect(await look({})).toMatchObject({
    ok: true,
    value: [
      {
        namespace: "n",
        name: "api",
        replicasMax: 4,
        desired: 3,
        current: 2,
        ready: 2,
        rules: [
          { name: "Resource cpu", targetPercent: 70, percent: 95 },
          { name: "ContainerResource main/cpu", targetPercent: 80, percent: 40 },
        ],
      },
    ],
  });
});

test("without metrics no rule has a value, and a target that says nothing of ready pods has none", async () => {
  const found = await look({
    autoscaler: { metadata, spec, status: { desiredReplicas: 0, currentMetrics: [{ type: "" }] } },
    target: { status: {} },
  });
  expect(found).toMatchObject({
    ok: true,
    value: [{ current: 0, desired: 0, ready: 0, rules: [{ percent: undefined }, { percent: undefined }] }],
  });
});

test("no autoscaler is an answer, and an empty one", async () => {
  expect(await look({ count: 0 })).toMatchObject({ ok: true, value: [] });
});

test.each<readonly [string, Served, RegExp]>([
  ["without a status", { autoscaler: { metadata, spec } }, /another shape/],
  [
    "without a maximum",
    { autoscaler: { metadata, spec: { ...spec, maxReplicas: undefined }, status } },
    /another shape/,
  ],
  [
    "whose target is away",
    { target: { message: "gone" }, targetStatus: 404 },
    /deployments\/api: 404, it does not exist: gone/,
  ],
  ["whose target has no status", { target: {} }, /another shape/],
  [
    "of something else",
    { autoscaler: { metadata, spec: { ...spec, scaleTargetRef: { kind: "Rollout", name: "api" } }, status } },
    /n\/api scales a Rollout/,
  ],
  ["among too many", { count: 51 }, /51 autoscalers, at most 50/],
])("an autoscaler %s makes no look", async (_, served, why) => {
  expect(await look(served)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});
