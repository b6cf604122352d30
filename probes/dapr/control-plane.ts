/** The services of Dapr's control plane: their pods, what these say of themselves, and how long their certificate is good for. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata as podMetadata } from "../kubernetes/shapes.ts";
import { seriesOf } from "./metrics.ts";
import { proxyOf, readMetrics } from "./sidecars.ts";

/** A pod of a service: `health` is the status of its /healthz. */
export type ServicePod = {
  readonly service: string;
  readonly name: string;
  readonly ready: boolean;
  readonly health: Reading<number>;
};

const pod = z
  .object({
    metadata: podMetadata,
    status: z.object({
      phase: z.string().min(1),
      containerStatuses: z.array(z.object({ ready: z.boolean() })).optional(),
    }),
  })
  .transform(({ metadata, status }) => ({
    name: metadata.name,
    service: metadata.labels?.["app"] ?? "",
    ending: metadata.deletionTimestamp !== undefined,
    // Nothing said of its containers is not ready either.
    ready: status.phase === "Running" && status.containerStatuses?.every(({ ready }) => ready) === true,
  }));

const healthPort = 8080;
const askedAtOnce = 4;
const expiryMetric = "dapr_sentry_issuercert_expiry_timestamp";

/** The pods of these services that are not ending, each asked for its health. */
export async function readControlPlane(
  cluster: Cluster,
  namespace: string,
  services: readonly string[],
): Promise<Reading<readonly ServicePod[]>> {
  const pods = await cluster.list(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, pod);
  if (!pods.ok) return pods;
  const own = pods.value.filter(({ service, ending }) => services.includes(service) && !ending);
  const value = await fewAtATime(own, askedAtOnce, async ({ name, service, ready }): Promise<ServicePod> => {
    const page = await cluster.getText(`${proxyOf(namespace, name, healthPort)}/healthz`);
    return { service, name, ready, health: page.ok ? { ...page, value: page.value.status } : page };
  });
  return { ...pods, value };
}

/** When the certificate ends that a pod of sentry signs with, as it says itself. */
export async function readIssuerExpiry(cluster: Cluster, namespace: string, issuer: string): Promise<Reading<Date>> {
  const page = await readMetrics(cluster, namespace, issuer);
  if (!page.ok) return page;
  const [series] = seriesOf(page.value, expiryMetric);
  const at = new Date(page.at);
  if (series === undefined || series.value <= 0)
    return unread(`${issuer} tells nothing of ${expiryMetric}`, page.source, at);
  return read(new Date(series.value * 1000), page.source, at);
}
