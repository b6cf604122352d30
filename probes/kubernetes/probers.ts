/** The harness's own pods inside the cluster, one a node, and what they say of their node's volumes. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { readSelectedPods } from "./pods.ts";
import { getFromPod } from "./proxy.ts";
import { timestamp } from "./shapes.ts";

/** A prober pod that is Running and Ready, and the node it looks out from. */
export type Prober = {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly port: number;
};

/** The probers that can be asked; an empty list where there are none. */
export async function readProbers(cluster: Cluster, wanted: Profile["prober"]): Promise<Reading<readonly Prober[]>> {
  const pods = await readSelectedPods(cluster, wanted);
  if (!pods.ok) return pods;
  const probers = pods.value.flatMap(({ namespace, name, node, phase, ready, deletedAt }) =>
    phase === "Running" && ready && deletedAt === undefined && node !== undefined
      ? [{ namespace, name, node, port: wanted.port }]
      : [],
  );
  return read(probers, pods.source, new Date(pods.at));
}

const amount = z.number().min(0).optional();

export const nodeVolumes = z.object({
  node: z.string().min(1),
  at: timestamp,
  volumes: z.array(
    z.object({
      namespace: z.string().min(1),
      pod: z.string().min(1),
      claim: z.string().min(1),
      capacityBytes: amount,
      usedBytes: amount,
      availableBytes: amount,
      inodes: amount,
      inodesUsed: amount,
    }),
  ),
});

/** The kubelet's numbers of the claims mounted on one node, taken at `at`; a number that it did not give is absent. */
export type NodeVolumes = Readonly<z.output<typeof nodeVolumes>>;

/** Asks a prober for its node's volumes. */
export async function readNodeVolumes(cluster: Cluster, prober: Prober): Promise<Reading<NodeVolumes>> {
  return getFromPod(cluster, { ...prober, path: "/volumes" }, nodeVolumes);
}
