import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Autoscaler, ScaleTarget } from "../../probes/kubernetes/autoscalers.ts";
import { allowance202606 } from "../../probes/terraform/allowance.ts";
import { judgeAutoscalersReady, judgeAutoscalingBounded } from "./autoscalers.judge.ts";

const now = new Date("2026-11-22T05:00:00.000Z");
const gib = 2 ** 30;
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "x", now);
const condition = (type: string, status = "True", reason = "") => ({ type, status, reason });
const able = [condition("AbleToScale"), condition("ScalingActive", "True", "ValidMetricFound")];
const secondsAgo = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();

const autoscaler = (changes: Partial<Autoscaler> = {}): Autoscaler => ({
  namespace: "health-platform",
  name: "health-api",
  createdAt: secondsAgo(3600),
  target: { kind: "Deployment", name: "health-api" },
  replicasMax: 4,
  rules: ["Resource cpu"],
  measured: ["Resource cpu"],
  conditions: able,
  ...changes,
});
const target = (changes: Partial<ScaleTarget> = {}): ScaleTarget => ({
  kind: "Deployment",
  namespace: "health-platform",
  name: "health-api",
  amount: { cpu: 0.5, memory: 3 * gib },
  unknown: [],
  programs: [{ image: "apps:1", words: [] }],
  ...changes,
});
const readings = (autoscalers: readonly Autoscaler[], targets: readonly ScaleTarget[]) => ({
  autoscalers: read(autoscalers, "autoscalers", now),
  targets: read(targets, "targets", now),
});

test.each<readonly [string, Partial<Autoscaler>, Outcome, RegExp]>([
  ["ready", {}, "pass", /^1 autoscalers have their target/],
  [
    "no target",
    { target: { kind: "Deployment", name: "away" } },
    "fail",
    /^autoscaler health-platform\/health-api has no target: there is no Deployment away$/,
  ],
  [
    "a target of another kind",
    { target: { kind: "StatefulSet", name: "health-api" } },
    "fail",
    /there is no StatefulSet health-api/,
  ],
  ["a target in another namespace", { namespace: "elsewhere" }, "fail", /has no target/],
  ["no target, just made", { namespace: "elsewhere", createdAt: secondsAgo(1) }, "fail", /has no target/],
  [
    "a rule without a value",
    { rules: ["Resource cpu", "Resource memory"] },
    "fail",
    /has no value of Resource memory$/,
  ],
  [
    "a rule without a value, 121 s old",
    { measured: [], createdAt: secondsAgo(121) },
    "fail",
    /has no value of Resource cpu$/,
  ],
  ["a rule without a value, 120 s old", { measured: [], createdAt: secondsAgo(120) }, "unproven", /as yet$/],
  ["no rule", { rules: [] }, "fail", /has no rule/],
  [
    "not active",
    { conditions: [condition("AbleToScale"), condition("ScalingActive", "False", "FailedGetResourceMetric")] },
    "fail",
    /says ScalingActive False \(FailedGetResourceMetric\)$/,
  ],
  [
    "not able",
    { conditions: [condition("AbleToScale", "False", "FailedGetScale"), condition("ScalingActive")] },
    "fail",
    /AbleToScale False/,
  ],
  ["silent", { conditions: [] }, "fail", /does not say AbleToScale, does not say ScalingActive/],
])("ready: %s", (_, changes, outcome, because) => {
  const verdict = judgeAutoscalersReady(readings([autoscaler(changes)], [target()]), now);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each<readonly [string, readonly Autoscaler[], readonly ScaleTarget[], Outcome, RegExp]>([
  ["at the limit", [autoscaler()], [target()], "pass", /^1 autoscalers ask for 2 OCPU and 12 GB at their maximum$/],
  [
    "a pod too many",
    [autoscaler({ replicasMax: 5 })],
    [target()],
    "fail",
    /2.5 OCPU and 15 GB, of 2 and 12: health-platform\/health-api 5 pods, 2.5 OCPU, 15 GB/,
  ],
  [
    "memory alone too much",
    [autoscaler()],
    [target({ amount: { cpu: 0.1, memory: 3 * gib + 1 } })],
    "fail",
    /12.001 GB/,
  ],
  ["two together too much", [autoscaler(), autoscaler({ name: "b" })], [target()], "fail", /4 OCPU and 24 GB/],
  [
    "a target that asks for nothing",
    [autoscaler()],
    [target({ unknown: ["container a asks for no cpu"] })],
    "unproven",
    /health-api: container a asks for no cpu: its maximum has no size/,
  ],
  [
    "a target that asks for no number",
    [autoscaler()],
    [target({ amount: { cpu: Number.NaN, memory: gib } })],
    "unproven",
    /health-api: what its pods ask for is no quantity/,
  ],
  ["no target", [autoscaler()], [], "unproven", /has no target to take its pods' requests from/],
  ["none", [], [target()], "unproven", /no autoscaler was found/],
  ...(
    [
      ["nodes without a bound", [], "fail", /Deployment health-platform\/nodes adds nodes without a bound/],
      ["two nodes", ["--nodes=1:2:pool"], "pass", /1 autoscalers/],
      ["three nodes", ["--v=4", "--nodes=1:3:pool"], "fail", /may make 3 nodes, 2 are free at most/],
      ["two pools of two", ["--nodes=1:2:a", "--nodes=0:2:b"], "fail", /may make 4 nodes/],
    ] as const
  ).map(
    ([name, words, outcome, because]) =>
      [
        name,
        [autoscaler()],
        [
          target(),
          target({ name: "nodes", programs: [{ image: "registry/cluster-autoscaler:v1", words: [...words] }] }),
        ],
        outcome,
        because,
      ] as const,
  ),
])("bounded: %s", (_, autoscalers, targets, outcome, because) => {
  const verdict = judgeAutoscalingBounded(readings(autoscalers, targets), allowance202606);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("what cannot be read is unproven, and none is no pass", () => {
  const good = readings([autoscaler()], [target()]);
  for (const bent of [{ ...good, autoscalers: refused }, { ...good, targets: refused }, readings([], [])]) {
    expect(judgeAutoscalersReady(bent, now).outcome).toBe("unproven");
    expect(judgeAutoscalingBounded(bent, allowance202606).outcome).toBe("unproven");
  }
});
