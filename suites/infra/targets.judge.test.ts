import { expect, test } from "vitest";
import { read, unproven, unread, type Outcome } from "../../harness/verdict.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { Target } from "../../probes/observability/targets.ts";
import { ago, container, now, origins, pod } from "./pod-examples.ts";
import { judgeTargetsUp, type TargetReadings } from "./targets.judge.ts";
import { isTooNew } from "./too-new.judge.ts";

const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);
const selector = "app.kubernetes.io/name=api";

function target(job: string, labels: Readonly<Record<string, string>>, changes: Partial<Target> = {}): Target {
  return { job, labels: { job, ...labels }, health: "up", lastError: "", scrapedAt: ago(10), ...changes };
}

const ofNodes = ["worker", "worker2"].flatMap((node) =>
  ["kubelet", "cadvisor", "resource"].map((job) => target(job, { node })),
);
const ofPod = { namespace: "health-platform", pod: "api-1-a" };

/** The good platform: an API server, two nodes, one pod, and a sidecar; the pod's target and the pod changed as a row says. */
function readings(ofTarget: Partial<Target> | undefined, ofThePod: Partial<Pod> = {}): TargetReadings {
  const withSidecar = pod({ name: "todo-1", namespace: "todo-chatbot", containers: [container({ name: "daprd" })] });
  const one = pod(ofThePod);
  return {
    targets: read(
      [
        target("apiserver", {}),
        ...ofNodes,
        target("dapr-sidecars", { namespace: "todo-chatbot", pod: "todo-1" }),
        ...(ofTarget === undefined ? [] : [target("pods", ofPod, ofTarget)]),
      ],
      "Prometheus",
      now,
    ),
    nodes: origins().nodes,
    workloads: [{ job: "pods", namespace: "health-platform", selector, pods: read([one], "pods", now) }],
    pods: read([one, withSidecar], "pods", now),
  };
}

test.each<readonly [string, Partial<Target> | undefined, Partial<Pod>, Outcome, RegExp]>([
  ["up", {}, {}, "pass", /^all 9 targets are up, the oldest scrape is 10 s old$/],
  ["two minutes old", { scrapedAt: ago(120) }, {}, "pass", /120 s old/],
  [
    "older",
    { scrapedAt: ago(121) },
    {},
    "fail",
    /^target pods of health-platform\/api-1-a was last scraped 121 s ago$/,
  ],
  ["down", { health: "down", lastError: "connection refused" }, {}, "fail", /api-1-a is down: connection refused$/],
  ["down, of a new pod", { health: "down" }, { readyAt: ago(59) }, "unproven", /too new to answer/],
  ["down, of a pod that had its time", { health: "down" }, { readyAt: ago(60) }, "fail", /is down/],
  ["missing", undefined, {}, "fail", /api-1-a is not known to Prometheus/],
  ["missing, of a new pod", undefined, { readyAt: ago(59) }, "unproven", /too new to be known/],
  ["missing, of a pod that is going", undefined, { deletedAt: ago(0) }, "fail", /nothing of health-platform runs that/],
  ["missing, of a pod that has ended", undefined, { phase: "Failed" }, "fail", /nothing of health-platform runs that/],
  ["unknown", { health: "unknown" }, {}, "unproven", /unknown health/],
  ["scraped in the future", { scrapedAt: ago(-61) }, {}, "unproven", /set the clocks/],
])("a pod's target that is %s", (_, ofTarget, ofThePod, outcome, because) => {
  expect(judgeTargetsUp(readings(ofTarget, ofThePod), now)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("a target that was never scraped is not yet proven", () => {
  const found = readings(undefined);
  const never: Target = { job: "pods", labels: ofPod, health: "up", lastError: "" };
  const targets = found.targets.ok ? read([...found.targets.value, never], "Prometheus", now) : found.targets;
  expect(judgeTargetsUp({ ...found, targets }, now)).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/never scraped/),
  });
});

test.each([
  ["apiserver", /target apiserver of the API server is not known/],
  ["cadvisor", /target cadvisor of node worker is not known/],
  ["dapr-sidecars", /target dapr-sidecars of todo-chatbot\/todo-1 is not known/],
])("without %s it fails", (job, because) => {
  const found = readings({});
  const targets = found.targets.ok
    ? read(
        found.targets.value.filter((one) => one.job !== job),
        "Prometheus",
        now,
      )
    : found.targets;
  expect(judgeTargetsUp({ ...found, targets }, now)).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(because),
  });
});

test("what cannot be read is unproven", () => {
  const found = readings({});
  expect(judgeTargetsUp({ ...found, targets: refused }, now).outcome).toBe("unproven");
  expect(judgeTargetsUp({ ...found, nodes: refused }, now).outcome).toBe("unproven");
  expect(judgeTargetsUp({ ...found, pods: refused }, now).outcome).toBe("unproven");
  expect(judgeTargetsUp({ ...found, nodes: read([], "nodes", now) }, now).because).toMatch(/no node was found/);
  const workloads = found.workloads.map((workload) => ({ ...workload, pods: refused }));
  expect(judgeTargetsUp({ ...found, workloads }, now)).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/403/),
  });
});

test.each<readonly [string, boolean]>([
  ["target pods of health-platform/api-1-a is too new to answer", true],
  ["target pods of health-platform/api-1-a is too new to be known yet", true],
  ["target pods of health-platform/api-1-a is too new to have been scraped", true],
  ["target pods of health-platform/api-1-a was never scraped yet", false],
])("only a gap of youth is looked at again: %s", (because, expected) => {
  expect(isTooNew(unproven(because))).toBe(expected);
});
