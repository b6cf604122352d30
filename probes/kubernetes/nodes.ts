/** Nodes and their heartbeats. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { clusterMetadata, condition, timestamp } from "./shapes.ts";

const node = z
  .object({
    metadata: clusterMetadata,
    spec: z.object({
      unschedulable: z.boolean().optional(),
      taints: z.array(z.object({ key: z.string(), effect: z.string() })).optional(),
    }),
    // A node that no kubelet has ever reported for has no conditions: the judge says what that means.
    status: z.object({ conditions: z.array(condition).optional() }),
  })
  .transform(({ metadata, spec, status }) => ({
    name: metadata.name,
    createdAt: metadata.creationTimestamp,
    /** The API leaves the field out unless the node is cordoned. */
    cordoned: spec.unschedulable === true,
    /** Keys of the taints that keep ordinary pods away. */
    repels: (spec.taints ?? []).filter(({ effect }) => effect !== "PreferNoSchedule").map(({ key }) => key),
    conditions: (status.conditions ?? []).map(({ type, status: state, reason }) => ({
      type,
      status: state,
      reason: reason ?? "",
    })),
  }));

export type Node = Readonly<z.output<typeof node>>;

const lease = z
  .object({ metadata: z.object({ name: z.string().min(1) }), spec: z.object({ renewTime: timestamp }) })
  .transform(({ metadata, spec }) => ({ node: metadata.name, renewedAt: spec.renewTime }));

/** The kubelet's heartbeat: it renews its node's Lease every 10 s. */
export type NodeLease = Readonly<z.output<typeof lease>>;

/** All nodes of the cluster. */
export async function readNodes(cluster: Cluster): Promise<Reading<readonly Node[]>> {
  return cluster.list("/api/v1/nodes", node);
}

/** The Leases of all kubelets. A node's conditions are reported every five minutes only: they say little about now. */
export async function readNodeLeases(cluster: Cluster): Promise<Reading<readonly NodeLease[]>> {
  return cluster.list("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", lease);
}
