/** Pods that ask for a sidecar, and what their sidecars say of themselves at the port that answers nothing else (GET, metadata and health). */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata as podMetadata } from "../kubernetes/shapes.ts";

const container = z.object({ name: z.string().min(1), ready: z.boolean() });

const daprPod = z
  .object({
    metadata: podMetadata.extend({ annotations: z.record(z.string(), z.string()).optional() }),
    spec: z.object({ containers: z.array(z.object({ name: z.string().min(1) })) }),
    status: z.object({
      phase: z.enum(["Pending", "Running", "Succeeded", "Failed", "Unknown"]),
      containerStatuses: z.array(container).optional(),
    }),
  })
  .transform(({ metadata, spec, status }) => {
    const { annotations = {} } = metadata;
    const sidecar = status.containerStatuses?.find(({ name }) => name === "daprd");
    return {
      name: metadata.name,
      createdAt: metadata.creationTimestamp,
      ending: metadata.deletionTimestamp !== undefined,
      phase: status.phase,
      asks: annotations["dapr.io/enabled"] === "true",
      appId: annotations["dapr.io/app-id"] ?? "",
      appPort: annotations["dapr.io/app-port"] ?? "",
      /** Whether it was made with a sidecar, and whether that is ready. */
      hasSidecar: spec.containers.some(({ name }) => name === "daprd"),
      sidecarReady: sidecar?.ready === true,
    };
  });

export type DaprPod = Readonly<z.output<typeof daprPod>>;

const sidecarMetadata = z.object({
  id: z.string().min(1),
  runtimeVersion: z.string().min(1),
  components: z.array(z.object({ name: z.string().min(1), type: z.string().min(1) })).optional(),
  appConnectionProperties: z.object({ port: z.int().optional(), protocol: z.string().optional() }).optional(),
});

export type SidecarMetadata = Readonly<z.output<typeof sidecarMetadata>>;

const publicPort = 3501;
const metricsPort = 9090;

/** The pods of a namespace that ask for a sidecar, ending ones and completed ones left out. */
export async function readDaprPods(cluster: Cluster, namespace: string): Promise<Reading<readonly DaprPod[]>> {
  const pods = await cluster.list(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, daprPod);
  if (!pods.ok) return pods;
  const value = pods.value.filter(
    ({ asks, ending, phase }) => asks && !ending && phase !== "Succeeded" && phase !== "Failed",
  );
  return { ...pods, value };
}

/** What the sidecar of a pod says of itself. */
export async function readSidecar(cluster: Cluster, namespace: string, pod: string): Promise<Reading<SidecarMetadata>> {
  return cluster.getJson(`${proxyOf(namespace, pod, publicPort)}/v1.0/metadata`, sidecarMetadata);
}

/** The numbers of a sidecar or of a service of the control plane, in Prometheus's text format. */
export async function readMetrics(cluster: Cluster, namespace: string, pod: string): Promise<Reading<string>> {
  const page = await cluster.getText(`${proxyOf(namespace, pod, metricsPort)}/metrics`);
  return page.ok ? { ...page, value: page.value.text } : page;
}

/** The path of a port of a pod below the API server. */
export function proxyOf(namespace: string, pod: string, port: number): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
}
