import fc from "fast-check";
import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Node, NodeLease } from "../../probes/kubernetes/nodes.ts";
import { heartbeatSecondsMax, judgeNodeCount, judgeNodesHealthy } from "./nodes.judge.ts";

const now = new Date("2026-11-22T01:00:00.000Z");
const names = ["control-plane", "worker", "worker2"];
const refused = unread<never>("403, the harness has no right to read this", "the API server", now);

const condition = (type: string, status: string, reason = "") => ({ type, status, reason });
const healthy = [
  condition("MemoryPressure", "False"),
  condition("DiskPressure", "False"),
  condition("PIDPressure", "False"),
  condition("Ready", "True", "KubeletReady"),
];

function node(name: string, changes: Partial<Node> = {}): Node {
  return { name, createdAt: "2026-11-21T00:00:00Z", cordoned: false, repels: [], conditions: healthy, ...changes };
}

/** The healthy conditions with one of them changed, or left out. */
function conditions(type: string, status?: string, reason?: string): Partial<Node> {
  const others = healthy.filter((each) => each.type !== type);
  return { conditions: status === undefined ? others : [...others, condition(type, status, reason)] };
}

const nodesOf = (changes: Partial<Node> = {}) => read([node("control-plane"), node("worker", changes)], "nodes", now);
const lease = (name: string, secondsAgo: number): NodeLease => ({
  node: name,
  renewedAt: new Date(now.getTime() - secondsAgo * 1000).toISOString(),
});
const leasesOf = (controlPlane: number, worker: number) =>
  read([lease("control-plane", controlPlane), lease("worker", worker)], "leases", now);

