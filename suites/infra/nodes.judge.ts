/** Nodes: healthy, and as many as there should be. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Node, NodeLease } from "../../probes/kubernetes/nodes.ts";

/** A kubelet renews its Lease every 10 s; after 40 s the control plane holds it for dead. One more missed look is allowed for. */
export const heartbeatSecondsMax = 60;
/** A Lease dated further ahead than this was written by another clock than ours. */
export const clockSecondsAheadMax = 10;
const pressures = ["MemoryPressure", "DiskPressure", "PIDPressure"];
const nodesShownAtMost = 20;

/**
 * Every node is Ready, under no pressure, with its network, open for scheduling, and its kubelet renewed its Lease within 60 s.
 * No node at all is a fail; a node without a Lease and one whose pressures were not reported are gaps.
 */
export function judgeNodesHealthy(
  readings: { readonly nodes: Reading<readonly Node[]>; readonly leases: Reading<readonly NodeLease[]> },
  now: Date,
): Verdict {
  const { nodes, leases } = readings;
  if (!nodes.ok) return unproven(nodes.why);
  const { source, at } = nodes;
  const faults: string[] = nodes.value.length === 0 ? ["the cluster has no node"] : [];
  const doubt = leases.ok ? clockDoubt(leases.value, now) : leases.why;
  const gaps: string[] = doubt === undefined ? [] : [doubt];
  const bad: Fact[] = [];
  for (const node of nodes.value) {
    const lease = leases.ok ? leases.value.find((candidate) => candidate.node === node.name) : undefined;
    // A doubt about all heartbeats is said once.
    const heartbeat = doubt === undefined ? heartbeatOf(node.name, lease, now) : {};
    const wrong = [...wrongWith(node), ...(heartbeat.fault === undefined ? [] : [heartbeat.fault])];
    const unknown = [...unknownOf(node), ...(heartbeat.gap === undefined ? [] : [heartbeat.gap])];
    if (wrong.length > 0) {
      faults.push(`node ${node.name} ${wrong.join(", ")}`);
      bad.push({ what: `node ${node.name}`, value: wrong.join(", "), limit: "Ready, no pressure, open", source, at });
    }
    gaps.push(...unknown.map((what) => `node ${node.name}: ${what}`));
  }
  const healthy = nodes.value.length - bad.length;
  const count: Fact = {
    what: "nodes not healthy",
    value: bad.length,
    unit: "nodes",
    limit: `0 of ${nodes.value.length}`,
    source,
    at,
  };
  const facts = [...bad.slice(0, nodesShownAtMost), count];
  return conclude({
    faults,
    gaps,
    facts,
    held: `${healthy} nodes are Ready, without pressure and open for scheduling`,
  });
}

function wrongWith(node: Node): string[] {
  const stateOf = (type: string) => node.conditions.find((condition) => condition.type === type);
  const ready = stateOf("Ready");
  const wrong = pressures.filter((type) => stateOf(type)?.status === "True").map((type) => `is under ${type}`);
  if (ready === undefined) wrong.unshift("is not Ready: no kubelet has reported for it");
  else if (ready.status !== "True")
    wrong.unshift(`is not Ready (${ready.status}${ready.reason && `, ${ready.reason}`})`);
  if (stateOf("NetworkUnavailable")?.status === "True") wrong.push("has no network (NetworkUnavailable)");
  if (node.cordoned) wrong.push("is cordoned (unschedulable)");
  wrong.push(...node.repels.filter(isVerdictOfCluster).map((key) => `is not open for pods (taint ${key})`));
  return wrong;
}

/** Taints by which the cluster itself says that a node is not fit (uninitialized, unreachable ...). Those of people set nodes aside on purpose. */
function isVerdictOfCluster(key: string): boolean {
  return /^node\.(cloudprovider\.)?kubernetes\.io\//.test(key) && key !== "node.kubernetes.io/unschedulable";
}

