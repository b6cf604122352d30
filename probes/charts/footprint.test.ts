import { expect, test } from "vitest";
import { footprintOf, type Footprint } from "./footprint.ts";
import { podRequest, podTemplate } from "./pod-request.ts";
import { parseManifests } from "./render.ts";

const now = new Date("2026-11-22T04:00:00.000Z");
const options = { nodes: 2, namespace: "here" };

function footprint(text: string): Footprint {
  const parsed = parseManifests(text, "a test", now);
  if (!parsed.ok) throw new Error(parsed.why);
  return footprintOf(parsed.value, options);
}

const asks = (cpu: string, memory: string) => ({ requests: { cpu, memory } });
const podText = `template: { spec: { containers: [{ name: main, resources: { requests: { cpu: 100m, memory: 64Mi } } }] } }`;
const workload = (kind: string, more = ""): string =>
  `{ apiVersion: apps/v1, kind: ${kind}, metadata: { name: a }, spec: { ${more} ${podText} } }`;

test.each<readonly [string, object, number, number]>([
  ["one container", { containers: [{ name: "a", resources: asks("100m", "1Mi") }] }, 0.1, 1],
  ["a number of cores", { containers: [{ name: "a", resources: { requests: { cpu: 1, memory: "1Mi" } } }] }, 1, 1],
  [
    "a limit stands for a request",
    { containers: [{ name: "a", resources: { limits: { cpu: "1", memory: "3Mi" } } }] },
    1,
    3,
  ],
  [
    "containers are added",
    {
      containers: [
        { name: "a", resources: asks("100m", "1Mi") },
        { name: "b", resources: asks("200m", "2Mi") },
      ],
    },
    0.3,
    3,
  ],
  [
    "a smaller init container counts for nothing, a larger one instead",
    {
      initContainers: [{ name: "i", resources: asks("50m", "9Mi") }],
      containers: [{ name: "a", resources: asks("100m", "1Mi") }],
    },
    0.1,
    9,
  ],
  [
    "a sidecar runs beside the containers and the init containers after it",
    {
      initContainers: [
        { name: "before", resources: asks("400m", "1Mi") },
        { name: "s", restartPolicy: "Always", resources: asks("50m", "2Mi") },
        { name: "after", resources: asks("500m", "1Mi") },
      ],
      containers: [{ name: "a", resources: asks("100m", "4Mi") }],
    },
    0.55,
    6,
  ],
  [
    "overhead comes on top",
    { overhead: { cpu: "10m" }, containers: [{ name: "a", resources: asks("100m", "1Mi") }] },
    0.11,
    1,
  ],
])("a pod: %s", (_, spec, cpu, mebibytes) => {
  const { amount, unknown } = podRequest(podTemplate.parse({ spec }));
  expect(amount.cpu).toBeCloseTo(cpu, 9);
  expect(amount.memory).toBe(mebibytes * 2 ** 20);
  expect(unknown).toEqual([]);
});

test("an overhead that is no quantity leaves no sum", () => {
  const spec = { overhead: { memory: "lots" }, containers: [{ name: "a", resources: asks("100m", "1Mi") }] };
  expect(podRequest(podTemplate.parse({ spec })).amount).toEqual({ cpu: 0.1, memory: Number.NaN });
});

test("a container that asks for nothing is named", () => {
  const spec = { containers: [{ name: "a", resources: { requests: { cpu: "1", memory: "lots" } } }] };
  expect(podRequest(podTemplate.parse({ spec })).unknown).toEqual(["container a asks for no memory"]);
});

test.each([
  [{ "dapr.io/enabled": "true" }, 0.2, 251],
  [
    { "dapr.io/enabled": true, "dapr.io/sidecar-cpu-request": "20m", "dapr.io/sidecar-memory-request": "64Mi" },
    0.12,
    65,
  ],
  [{ "dapr.io/enabled": "false" }, 0.1, 1],
])("a sidecar that Dapr injects counts: %j", (annotations, cpu, mebibytes) => {
  const spec = { containers: [{ name: "a", resources: asks("100m", "1Mi") }] };
  const { amount } = podRequest(podTemplate.parse({ metadata: { annotations }, spec }));
  expect(amount.cpu).toBeCloseTo(cpu, 9);
  expect(amount.memory).toBe(mebibytes * 2 ** 20);
});

