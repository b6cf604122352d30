/** Nodes of the cluster that run on the generator's own machine: such a load takes processors from what it measures. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { clusterMetadata } from "../kubernetes/shapes.ts";
import { whyOf } from "../why.ts";

/** A running kernel's own name, drawn anew at each start (random(4)). Containers share their machine's, virtual machines have one each. */
const bootId = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { error: "is no boot id" });

const node = z
  .object({ metadata: clusterMetadata, status: z.object({ nodeInfo: z.object({ bootID: bootId }) }) })
  .transform(({ metadata, status }) => ({ name: metadata.name, bootId: status.nodeInfo.bootID }));

/**
 * Names of the nodes whose kernel is the one that this process runs on; empty where the generator has a machine of its own.
 * Virtual machines on one host cannot be told apart from machines by this: what they take from each other is seen as processors that are not idle.
 * `ok: false` where either side does not say: then nobody knows.
 * @param bootIdFile of this machine, for tests; it is there on Linux only
 */
export async function readNodesBeside(
  cluster: Cluster,
  bootIdFile = "/proc/sys/kernel/random/boot_id",
): Promise<Reading<readonly string[]>> {
  let own: string;
  try {
    own = bootId.parse((await readFile(bootIdFile, "utf8")).trim());
  } catch (error) {
    const why = error instanceof z.ZodError ? "holds no boot id" : whyOf(error);
    return unread(`which machine this is cannot be read: ${bootIdFile}: ${why}`, bootIdFile, new Date());
  }
  const nodes = await cluster.list("/api/v1/nodes", node);
  if (!nodes.ok) return nodes;
  // A cluster without a node runs nowhere: that none of them is here would be said of nothing.
  if (nodes.value.length === 0) return unread("the cluster lists no node", nodes.source, new Date(nodes.at));
  return { ...nodes, value: nodes.value.filter((one) => one.bootId === own).map(({ name }) => name) };
}
