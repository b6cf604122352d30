/** Which of Oracle's instances each node runs on, by what the cloud controller writes into `spec.providerID`. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { clusterMetadata } from "./shapes.ts";

const node = z
  .object({ metadata: clusterMetadata, spec: z.object({ providerID: z.string().optional() }) })
  .transform(({ metadata: { name }, spec: { providerID } }) => {
    // OKE writes the OCID alone, the cloud controller on other clusters with its own name before it.
    const instance = /^(?:oci:\/\/)?(ocid1\.instance\.\S+)$/.exec(providerID ?? "")?.[1];
    return instance === undefined ? { name } : { name, instance };
  });

/** `instance` is the OCID; absent for a node that is told to be no instance of Oracle's. */
export type NodeInstance = { readonly name: string; readonly instance?: string };

/** All nodes with their instances. */
export async function readNodeInstances(cluster: Cluster): Promise<Reading<readonly NodeInstance[]>> {
  return cluster.list("/api/v1/nodes", node);
}
