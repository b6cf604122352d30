/** Pods that hold a token for the API server, by the account that it is of. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { metadata } from "./shapes.ts";

const mounts = z.object({ volumeMounts: z.array(z.object({ name: z.string() })).optional() });
const pod = z
  .object({
    metadata,
    spec: z.object({
      // A pod of a node's own files (the control plane) has no account.
      serviceAccountName: z.string().optional(),
      containers: z.array(mounts).min(1),
      initContainers: z.array(mounts).optional(),
      volumes: z
        .array(
          z.object({
            name: z.string(),
            projected: z
              .object({
                sources: z
                  .array(z.object({ serviceAccountToken: z.object({ audience: z.string().optional() }).optional() }))
                  .nullish(),
              })
              .optional(),
          }),
        )
        .optional(),
    }),
  })
  .transform(({ metadata: found, spec }) => {
    const mounted = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ volumeMounts = [] }) =>
      volumeMounts.map(({ name }) => name),
    );
    // A token with an audience of its own is for somebody else than the API server.
    const holding = (spec.volumes ?? []).filter(({ projected }) =>
      (projected?.sources ?? []).some(
        ({ serviceAccountToken: token }) => token !== undefined && (token.audience ?? "") === "",
      ),
    );
    return {
      namespace: found.namespace,
      pod: found.name,
      account: spec.serviceAccountName ?? "",
      holdsToken: holding.some(({ name }) => mounted.includes(name)),
    };
  });

export type TokenHolder = Readonly<z.output<typeof pod>>;

/** Every pod of the cluster, whether it holds a token, and whose. */
export async function readTokenHolders(cluster: Cluster): Promise<Reading<readonly TokenHolder[]>> {
  const pods = await cluster.list("/api/v1/pods", pod);
  return pods.ok ? read(pods.value, pods.source, new Date(pods.at)) : pods;
}
