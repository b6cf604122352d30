/** What a pod is said to be comes from its node's kubelet: once that falls silent, "Running" is only the last thing that was heard. */
import type { Reading } from "../../harness/verdict.ts";
import type { Node, NodeLease } from "../../probes/kubernetes/nodes.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import { clockSecondsAheadMax, heartbeatSecondsMax } from "./nodes.judge.ts";

/**
 * One sentence a node whose pods' state cannot be known: a node that does not exist, is not Ready, or has not renewed its Lease.
 * Unreadable nodes or Leases are a gap of their own.
 */
export function silentNodes(
  pods: readonly Pod[],
  nodes: Reading<readonly Node[]>,
  leases: Reading<readonly NodeLease[]>,
  now: Date,
): string[] {
  if (!nodes.ok) return [nodes.why];
  if (!leases.ok) return [leases.why];
  const names = new Set(pods.flatMap(({ node }) => (node === undefined ? [] : [node])));
  return [...names].toSorted().flatMap((name) => {
    const why = whySilent(
      nodes.value.find((node) => node.name === name),
      leases.value.find(({ node }) => node === name),
      now,
    );
    return why === undefined ? [] : [`node ${name} ${why}: what its pods are said to be is old`];
  });
}

function whySilent(node: Node | undefined, lease: NodeLease | undefined, now: Date): string | undefined {
  if (node === undefined) return "does not exist";
  if (!node.conditions.some(({ type, status }) => type === "Ready" && status === "True")) return "is not Ready";
  if (lease === undefined) return "has no Lease";
  const ageSeconds = (now.getTime() - Date.parse(lease.renewedAt)) / 1000;
  // By a clock of ours that is slow, a kubelet that died long ago would still seem alive.
  if (ageSeconds < -clockSecondsAheadMax)
    return `renewed its Lease ${Math.round(-ageSeconds)} s ahead of this machine's clock`;
  // The comparison is written so that an age that is no number counts as silence.
  return ageSeconds <= heartbeatSecondsMax ? undefined : `has not renewed its Lease for ${Math.round(ageSeconds)} s`;
}
