import { createServer } from "node:http";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readAutoscalers, readScaleTargets, type Autoscaler, type ScaleTarget } from "./autoscalers.ts";
import type { Reading } from "../../harness/verdict.ts";

const metadata = { name: "a", namespace: "n", uid: "u", creationTimestamp: "2026-11-22T00:00:00Z" };
const spec = {
  scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" },
  minReplicas: 1,
  maxReplicas: 3,
  metrics: [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
    { type: "ContainerResource", containerResource: { name: "memory", container: "main", target: {} } },
    { type: "External", external: { metric: { name: "queue" }, target: {} } },
  ],
};

async function served<T>(items: readonly object[], work: Parameters<typeof withCluster<T>>[1]): Promise<T> {
  const server = createServer((_request, response) => response.end(JSON.stringify({ metadata: {}, items })));
  return listening(server, async (port) => withCluster(port, work));
}

async function autoscalerWith(status: object): Promise<Autoscaler | undefined> {
  const reading: Reading<readonly Autoscaler[]> = await served([{ metadata, spec, status }], readAutoscalers);
  return reading.ok ? reading.value[0] : undefined;
}

test("rules and their values go by one name", async () => {
  const found = await autoscalerWith({
    currentMetrics: [
      { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 0, averageValue: "1m" } } },
      {
        type: "ContainerResource",
        containerResource: { name: "memory", container: "main", current: { averageValue: "5Mi" } },
      },
      { type: "External", external: { metric: { name: "queue" }, current: { value: "3" } } },
    ],
    conditions: [{ type: "AbleToScale", status: "True", reason: "ReadyForNewScale" }],
  });
  const rules = ["Resource cpu", "ContainerResource main/memory", "External queue"];
  expect(found).toMatchObject({ replicasMax: 3, target: { kind: "Deployment", name: "a" }, rules, measured: rules });
});

test.each([
  ["no status", {}],
  ["nothing measured", { currentMetrics: null, conditions: null }],
  ["an entry of no type", { currentMetrics: [{ type: "" }] }],
  ["an entry without a value", { currentMetrics: [{ type: "Resource", resource: { name: "cpu", current: {} } }] }],
])("%s: no rule has a value", async (_, status) => {
  expect(await autoscalerWith(status)).toMatchObject({ measured: [], conditions: [] });
});

test("an autoscaler without a maximum is no reading", async () => {
  const { maxReplicas: _, ...unbounded } = spec;
  expect(await served([{ metadata, spec: unbounded }], readAutoscalers)).toMatchObject({ ok: false });
});

test("what a target's pod asks for, and what it runs", async () => {
  const containers = [
    {
      name: "a",
      image: "x/cluster-autoscaler:v1",
      command: ["./run"],
      args: ["--nodes=1:2:p"],
      resources: { requests: { cpu: "50m" } },
    },
  ];
  const reading: Reading<readonly ScaleTarget[]> = await served(
    [{ metadata, spec: { template: { spec: { containers } } } }],
    readScaleTargets,
  );
  expect(reading.ok ? reading.value[0] : reading).toMatchObject({
    amount: { cpu: 0.05 },
    unknown: ["container a asks for no memory"],
    programs: [{ image: "x/cluster-autoscaler:v1", words: ["./run", "--nodes=1:2:p"] }],
  });
});
