/** How many pods each autoscaler wants, has, and has ready: one look, to be taken again and again. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { metadata } from "./shapes.ts";

const utilization = z.object({ averageUtilization: z.number().optional() }).optional();
const named = { name: z.string().min(1), container: z.string().min(1).optional() };
const rule = z.object({
  type: z.string().min(1),
  resource: z.object({ ...named, target: utilization }).optional(),
  containerResource: z.object({ ...named, target: utilization }).optional(),
});
// Before the first measurement the controller writes entries of an empty type.
const measured = z.object({
  type: z.string(),
  resource: z.object({ ...named, current: utilization }).optional(),
  containerResource: z.object({ ...named, current: utilization }).optional(),
});

const autoscaler = z
  .object({
    metadata,
    spec: z.object({
      scaleTargetRef: z.object({ kind: z.string().min(1), name: z.string().min(1) }),
      minReplicas: z.int().min(0).optional(),
      maxReplicas: z.int().min(1),
      metrics: z.array(rule).optional(),
    }),
    // `desiredReplicas` is 0 and `currentReplicas` missing until the controller has come by.
    status: z.object({
      currentReplicas: z.int().min(0).optional(),
      desiredReplicas: z.int().min(0),
      currentMetrics: z.array(measured).nullish(),
    }),
  })
  .transform(({ metadata: found, spec, status }) => ({
    namespace: found.namespace,
    name: found.name,
    target: { kind: spec.scaleTargetRef.kind, name: spec.scaleTargetRef.name },
    replicasMax: spec.maxReplicas,
    desired: status.desiredReplicas,
    current: status.currentReplicas ?? 0,
    /** Rules that ask for a share of what the pods request; `percent` is missing where the controller has no measurement. */
    rules: (spec.metrics ?? []).flatMap((one) => {
      const { type, resource, containerResource } = one;
      const asked = resource ?? containerResource;
      const targetPercent = asked?.target?.averageUtilization;
      if (asked === undefined || targetPercent === undefined) return [];
      const same = (status.currentMetrics ?? []).map((each) => each.resource ?? each.containerResource);
      const now = same.find((each) => each?.name === asked.name && each.container === asked.container);
      return [
        {
          name: `${type} ${asked.container === undefined ? "" : `${asked.container}/`}${asked.name}`,
          targetPercent,
          percent: now?.current?.averageUtilization,
        },
      ];
    }),
  }));

export type Scale = Readonly<z.output<typeof autoscaler>> & {
  /** Pods of the target that are ready. */
  readonly ready: number;
};

// The API leaves the field out where it is 0.
const target = z
  .object({ status: z.object({ readyReplicas: z.int().min(0).optional() }) })
  .transform(({ status }) => status.readyReplicas ?? 0);

const paths: Readonly<Record<string, string>> = { Deployment: "deployments", StatefulSet: "statefulsets" };
const autoscalersMax = 50;

/** All autoscalers with their targets' ready pods. A target that cannot be read makes the whole look `ok: false`. */
export async function readReplicas(cluster: Cluster): Promise<Reading<readonly Scale[]>> {
  const found = await cluster.list("/apis/autoscaling/v2/horizontalpodautoscalers", autoscaler);
  if (!found.ok) return found;
  const { value, source } = found;
  if (value.length > autoscalersMax) {
    return unread(`${value.length} autoscalers, at most ${autoscalersMax} are watched`, source, new Date());
  }
  const ready = await Promise.all(value.map(async (one) => readReady(cluster, one)));
  const scales: Scale[] = [];
  for (const [index, one] of value.entries()) {
    const reading = ready[index];
    if (reading === undefined || !reading.ok) return unread(reading?.why ?? "nothing was read", source, new Date());
    scales.push({ ...one, ready: reading.value });
  }
  return read(scales, source, new Date());
}

async function readReady(
  cluster: Cluster,
  { namespace, name, target: { kind, name: targetName } }: z.output<typeof autoscaler>,
): Promise<Reading<number>> {
  const path = paths[kind];
  if (path === undefined) {
    return unread(
      `autoscaler ${namespace}/${name} scales a ${kind}: its pods cannot be counted`,
      cluster.server,
      new Date(),
    );
  }
  return cluster.getJson(
    `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${path}/${encodeURIComponent(targetName)}`,
    target,
  );
}
