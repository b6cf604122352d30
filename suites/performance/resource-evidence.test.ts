import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { Scale } from "../../probes/kubernetes/replicas.ts";
import { startedMs } from "./load-examples.ts";
import { resourceEvidence } from "./resource-evidence.ts";
import { exampleNodes, lookedAt, nodeUse, without } from "./resource-examples.ts";
import type { Look } from "./scaling-watch.ts";

const roadmap = { from: 50, to: 70 };
const bands = {
  cpu: { roadmap, judged: roadmap },
  memory: { roadmap: { from: 60, to: 75 }, judged: { from: 2, to: 25 } },
};
const look = (seconds: number, ready: number, desired: number): Look => {
  const scale: Scale = {
    namespace: "n",
    name: "api",
    target: { kind: "Deployment", name: "api" },
    replicasMax: 4,
    desired,
    current: ready,
    ready,
    rules: [],
  };
  return { atMs: startedMs + seconds * 1000, scales: read([scale], "x", lookedAt) };
};

test("shares of each node by seconds since the load began", () => {
  const found = resourceEvidence(nodeUse({ worker: { cpuPercent: 80, memoryPercent: 90 } }), bands, []);
  expect(found).toMatchObject({
    schemaVersion: 1,
    plateau: { fromSeconds: 60, untilSeconds: 240 },
    endedSeconds: 241,
    bands,
    reasons: [],
  });
  expect(found.nodes.map(({ node }) => node)).toEqual([...exampleNodes]);
  const [worker] = found.nodes;
  expect(worker?.cpuPercent[0]).toEqual([0, 5]);
  expect(worker?.cpuPercent).toContainEqual([75, 80]);
  expect(worker?.cpuPercent).toContainEqual([300, 5]);
  expect(worker?.memoryPercent).toContainEqual([60, 90]);
  expect(worker?.memoryPercent.every(([seconds]) => seconds >= 0 && seconds <= 300)).toBe(true);
});

test("a hole is a hole, and a counter that began anew too", () => {
  const use = nodeUse();
  const holed = <T extends typeof use.cpuSeconds>(reading: T) =>
    reading.ok
      ? { ...reading, value: reading.value.map((one) => without(one, startedMs + 90_000, startedMs + 165_000)) }
      : reading;
  const found = resourceEvidence(
    { ...use, cpuSeconds: holed(use.cpuSeconds), memoryBytes: holed(use.memoryBytes) },
    bands,
    [],
  );
  expect(found.nodes[0]?.cpuPercent).toContainEqual([165, null]);
  expect(found.nodes[0]?.memoryPercent).toContainEqual([90, null]);
  const anew = {
    labels: { node: "worker" },
    points: [100, 115, 130].map((at) => ({ atSeconds: startedMs / 1000 + at, value: at === 115 ? 1 : 500 })),
  };
  const again = resourceEvidence({ ...use, cpuSeconds: read([anew], "x", lookedAt) }, bands, []);
  expect(again.nodes[0]?.cpuPercent.map(([, value]) => value)).toEqual([null, expect.any(Number)]);
});

test("replicas where they change, with the last look, and nothing where nobody looked", () => {
  const looks = [
    look(-2, 2, 2),
    look(0, 2, 2),
    look(2, 2, 3),
    look(4, 3, 3),
    look(6, 3, 3),
    look(14, 3, 3),
    look(16, 3, 3),
  ];
  expect(resourceEvidence(nodeUse(), bands, looks).autoscalers).toEqual([
    {
      name: "n/api",
      replicas: [
        [-2, 2, 2],
        [2, 2, 3],
        [4, 3, 3],
        [6, null, null],
        [14, 3, 3],
        [16, 3, 3],
      ],
    },
  ]);
});

test("what could not be read is left out", () => {
  const refused = unread<never>("403", "x", lookedAt);
  const use = nodeUse({}, { cpuSeconds: refused, memoryBytes: refused });
  expect(resourceEvidence(use, bands, []).nodes[0]).toEqual({ node: "worker", cpuPercent: [], memoryPercent: [] });
  expect(resourceEvidence({ ...use, capacities: refused }, bands, [])).toMatchObject({ nodes: [], autoscalers: [] });
});
