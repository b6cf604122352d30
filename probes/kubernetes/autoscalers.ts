/** Autoscalers of pods, and what the pods of their targets ask for. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import { podRequest, podTemplate } from "../charts/pod-request.ts";
import type { Cluster } from "./cluster.ts";
import { condition, metadata } from "./shapes.ts";

const identifier = z.object({ name: z.string().min(1) });
const rule = z.object({
  type: z.string().min(1),
  resource: identifier.optional(),
  containerResource: identifier.extend({ container: z.string().min(1) }).optional(),
  pods: z.object({ metric: identifier }).optional(),
  object: z.object({ metric: identifier }).optional(),
  external: z.object({ metric: identifier }).optional(),
});

/** What a rule looks at, by the same name in `spec.metrics` and in `status.currentMetrics`: "Resource cpu". */
function ruleName({ type, resource, containerResource, pods, object, external }: z.output<typeof rule>): string {
  const container =
    containerResource === undefined ? undefined : `${containerResource.container}/${containerResource.name}`;
  const metric = (pods ?? object ?? external)?.metric.name;
  return `${type} ${resource?.name ?? container ?? metric ?? "?"}`;
}

const amounts = z.object({
  averageUtilization: z.number().optional(),
  averageValue: z.string().min(1).optional(),
  value: z.string().min(1).optional(),
});
const measured = z.object({ current: amounts }).optional();
// Before the first measurement the controller writes entries of an empty type.
const current = z.object({
  type: z.string(),
  resource: identifier.extend({ current: amounts }).optional(),
  containerResource: identifier.extend({ container: z.string().min(1), current: amounts }).optional(),
  pods: z.object({ metric: identifier, current: amounts }).optional(),
  object: z.object({ metric: identifier, current: amounts }).optional(),
  external: z.object({ metric: identifier, current: amounts }).optional(),
});

function hasValue(found: z.output<typeof current>): boolean {
  const { resource, containerResource, pods, object, external } = found;
  const [amount] = [resource, containerResource, pods, object, external].flatMap(
    (one) => measured.parse(one)?.current ?? [],
  );
  return amount !== undefined && Object.values(amount).some((value) => value !== undefined);
}

const autoscaler = z
  .object({
    metadata,
    spec: z.object({
      scaleTargetRef: z.object({ kind: z.string().min(1), name: z.string().min(1) }),
      maxReplicas: z.int().min(1),
      metrics: z.array(rule).optional(),
    }),
    status: z
      .object({
        currentMetrics: z.array(current).nullish(),
        conditions: z.array(condition).nullish(),
      })
      .optional(),
  })
  .transform(({ metadata: found, spec, status }) => ({
    namespace: found.namespace,
    name: found.name,
    createdAt: found.creationTimestamp,
    target: { kind: spec.scaleTargetRef.kind, name: spec.scaleTargetRef.name },
    replicasMax: spec.maxReplicas,
    rules: (spec.metrics ?? []).map(ruleName),
    /** The rules that have a value now. */
    measured: (status?.currentMetrics ?? []).filter(hasValue).map(ruleName),
    conditions: (status?.conditions ?? []).map(({ type, status: is, reason }) => ({
      type,
      status: is,
      reason: reason ?? "",
    })),
  }));

export type Autoscaler = Readonly<z.output<typeof autoscaler>>;

export async function readAutoscalers(cluster: Cluster): Promise<Reading<readonly Autoscaler[]>> {
  return cluster.list("/apis/autoscaling/v2/horizontalpodautoscalers", autoscaler);
}

const scaled = (kind: string) =>
  z.object({ metadata, spec: z.object({ template: podTemplate }) }).transform(({ metadata: found, spec }) => ({
    kind,
    namespace: found.namespace,
    name: found.name,
    /** Cores and bytes that one pod asks for, and its containers that ask for nothing. */
    ...podRequest(spec.template),
    /** Images and arguments, by which an autoscaler of nodes is known. */
    programs: spec.template.spec.containers.map(({ image = "", args, command }) => ({
      image,
      words: z
        .array(z.string())
        .catch([])
        .parse([command, args].flat().filter((word) => word !== undefined)),
    })),
  }));

/** What an autoscaler may make more pods of. */
export type ScaleTarget = Readonly<z.output<ReturnType<typeof scaled>>>;

/** All Deployments and StatefulSets; `ok: false` where one of the lists cannot be read. */
export async function readScaleTargets(cluster: Cluster): Promise<Reading<readonly ScaleTarget[]>> {
  const [deployments, statefulSets] = await Promise.all([
    cluster.list("/apis/apps/v1/deployments", scaled("Deployment")),
    cluster.list("/apis/apps/v1/statefulsets", scaled("StatefulSet")),
  ]);
  if (!deployments.ok) return deployments;
  if (!statefulSets.ok) return statefulSets;
  return read(
    [...deployments.value, ...statefulSets.value],
    `${cluster.server}/apis/apps/v1`,
    new Date(deployments.at),
  );
}
