/** Which cluster it is. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";

/** `uid` is that of the namespace kube-system, which a cluster keeps for life; `serverVersion` as in "v1.34.4". */
export type ClusterIdentity = { readonly uid: string; readonly serverVersion: string };

const namespaceSchema = z.object({
  metadata: z.object({ name: z.literal("kube-system"), uid: z.string().min(1) }),
});
const versionSchema = z.object({ gitVersion: z.string().min(1) });

/** Reads the identity; `ok: false` where either half of it cannot be read. */
export async function readClusterIdentity(cluster: Cluster): Promise<Reading<ClusterIdentity>> {
  const [namespace, version] = await Promise.all([
    cluster.getJson("/api/v1/namespaces/kube-system", namespaceSchema),
    cluster.getJson("/version", versionSchema),
  ]);
  if (!namespace.ok) return namespace;
  if (!version.ok) return version;
  return { ...namespace, value: { uid: namespace.value.metadata.uid, serverVersion: version.value.gitVersion } };
}