const claims = `volumeClaimTemplates: [{ metadata: { name: d }, spec: { resources: { requests: { storage: 1Gi } } } }],`;

test.each<readonly [string, string, number, number, number]>([
  ["a Deployment", workload("Deployment", "replicas: 3,"), 3, 0, 0],
  ["a Deployment without a number", workload("Deployment"), 1, 0, 0],
  ["a Deployment of none", workload("Deployment", "replicas: 0,"), 0, 0, 0],
  ["a StatefulSet with a claim each", workload("StatefulSet", `replicas: 3, ${claims}`), 3, 3, 0],
  ["a DaemonSet", workload("DaemonSet"), 2, 0, 0],
  ["a Job", workload("Job", "parallelism: 2,"), 2, 0, 0],
  [
    "a CronJob",
    `{ apiVersion: batch/v1, kind: CronJob, metadata: { name: a }, spec: { jobTemplate: { spec: { ${podText} } } } }`,
    1,
    0,
    0,
  ],
  [
    "a claim",
    "{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: a }, spec: { resources: { requests: { storage: 60Gi } } } }",
    0,
    1,
    0,
  ],
  [
    "a load balancer",
    "{ apiVersion: v1, kind: Service, metadata: { name: a }, spec: { type: LoadBalancer } }",
    0,
    0,
    1,
  ],
  [
    "an EnvoyProxy, whose Service is a load balancer unless it says otherwise",
    "{ apiVersion: gateway.envoyproxy.io/v1alpha1, kind: EnvoyProxy, metadata: { name: a }, spec: { provider: { kubernetes: { envoyDeployment: { replicas: 2, container: { resources: { requests: { cpu: 100m, memory: 1Mi } } } } } } } }",
    2,
    0,
    1,
  ],
  [
    "as many pods as an autoscaler may make",
    `${workload("Deployment", "replicas: 1,")}\n---\n{ apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: { name: a }, spec: { scaleTargetRef: { kind: Deployment, name: a }, maxReplicas: 4 } }`,
    4,
    0,
    0,
  ],
])("%s", (_, text, pods, claimed, balancers) => {
  const { rows, gaps } = footprint(text);
  const sum = (of: (row: Footprint["rows"][number]) => number): number => rows.reduce((all, row) => all + of(row), 0);
  expect(gaps).toEqual([]);
  expect(sum((row) => row.pods)).toBe(pods);
  expect(sum((row) => row.claims.length)).toBe(claimed);
  expect(sum((row) => row.loadBalancers)).toBe(balancers);
});

test.each<readonly [string, string, RegExp]>([
  [
    "a kind that nobody knows",
    "{ apiVersion: example.com/v1, kind: Farm, metadata: { name: a } }",
    /^Farm here\/a: what .* makes is not known$/,
  ],
  [
    "a core kind that nobody knows",
    "{ apiVersion: v1, kind: ReplicationController, metadata: { name: a } }",
    /not known/,
  ],
  [
    "an autoscaler without a maximum",
    "{ apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: { name: a }, spec: {} }",
    /no maximum/,
  ],
  [
    "a workload without containers",
    "{ apiVersion: apps/v1, kind: Deployment, metadata: { name: a, namespace: b }, spec: {} }",
    /^Deployment b\/a: spec.template/,
  ],
  [
    "a container without requests",
    "{ apiVersion: apps/v1, kind: Deployment, metadata: { name: a }, spec: { template: { spec: { containers: [{ name: c }] } } } }",
    /container c asks for no cpu/,
  ],
])("%s is a gap", (_, text, gap) => {
  expect(footprint(text).gaps[0]).toMatch(gap);
});

test("a text that is no list of objects is no reading", () => {
  expect(parseManifests("a: [1", "x", now)).toMatchObject({ ok: false });
  expect(parseManifests("just words", "x", now)).toMatchObject({ ok: false });
  expect(parseManifests("---\n# nothing\n---\n", "x", now)).toMatchObject({ ok: true, value: [] });
});
