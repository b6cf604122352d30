/** What nodes have, by what they say themselves: the whole that a share of their processors and memory is a share of. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { bytes as quantity, clusterMetadata } from "./shapes.ts";

// Nothing is a share of nothing: a node that has no processor or no memory is no reading.
const some = quantity.refine((amount) => amount > 0, { error: "is nothing" });

const node = z
  .object({
    metadata: clusterMetadata,
    status: z.object({ capacity: z.object({ cpu: some, memory: some }) }),
  })
  .transform(({ metadata, status }) => ({
    node: metadata.name,
    cores: status.capacity.cpu,
    memoryBytes: status.capacity.memory,
  }));

export type NodeCapacity = Readonly<z.output<typeof node>>;

/** Cores and bytes of all nodes. */
export async function readNodeCapacities(cluster: Cluster): Promise<Reading<readonly NodeCapacity[]>> {
  return cluster.list("/api/v1/nodes", node);
}
