/** How full the volumes of claims are: the kubelets' own numbers, asked of the prober on each node. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { askProber, listProbers } from "../kubernetes/proxy.ts";
import { timestamp } from "../kubernetes/shapes.ts";

const amount = z.number().min(0).optional();

/** The answer of a prober. */
export const nodeVolumes = z.object({
  node: z.string().min(1),
  at: timestamp,
  volumes: z.array(
    z.object({
      namespace: z.string().min(1),
      pod: z.string().min(1),
      claim: z.string().min(1),
      measuredAt: timestamp.optional(),
      capacityBytes: amount,
      usedBytes: amount,
      availableBytes: amount,
      inodes: amount,
      inodesUsed: amount,
    }),
  ),
});

/** The claims mounted on one node as its kubelet measured them; `at` is when it was asked and `measuredAt` when it had measured, by the node's clock. A number that the kubelet did not give is absent. */
export type NodeVolumes = Readonly<z.output<typeof nodeVolumes>>;

const askedAtOnce = 8;

/**
 * One reading a prober, `ok: false` for one that is not ready or gives no answer. `ok: false` as a whole where the probers cannot be listed;
 * an empty list where there are none.
 */
export async function readNodeVolumes(
  cluster: Cluster,
  profile: Pick<Profile, "prober">,
): Promise<Reading<readonly Reading<NodeVolumes>[]>> {
  const probers = await listProbers(cluster, profile);
  if (!probers.ok) return probers;
  const value = await fewAtATime(probers.value, askedAtOnce, async ({ pod, node, ready }) =>
    ready
      ? askProber(cluster, profile, pod, "/volumes", nodeVolumes)
      : unread<NodeVolumes>(`prober ${pod} on ${node} is not ready`, probers.source, new Date()),
  );
  return { ...probers, value };
}
