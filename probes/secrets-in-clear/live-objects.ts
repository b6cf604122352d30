/** Pods, workloads and ConfigMaps of the platform, whole, for a scan of what stands in them. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { placesOf } from "./objects.ts";
import type { Place } from "./scanner.ts";

const object = z.looseObject({
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().min(1),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
const configMap = z.looseObject({
  metadata: object.shape.metadata,
  data: z.record(z.string(), z.string()).optional(),
  binaryData: z.record(z.string(), z.string()).optional(),
});

const lists = [
  ["pod", "/api/v1/pods"],
  ["deployment", "/apis/apps/v1/deployments"],
  ["stateful set", "/apis/apps/v1/statefulsets"],
  ["daemon set", "/apis/apps/v1/daemonsets"],
  ["cron job", "/apis/batch/v1/cronjobs"],
  ["service", "/api/v1/services"],
] as const;

/** What stands in specs and annotations: variables, arguments, and what tools wrote beside them. */
export async function readSpecs(cluster: Cluster, namespaces: readonly string[]): Promise<Reading<readonly Place[]>> {
  const found = await Promise.all(lists.map(async ([, path]) => cluster.list(path, object)));
  const failed = found.find((one) => !one.ok);
  if (failed !== undefined) return failed;
  const places = found.flatMap((one, index) =>
    (one.ok ? one.value : [])
      .filter(({ metadata }) => namespaces.includes(metadata.namespace))
      .flatMap(({ metadata, ...rest }) => {
        const where = `${lists[index]?.[0] ?? ""} ${metadata.namespace}/${metadata.name}`;
        return placesOf(where, { spec: rest["spec"], annotations: metadata.annotations });
      }),
  );
  return read(places, `${cluster.server}/api/v1/pods`, new Date());
}

/** What stands in ConfigMaps. Every namespace has that of the cluster's authority: one in which it is not seen was not read. */
export async function readConfigMaps(
  cluster: Cluster,
  namespaces: readonly string[],
): Promise<Reading<readonly Place[]>> {
  const places: Place[] = [];
  for (const namespace of namespaces) {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
    const found = await cluster.list(path, configMap);
    if (!found.ok) return found;
    if (!found.value.some(({ metadata }) => metadata.name === "kube-root-ca.crt"))
      return unread(`GET ${path}: not even kube-root-ca.crt is in it`, found.source, new Date(found.at));
    for (const { metadata, data = {}, binaryData = {} } of found.value) {
      const decoded = Object.entries(binaryData).map(
        ([key, text]) => [key, Buffer.from(text, "base64").toString("latin1")] as const,
      );
      const where = `config map ${namespace}/${metadata.name}`;
      const { annotations } = metadata;
      places.push(...placesOf(where, { data, binaryData: Object.fromEntries(decoded), annotations }));
    }
  }
  return read(places, `${cluster.server}/api/v1/configmaps`, new Date());
}