test.each<readonly [string, Partial<Node>, Outcome, RegExp]>([
  ["healthy", {}, "pass", /2 nodes are Ready/],
  [
    "not Ready",
    conditions("Ready", "False", "KubeletNotReady"),
    "fail",
    /worker is not Ready \(False, KubeletNotReady\)/,
  ],
  [
    "silent",
    conditions("Ready", "Unknown", "NodeStatusUnknown"),
    "fail",
    /worker is not Ready \(Unknown, NodeStatusUnknown\)/,
  ],
  ["never reported", { conditions: [] }, "fail", /worker is not Ready: no kubelet has reported/],
  ["short of memory", conditions("MemoryPressure", "True"), "fail", /worker is under MemoryPressure/],
  ["short of disk", conditions("DiskPressure", "True"), "fail", /worker is under DiskPressure/],
  ["short of processes", conditions("PIDPressure", "True"), "fail", /worker is under PIDPressure/],
  ["without a network", conditions("NetworkUnavailable", "True"), "fail", /worker has no network/],
  ["with its network", conditions("NetworkUnavailable", "False"), "pass", /2 nodes/],
  ["with a network it does not know", conditions("NetworkUnavailable", "Unknown"), "unproven", /NetworkUnavailable/],
  ["cordoned", { cordoned: true }, "fail", /worker is cordoned/],
  [
    "not taken up by its cloud yet",
    { repels: ["node.cloudprovider.kubernetes.io/uninitialized"] },
    "fail",
    /worker is not open for pods \(taint node\.cloudprovider\.kubernetes\.io\/uninitialized\)/,
  ],
  ["out of reach", { repels: ["node.kubernetes.io/unreachable"] }, "fail", /taint node\.kubernetes\.io\/unreachable/],
  ["set aside on purpose", { repels: ["node-role.kubernetes.io/control-plane", "gpu"] }, "pass", /2 nodes/],
  ["silent about its memory", conditions("MemoryPressure"), "unproven", /worker: MemoryPressure is not reported/],
  ["with an unknown disk", conditions("DiskPressure", "Unknown"), "unproven", /worker: DiskPressure is Unknown/],
  ["with a garbled state", conditions("PIDPressure", "perhaps"), "unproven", /PIDPressure/],
])("a node that is %s", (_, changes, outcome, because) => {
  const verdict = judgeNodesHealthy({ nodes: nodesOf(changes), leases: leasesOf(5, 5) }, now);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each([
  ["at the limit", leasesOf(1, heartbeatSecondsMax), "pass", /2 nodes/],
  ["beyond it", leasesOf(1, heartbeatSecondsMax + 1), "fail", /worker gave its last heartbeat 61 s ago/],
  ["all at the limit", leasesOf(heartbeatSecondsMax, heartbeatSecondsMax), "pass", /2 nodes/],
  ["all beyond it", leasesOf(heartbeatSecondsMax + 1, 90), "unproven", /clocks that differ/],
  ["ahead by as much as clocks may differ", leasesOf(-10, -10), "pass", /2 nodes/],
  ["further ahead", leasesOf(-11, -11), "unproven", /11 s ahead/],
  [
    "of one node missing",
    read([lease("control-plane", 1)], "leases", now),
    "unproven",
    /no Lease of the kubelet of worker/,
  ],
  ["missing altogether", read([], "leases", now), "unproven", /no Lease of the kubelet of control-plane/],
  ["of no date", read([lease("control-plane", 1), { node: "worker", renewedAt: "?" }], "leases", now), "unproven", /./],
  ["that may not be read", refused, "unproven", /403/],
] as const)("heartbeats %s", (_, leases, outcome, because) => {
  expect(judgeNodesHealthy({ nodes: nodesOf(), leases: leases }, now)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("a bad node fails even where heartbeats may not be read", () => {
  expect(judgeNodesHealthy({ nodes: nodesOf({ cordoned: true }), leases: refused }, now)).toMatchObject({
    outcome: "fail",
  });
});

test("no node at all fails, and nodes that may not be read are unproven", () => {
  expect(judgeNodesHealthy({ nodes: read([], "nodes", now), leases: leasesOf(1, 1) }, now)).toMatchObject({
    outcome: "fail",
  });
  expect(judgeNodesHealthy({ nodes: refused, leases: leasesOf(1, 1) }, now)).toMatchObject({ outcome: "unproven" });
});

test("nothing but three healthy conditions and Ready=True passes, whatever the states", () => {
  const state = fc.constantFrom("True", "False", "Unknown", "");
  fc.assert(
    fc.property(fc.tuple(state, state, state, state), ([ready, memory, disk, processes]) => {
      const found = [
        condition("Ready", ready),
        condition("MemoryPressure", memory),
        condition("DiskPressure", disk),
        condition("PIDPressure", processes),
      ];
      const verdict = judgeNodesHealthy({ nodes: nodesOf({ conditions: found }), leases: leasesOf(1, 1) }, now);
      const good = ready === "True" && [memory, disk, processes].every((each) => each === "False");
      expect(verdict.outcome === "pass").toBe(good);
    }),
  );
});

test.each([
  ["as many", names, names, "pass", /^3 nodes/],
  ["one too few", ["control-plane", "worker"], names, "fail", /^2 nodes where 3 should be; missing: worker2$/],
  ["one too many", [...names, "stranger"], names, "fail", /not expected: stranger$/],
  ["too few, unnamed", ["a", "b"], undefined, "fail", /^2 nodes where 3 should be$/],
  ["too many, unnamed", ["a", "b", "c", "d"], undefined, "fail", /the youngest: /],
  ["none", [], undefined, "fail", /^0 nodes where/],
  ["as many by other names", ["a", "b", "c"], names, "pass", /^3 nodes/],
] as const)("%s", (_, found, known, outcome, because) => {
  const nodes = read(
    found.map((name) => node(name)),
    "nodes",
    now,
  );
  const verdict = judgeNodeCount({ nodes }, { count: 3, names: known });
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("nodes that may not be read are not counted", () => {
  expect(judgeNodeCount({ nodes: refused }, { count: 3 })).toMatchObject({ outcome: "unproven" });
});
