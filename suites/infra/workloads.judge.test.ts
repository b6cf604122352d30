import fc from "fast-check";
import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { Workload, WorkloadContainer } from "../../probes/kubernetes/workloads.ts";
import { judgeProbes, judgeResources } from "./workloads.judge.ts";

const now = new Date("2026-11-22T01:00:00.000Z");
const amounts = ["cpu request", "memory request", "cpu limit", "memory limit"];
const refused = unread<never>("GET /apis/apps/v1/deployments: 403, the harness has no right", "the API server", now);
const namespaces = read(["health-platform", "oke-proof"], "namespaces", now);

function container(changes: Partial<WorkloadContainer> = {}): WorkloadContainer {
  return { name: "main", sidecar: false, readinessProbe: true, livenessProbe: true, declares: amounts, ...changes };
}

function workload(changes: Partial<Workload> = {}): Workload {
  const plain = {
    kind: "Deployment",
    namespace: "health-platform",
    name: "health-api",
    uid: "1",
    changedAt: "2026-11-21T00:00:00Z",
    wanted: 2,
    ready: 2,
    observed: true,
  };
  return { ...plain, containers: [container()], initContainers: [], ...changes };
}

const readingsOf = (...found: Workload[]) => ({ workloads: read(found, "/apis/apps/v1", now), namespaces });
const bare = { readinessProbe: false, livenessProbe: false, declares: [] };

test.each<[string, Partial<Workload>, "pass" | "fail", RegExp]>([
  ["with both probes", {}, "pass", /all 1 containers have a readiness and a liveness probe/],
  [
    "without readiness",
    { containers: [container({ readinessProbe: false })] },
    "fail",
    /health-api, container main has no readiness probe$/,
  ],
  ["without liveness", { containers: [container({ livenessProbe: false })] }, "fail", /has no liveness probe$/],
  ["without either", { containers: [container(bare)] }, "fail", /has no readiness probe, no liveness probe/],
  [
    "with one bad container of two",
    { containers: [container(), container({ name: "b", ...bare })] },
    "fail",
    /container b/,
  ],
  ["whose init container has none", { initContainers: [container({ name: "migrate", ...bare })] }, "pass", /all 1/],
  [
    "whose sidecar has none",
    { initContainers: [container({ name: "s", ...bare, sidecar: true })] },
    "fail",
    /container s/,
  ],
  ["without requests", { containers: [container({ declares: [] })] }, "pass", /all 1/],
])("probes: a workload %s", (_, changes, outcome, because) => {
  expect(judgeProbes(readingsOf(workload(changes)), ["health-platform"])).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test.each<[string, Partial<Workload>, "pass" | "fail", RegExp]>([
  ["with all four", {}, "pass", /all 1 containers request CPU and memory/],
  ...amounts.map((missing): [string, Partial<Workload>, "fail", RegExp] => [
    `without a ${missing}`,
    { containers: [container({ declares: amounts.filter((amount) => amount !== missing) })] },
    "fail",
    new RegExp(`container main has no ${missing}$`),
  ]),
  [
    "whose init container has none",
    { initContainers: [container({ name: "migrate", declares: [] })] },
    "fail",
    /migrate/,
  ],
  ["without probes", { containers: [container({ ...bare, declares: amounts })] }, "pass", /all 1/],
])("resources: a workload %s", (_, changes, outcome, because) => {
  expect(judgeResources(readingsOf(workload(changes)), ["health-platform"])).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

for (const judge of [judgeProbes, judgeResources]) {
  test(`${judge.name}: a bad workload of another namespace does not count`, () => {
    const other = workload({ namespace: "elsewhere", containers: [container(bare)] });
    expect(judge(readingsOf(workload(), other), ["health-platform"]).outcome).toBe("pass");
  });

  test(`${judge.name}: nothing to judge is no pass`, () => {
    expect(judge(readingsOf(), ["health-platform"])).toMatchObject({
      outcome: "unproven",
      because: expect.stringMatching(/health-platform holds no workload/),
    });
    expect(judge(readingsOf(workload()), ["health-platform", "oke-proof"]).outcome).toBe("unproven");
    expect(judge(readingsOf(workload()), []).outcome).not.toBe("fail");
  });

  test(`${judge.name}: a namespace that does not exist fails by its name`, () => {
    expect(judge(readingsOf(workload()), ["health-platform", "helth"])).toMatchObject({
      outcome: "fail",
      because: "namespace helth does not exist",
    });
  });

  test(`${judge.name}: what cannot be read is unproven, but a fault that was seen stays one`, () => {
    expect(judge({ workloads: refused, namespaces }, ["health-platform"]).outcome).toBe("unproven");
    const blind = { ...readingsOf(workload()), namespaces: refused };
    expect(judge(blind, ["health-platform"]).outcome).toBe("unproven");
    const bad = { ...readingsOf(workload({ containers: [container(bare)] })), namespaces: refused };
    expect(judge(bad, ["health-platform"]).outcome).toBe("fail");
  });
}

test("a hundred bad containers are counted, and fifty shown", () => {
  const containers = Array.from({ length: 100 }, (_, index) => container({ name: `c${index}`, ...bare }));
  const verdict = judgeProbes(readingsOf(workload({ containers })), ["health-platform"]);
  expect(verdict.evidence).toHaveLength(51);
  expect(verdict.evidence.at(-1)).toMatchObject({ value: 100, limit: "0 of 100" });
});

test("whatever the containers, only all probes pass", () => {
  const any = fc.record({ readinessProbe: fc.boolean(), livenessProbe: fc.boolean() });
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), (changes) => {
      const containers = changes.map((change) => container(change));
      const good = changes.every(({ readinessProbe, livenessProbe }) => readinessProbe && livenessProbe);
      const { outcome } = judgeProbes(readingsOf(workload({ containers })), ["health-platform"]);
      expect(outcome).toBe(good ? "pass" : "fail");
    }),
  );
});
