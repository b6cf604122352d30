/** Deployments, StatefulSets and DaemonSets: how many pods they want and have, and what their containers declare. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { parseQuantity } from "./quantity.ts";
import { changedAt, metadata } from "./shapes.ts";

const probe = z.record(z.string(), z.unknown()).optional();
const amounts = z.object({ cpu: z.string().optional(), memory: z.string().optional() }).optional();

const container = z
  .object({
    name: z.string().min(1),
    restartPolicy: z.string().optional(),
    readinessProbe: probe,
    livenessProbe: probe,
    resources: z.object({ requests: amounts, limits: amounts }).optional(),
  })
  .transform(({ name, restartPolicy, readinessProbe, livenessProbe, resources }) => ({
    name,
    /** An init container that goes on running beside the others. */
    sidecar: restartPolicy === "Always",
    readinessProbe: readinessProbe !== undefined,
    livenessProbe: livenessProbe !== undefined,
    /** Only what is set and above zero: "cpu request", "memory limit", ... */
    declares: [...declared("request", resources?.requests), ...declared("limit", resources?.limits)],
  }));

function declared(what: string, found: z.output<typeof amounts>): string[] {
  return (["cpu", "memory"] as const)
    .filter((resource) => (parseQuantity(found?.[resource] ?? "") ?? 0) > 0)
    .map((resource) => `${resource} ${what}`);
}

const template = z.object({
  spec: z.object({ containers: z.array(container).min(1), initContainers: z.array(container).optional() }),
});

// The API leaves readyReplicas out while it is 0.
const replicated = (kind: string) =>
  z
    .object({
      metadata,
      spec: z.object({ replicas: z.int().min(0), template }),
      status: z.object({ readyReplicas: z.int().min(0).optional(), observedGeneration: z.int().optional() }),
    })
    .transform(({ metadata: found, spec, status }) => ({
      ...identityOf(kind, found, spec.template),
      wanted: spec.replicas,
      ready: status.readyReplicas ?? 0,
      observed: (status.observedGeneration ?? 0) >= (found.generation ?? 0),
    }));

const daemonSet = z
  .object({
    metadata,
    spec: z.object({ template }),
    status: z.object({
      desiredNumberScheduled: z.int().min(0),
      numberReady: z.int().min(0),
      observedGeneration: z.int().optional(),
    }),
  })
  .transform(({ metadata: found, spec, status }) => ({
    ...identityOf("DaemonSet", found, spec.template),
    wanted: status.desiredNumberScheduled,
    ready: status.numberReady,
    observed: (status.observedGeneration ?? 0) >= (found.generation ?? 0),
  }));

export type Workload = Readonly<z.output<typeof daemonSet>>;
export type WorkloadContainer = Readonly<z.output<typeof container>>;

function identityOf(kind: string, found: z.output<typeof metadata>, { spec }: z.output<typeof template>) {
  return {
    kind,
    namespace: found.namespace,
    name: found.name,
    uid: found.uid,
    /** When its template or its number of replicas last changed. */
    changedAt: changedAt(found),
    containers: spec.containers,
    initContainers: spec.initContainers ?? [],
  };
}

/** All Deployments, StatefulSets and DaemonSets of the cluster; `ok: false` where one of the three lists cannot be read. */
export async function readWorkloads(cluster: Cluster): Promise<Reading<readonly Workload[]>> {
  const [deployments, statefulSets, daemonSets] = await Promise.all([
    cluster.list("/apis/apps/v1/deployments", replicated("Deployment")),
    cluster.list("/apis/apps/v1/statefulsets", replicated("StatefulSet")),
    cluster.list("/apis/apps/v1/daemonsets", daemonSet),
  ]);
  if (!deployments.ok) return deployments;
  if (!statefulSets.ok) return statefulSets;
  if (!daemonSets.ok) return daemonSets;
  const all = [...deployments.value, ...statefulSets.value, ...daemonSets.value];
  return read(all, `${cluster.server}/apis/apps/v1`, new Date(deployments.at));
}
