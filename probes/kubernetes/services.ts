/** Services and their cluster addresses. */
import { isIP } from "node:net";
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";

const service = z
  .object({
    spec: z.object({
      // A headless Service says "None" where others have an address, an ExternalName nothing.
      clusterIP: z.string().refine((text) => isIP(text) !== 0, { error: "the Service has no address of its own" }),
    }),
  })
  .transform(({ spec }) => ({ clusterIp: spec.clusterIP }));

/** The address of a Service inside the cluster; `ok: false` where it has none of its own (headless, ExternalName). */
export async function readServiceAddress(
  cluster: Cluster,
  wanted: { readonly namespace: string; readonly name: string },
): Promise<Reading<{ readonly clusterIp: string }>> {
  const [namespace, name] = [encodeURIComponent(wanted.namespace), encodeURIComponent(wanted.name)];
  return cluster.getJson(`/api/v1/namespaces/${namespace}/services/${name}`, service);
}
