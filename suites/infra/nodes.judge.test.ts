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
  ["healthy", {}, "pass", /all 2 nodes are Ready/],
  [
    "not Ready",
    conditions("Ready", "False", "KubeletNotReady"),
    "fail",
    /worker is not Ready: False \(KubeletNotReady\)/,
  ],
  ["silent", conditions("Ready", "Unknown", "NodeStatusUnknown"), "fail", /worker is not Ready: Unknown/],
  ["never reported", { conditions: [] }, "fail", /worker has never been reported Ready/],
  ["short of memory", conditions("MemoryPressure", "True"), "fail", /worker has MemoryPressure/],
  ["short of disk", conditions("DiskPressure", "True"), "fail", /worker has DiskPressure/],
  ["short of processes", conditions("PIDPressure", "True"), "fail", /worker has PIDPressure/],
  ["without a network", conditions("NetworkUnavailable", "True"), "fail", /worker has NetworkUnavailable/],
  ["with its network", conditions("NetworkUnavailable", "False"), "pass", /all 2 nodes/],
  ["with a network it does not know", conditions("NetworkUnavailable", "Unknown"), "unproven", /NetworkUnavailable/],
  ["cordoned", { cordoned: true }, "fail", /worker is cordoned/],
  [
    "silent about its memory",
    conditions("MemoryPressure"),
    "unproven",
    /worker does not say whether it has MemoryPressure/,
  ],
  [
    "with an unknown disk",
    conditions("DiskPressure", "Unknown"),
    "unproven",
    /worker does not say whether it has DiskPressure/,
  ],
  ["with a garbled state", conditions("PIDPressure", "perhaps"), "unproven", /PIDPressure/],
])("a node that is %s", (_, changes, outcome, because) => {
  const verdict = judgeNodesHealthy(nodesOf(changes), leasesOf(5, 5), now);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each([
  ["at the limit", leasesOf(1, heartbeatSecondsMax), "pass", /all 2/],
  ["beyond it", leasesOf(1, heartbeatSecondsMax + 1), "fail", /worker has sent no heartbeat for 41 s/],
  ["all at the limit", leasesOf(heartbeatSecondsMax, heartbeatSecondsMax), "pass", /all 2/],
  ["all beyond it", leasesOf(heartbeatSecondsMax + 1, 90), "unproven", /clocks that differ/],
  ["ahead by as much as clocks may differ", leasesOf(-10, -10), "pass", /all 2/],
  ["further ahead", leasesOf(-11, -11), "unproven", /11 s ahead/],
  ["of one node missing", read([lease("control-plane", 1)], "leases", now), "unproven", /worker has no heartbeat/],
  ["missing altogether", read([], "leases", now), "unproven", /control-plane has no heartbeat/],
  ["of no date", read([lease("control-plane", 1), { node: "worker", renewedAt: "?" }], "leases", now), "unproven", /./],
  ["that may not be read", refused, "unproven", /heartbeats of the nodes could not be read: 403/],
] as const)("heartbeats %s", (_, leases, outcome, because) => {
  expect(judgeNodesHealthy(nodesOf(), leases, now)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("a bad node fails even where heartbeats may not be read", () => {
  expect(judgeNodesHealthy(nodesOf({ cordoned: true }), refused, now)).toMatchObject({ outcome: "fail" });
});

test("no node at all fails, and nodes that may not be read are unproven", () => {
  expect(judgeNodesHealthy(read([], "nodes", now), leasesOf(1, 1), now)).toMatchObject({ outcome: "fail" });
  expect(judgeNodesHealthy(refused, leasesOf(1, 1), now)).toMatchObject({ outcome: "unproven" });
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
      const verdict = judgeNodesHealthy(nodesOf({ conditions: found }), leasesOf(1, 1), now);
      const good = ready === "True" && [memory, disk, processes].every((each) => each === "False");
      expect(verdict.outcome === "pass").toBe(good);
    }),
  );
});

test.each([
  ["as many", names, names, "pass", /has 3 nodes/],
  ["one too few", ["control-plane", "worker"], names, "fail", /has 2 nodes in place of 3 \(missing: worker2\)/],
  ["one too many", [...names, "stranger"], names, "fail", /has 4 nodes in place of 3 \(extra: stranger\)/],
  ["too few, unnamed", ["a", "b"], undefined, "fail", /has 2 nodes in place of 3 \(found: a, b\)/],
  ["too many, unnamed", ["a", "b", "c", "d"], undefined, "fail", /found: a, b, c, d/],
  ["none", [], undefined, "fail", /has 0 nodes in place of 3 \(found: none\)/],
  ["as many by other names", ["a", "b", "c"], names, "pass", /has 3 nodes/],
] as const)("%s", (_, found, known, outcome, because) => {
  const nodes = read(
    found.map((name) => node(name)),
    "nodes",
    now,
  );
  const verdict = judgeNodeCount(nodes, { count: 3, names: known });
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("nodes that may not be read are not counted", () => {
  expect(judgeNodeCount(refused, { count: 3 })).toMatchObject({ outcome: "unproven" });
});
