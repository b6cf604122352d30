/** Which of the sidecars' interfaces each Configuration denies. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata } from "../kubernetes/shapes.ts";

const rule = z.object({ name: z.string(), version: z.string(), protocol: z.string().optional() });
const configuration = z.object({
  metadata,
  spec: z.object({ api: z.object({ denied: z.array(rule).nullish() }).nullish() }).nullish(),
});

/** The query of states over HTTP and over gRPC: it gives what stands in the store, whosever it is (dapr#8675). */
const query = [
  { version: "v1.0-alpha1", protocol: "http" },
  { version: "v1alpha1", protocol: "grpc" },
];

/** Every Configuration of a namespace, and whether the sidecars that it is for refuse the query of states on both protocols. */
export async function readQueryDenials(
  cluster: Cluster,
  namespace: string,
): Promise<Reading<readonly { readonly name: string; readonly deniesQuery: boolean }[]>> {
  const path = `/apis/dapr.io/v1alpha1/namespaces/${encodeURIComponent(namespace)}/configurations`;
  const found = await cluster.list(path, configuration);
  if (!found.ok) return found;
  const denials = found.value.map(({ metadata: { name }, spec }) => {
    const denied = spec?.api?.denied ?? [];
    const isDenied = ({ version, protocol }: (typeof query)[number]): boolean =>
      denied.some((one) => one.name === "state" && one.version === version && (one.protocol ?? protocol) === protocol);
    return { name, deniesQuery: query.every(isDenied) };
  });
  return read(denials, found.source, new Date(found.at));
}
