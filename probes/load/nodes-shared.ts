/** Nodes of the cluster that generators inside it share with what they measure. */
import { unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { readPods, type Pod } from "../kubernetes/pods.ts";

/** What runs there runs on every node, or keeps the cluster going: it is no subject of a load. */
const systemNamespace = "kube-system";

/**
 * Those of the generators' nodes on which pods of anybody else run, but for DaemonSets, which are on every node. Empty where the generators have nodes to themselves.
 * @param of.nodes where the generators stood
 * @param of.namespace the harness's own
 */
export async function readNodesShared(
  cluster: Cluster,
  of: { readonly nodes: readonly string[]; readonly namespace: string },
): Promise<Reading<readonly string[]>> {
  const pods = await readPods(cluster);
  if (!pods.ok) return pods;
  // A cluster in which nothing runs was not loaded: that nobody shares a node would be said of nothing.
  if (pods.value.length === 0) return unread("the cluster lists no pod", pods.source, new Date(pods.at));
  return { ...pods, value: sharedNodes(pods.value, of) };
}

/** @returns each node once, in the order of `nodes` */
export function sharedNodes(
  pods: readonly Pick<Pod, "namespace" | "node" | "phase" | "owner">[],
  of: { readonly nodes: readonly string[]; readonly namespace: string },
): readonly string[] {
  const theirs = pods.filter(
    ({ namespace, phase, owner }) =>
      namespace !== of.namespace && namespace !== systemNamespace && phase === "Running" && owner?.kind !== "DaemonSet",
  );
  const taken = new Set(theirs.map(({ node }) => node));
  return [...new Set(of.nodes)].filter((node) => taken.has(node));
}
