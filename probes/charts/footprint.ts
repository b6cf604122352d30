/** What rendered objects ask of a cluster: processors, memory, volumes and load balancers. */
import type { z } from "zod";
import { parseQuantity } from "../kubernetes/quantity.ts";
import * as shapes from "./manifest.ts";
import { nothing, podRequest, times, type Amount, type PodTemplate } from "./pod-request.ts";

/** One row of the sum. */
export type Asked = {
  /** "Deployment health-platform/health-api". */
  readonly what: string;
  readonly pods: number;
  readonly amount: Amount;
  /** Bytes of each claim, as asked for. */
  readonly claims: readonly number[];
  readonly loadBalancers: number;
};

/** `gaps` are the objects that could not be summed, each a sentence. */
export type Footprint = { readonly rows: readonly Asked[]; readonly gaps: readonly string[] };

type Context = {
  readonly nodes: number;
  readonly namespace: string;
  readonly replicasMax: ReadonlyMap<string, number>;
};
type Part = { readonly row?: Partial<Asked>; readonly gaps?: readonly string[] };

/**
 * Sums objects. Deployments and StatefulSets count with the most pods that an autoscaler may make of them, DaemonSets once a node (an upper bound:
 * selectors are not looked at), Jobs and CronJobs as running.
 * @param options.namespace that of the release, for objects that name none
 */
export function footprintOf(
  manifests: readonly shapes.Manifest[],
  options: { readonly nodes: number; readonly namespace: string },
): Footprint {
  const gaps: string[] = [];
  const replicasMax = new Map<string, number>();
  for (const found of manifests.filter(({ kind }) => kind === "HorizontalPodAutoscaler")) {
    const parsed = shapes.autoscaler.safeParse(found);
    if (!parsed.success) {
      gaps.push(`${nameOf(found, options.namespace)} has no maximum that can be read`);
      continue;
    }
    const { scaleTargetRef, maxReplicas } = parsed.data.spec;
    replicasMax.set(`${scaleTargetRef.kind} ${scaleTargetRef.name}`, maxReplicas);
  }
  const rows: Asked[] = [];
  for (const found of manifests) {
    if (found.kind === "HorizontalPodAutoscaler") continue;
    const what = nameOf(found, options.namespace);
    const part = partOf(found, { ...options, replicasMax });
    gaps.push(...(part.gaps ?? []).map((gap) => `${what}: ${gap}`));
    if (part.row !== undefined)
      rows.push({ what, pods: 0, amount: nothing, claims: [], loadBalancers: 0, ...part.row });
  }
  return { rows, gaps };
}

function nameOf({ kind, metadata }: shapes.Manifest, namespace: string): string {
  return `${kind} ${metadata.namespace ?? namespace}/${metadata.name}`;
}

const makers: Readonly<Record<string, (found: shapes.Manifest, context: Context) => Part>> = {
  Deployment: ofReplicas,
  StatefulSet: ofReplicas,
  ReplicaSet: ofReplicas,
  DaemonSet: (found, { nodes }) => within(shapes.replicated, found, ({ spec }) => podsOf(spec.template, nodes)),
  Job: (found) => within(shapes.job, found, ({ spec }) => podsOf(spec.template, spec.parallelism ?? 1)),
  CronJob: (found) =>
    within(shapes.cronJob, found, ({ spec: { jobTemplate } }) =>
      podsOf(jobTemplate.spec.template, jobTemplate.spec.parallelism ?? 1),
    ),
  PersistentVolumeClaim: (found) =>
    within(shapes.claim, found, ({ spec }) => ({ row: { claims: [bytesOf(spec.resources.requests.storage)] } })),
  Service: (found) =>
    within(shapes.service, found, ({ spec }) => (spec.type === "LoadBalancer" ? { row: { loadBalancers: 1 } } : {})),
  EnvoyProxy: (found) => within(shapes.envoyProxy, found, ofEnvoy),
};

function partOf(found: shapes.Manifest, context: Context): Part {
  const maker = makers[found.kind];
  if (maker !== undefined) return maker(found, context);
  return shapes.isIdle(found) ? {} : { gaps: [`what ${found.apiVersion} ${found.kind} makes is not known`] };
}

function within<S extends z.ZodType>(schema: S, found: shapes.Manifest, then: (parsed: z.output<S>) => Part): Part {
  const parsed = schema.safeParse(found);
  if (parsed.success) return then(parsed.data);
  const [issue] = parsed.error.issues;
  return { gaps: [`${issue?.path.join(".") ?? "it"}: ${issue?.message ?? "cannot be read"}`] };
}

function ofReplicas(found: shapes.Manifest, { replicasMax }: Context): Part {
  return within(shapes.replicated, found, ({ metadata, spec }) => {
    const replicas = replicasMax.get(`${found.kind} ${metadata.name}`) ?? spec.replicas ?? 1;
    const { row, gaps } = podsOf(spec.template, replicas);
    const each = (spec.volumeClaimTemplates ?? []).map((one) => bytesOf(one.spec.resources.requests.storage));
    return { row: { ...row, claims: Array.from({ length: replicas }, () => each).flat() }, gaps: gaps ?? [] };
  });
}

function podsOf(template: PodTemplate, pods: number): Part {
  const { amount, unknown } = podRequest(template);
  return { row: { pods, amount: times(amount, pods) }, gaps: pods === 0 ? [] : unknown };
}

/** What Envoy Gateway adds to each of its Envoys (shutdown-manager). Source: Envoy Gateway's internal/infrastructure/kubernetes/proxy. */
const shutdownManager = { name: "shutdown-manager", resources: { requests: { cpu: "10m", memory: "32Mi" } } };

function ofEnvoy({ spec }: z.output<typeof shapes.envoyProxy>): Part {
  const { envoyDeployment, envoyService } = spec.provider.kubernetes;
  const envoy = { ...envoyDeployment?.container, name: "envoy" };
  const template = { spec: { containers: [envoy, shutdownManager] } };
  return within(shapes.replicated, manifestOf(envoyDeployment?.replicas ?? 1, template), ({ spec: made }) => {
    const { row, gaps } = podsOf(made.template, made.replicas ?? 1);
    const balanced = (envoyService?.type ?? "LoadBalancer") === "LoadBalancer";
    return { row: { ...row, loadBalancers: balanced ? 1 : 0 }, gaps: gaps ?? [] };
  });
}

function manifestOf(replicas: number, template: unknown): shapes.Manifest {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "envoy" }, spec: { replicas, template } };
}

function bytesOf(written: string | number): number {
  return parseQuantity(String(written)) ?? Number.NaN;
}
