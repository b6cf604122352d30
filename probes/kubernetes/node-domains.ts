/** Where nodes stand, by the labels that Oracle's cloud controller gives them. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import { clusterMetadata, condition } from "./shapes.ts";
import type { Cluster } from "./cluster.ts";

const node = z
  .object({ metadata: clusterMetadata, status: z.object({ conditions: z.array(condition).optional() }) })
  .transform(({ metadata: { name, labels }, status }) => ({
    name,
    ready: status.conditions?.some(({ type, status: state }) => type === "Ready" && state === "True") ?? false,
    /** The availability domain; empty where none is told. */
    zone: labels?.["topology.kubernetes.io/zone"] ?? "",
    /** Within its availability domain; empty where none is told. */
    faultDomain: labels?.["oci.oraclecloud.com/fault-domain"] ?? "",
  }));

export type NodeDomain = Readonly<z.output<typeof node>>;

/** All nodes with their domains. */
export async function readNodeDomains(cluster: Cluster): Promise<Reading<readonly NodeDomain[]>> {
  return cluster.list("/api/v1/nodes", node);
}