/** Pressures that were not reported, or not clearly, though the node calls itself Ready. */
function unknownOf(node: Node): string[] {
  const statusOf = (type: string) => node.conditions.find((condition) => condition.type === type)?.status;
  if (statusOf("Ready") !== "True") return [];
  // Only some networks report NetworkUnavailable.
  const asked = [...pressures, ...(statusOf("NetworkUnavailable") === undefined ? [] : ["NetworkUnavailable"])];
  return asked.flatMap((type) => {
    const status = statusOf(type);
    return status === "True" || status === "False" ? [] : [`${type} is ${status || "not reported"}`];
  });
}

/** Why no heartbeat can be believed. Where not one is fresh, our clock is as likely to be wrong as every kubelet is to be dead. */
function clockDoubt(leases: readonly NodeLease[], now: Date): string | undefined {
  const newest = Math.max(...leases.map(({ renewedAt }) => Date.parse(renewedAt)));
  const ageSeconds = (now.getTime() - newest) / 1000;
  if (!Number.isFinite(ageSeconds)) return undefined;
  if (ageSeconds < -clockSecondsAheadMax) {
    return `the newest heartbeat lies ${Math.round(-ageSeconds)} s ahead of this machine's clock: set the clocks`;
  }
  return ageSeconds > heartbeatSecondsMax
    ? `the newest heartbeat of all nodes is ${Math.round(ageSeconds)} s old by this machine's clock: dead kubelets, or clocks that differ`
    : undefined;
}

function heartbeatOf(
  name: string,
  lease: NodeLease | undefined,
  now: Date,
): { readonly fault?: string; readonly gap?: string } {
  if (lease === undefined) return { gap: `there is no Lease of the kubelet of ${name} to see its heartbeat by` };
  const ageSeconds = (now.getTime() - Date.parse(lease.renewedAt)) / 1000;
  if (!Number.isFinite(ageSeconds)) return { gap: `the heartbeat '${lease.renewedAt}' is not a time` };
  if (ageSeconds <= heartbeatSecondsMax) return {};
  return { fault: `gave its last heartbeat ${Math.round(ageSeconds)} s ago (at most ${heartbeatSecondsMax} s)` };
}

/**
 * Exactly as many nodes as the profile says. A missing one is named where the profile knows the names; an extra one likewise,
 * or else the youngest are named as the likely ones.
 * @param limits.names names known beforehand, if any
 */
export function judgeNodeCount(
  readings: { readonly nodes: Reading<readonly Node[]> },
  limits: { readonly count: number; readonly names?: readonly string[] | undefined },
): Verdict {
  const { nodes } = readings;
  if (!nodes.ok) return unproven(nodes.why);
  const found = nodes.value.map(({ name }) => name);
  const fact: Fact = {
    what: "nodes of the cluster",
    value: found.length,
    unit: "nodes",
    limit: `exactly ${limits.count}`,
    source: nodes.source,
    at: nodes.at,
  };
  const wrong = found.length !== limits.count;
  return conclude({
    faults: wrong ? [`${found.length} nodes where ${limits.count} should be${whichOnes(nodes.value, limits)}`] : [],
    gaps: [],
    facts: [fact],
    held: `${found.length} nodes: ${found.slice(0, nodesShownAtMost).join(", ")}`,
  });
}

function whichOnes(
  nodes: readonly Node[],
  limits: { readonly count: number; readonly names?: readonly string[] | undefined },
): string {
  const surplus = nodes.length - limits.count;
  if (limits.names === undefined) {
    const youngest = nodes
      .toSorted((left, right) => Date.parse(right.createdAt) - Date.parse(left.createdAt))
      .slice(0, Math.min(Math.max(0, surplus), nodesShownAtMost));
    return surplus > 0 ? `; the youngest: ${youngest.map(({ name }) => name).join(", ")}` : "";
  }
  const missing = limits.names.filter((name) => !nodes.some((node) => node.name === name));
  const extra = nodes.map(({ name }) => name).filter((name) => limits.names?.includes(name) !== true);
  return [
    ...(missing.length > 0 ? [`; missing: ${missing.slice(0, nodesShownAtMost).join(", ")}`] : []),
    ...(extra.length > 0 ? [`; not expected: ${extra.slice(0, nodesShownAtMost).join(", ")}`] : []),
  ].join("");
}
