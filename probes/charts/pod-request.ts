/** What a pod asks of its node, by the scheduler's own rule. */
import { z } from "zod";
import { parseQuantity } from "../kubernetes/quantity.ts";

const quantity = z.union([z.string(), z.number()]);
const amounts = z.looseObject({ cpu: quantity.optional(), memory: quantity.optional() }).nullish();
const container = z.looseObject({
  name: z.string().min(1),
  image: z.string().optional(),
  restartPolicy: z.string().optional(),
  resources: z.looseObject({ requests: amounts, limits: amounts }).nullish(),
});

/** A pod's template as a chart renders it. */
export const podTemplate = z.looseObject({
  metadata: z
    .looseObject({ annotations: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish() })
    .optional(),
  spec: z.looseObject({
    containers: z.array(container).min(1),
    initContainers: z.array(container).nullish(),
    overhead: amounts,
  }),
});
export type PodTemplate = z.output<typeof podTemplate>;

/** Cores and bytes. */
export type Amount = { readonly cpu: number; readonly memory: number };

export const nothing: Amount = { cpu: 0, memory: 0 };
export const plus = (one: Amount, other: Amount): Amount => ({
  cpu: one.cpu + other.cpu,
  memory: one.memory + other.memory,
});
export const times = ({ cpu, memory }: Amount, factor: number): Amount => ({
  cpu: cpu * factor,
  memory: memory * factor,
});
const largest = (one: Amount, other: Amount): Amount => ({
  cpu: Math.max(one.cpu, other.cpu),
  memory: Math.max(one.memory, other.memory),
});

/**
 * What a pod asks for: the containers and the sidecars together, or the largest init container with the sidecars started before it,
 * whichever is more, and its overhead. A container without a request asks for its limit; one without either is named in `unknown`,
 * since a sum without it says too little. Source: Kubernetes, "Init containers: resource sharing" and "Sidecar containers".
 */
export function podRequest(template: PodTemplate): { readonly amount: Amount; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const of = (one: z.output<typeof container>): Amount => {
    const part = (resource: "cpu" | "memory"): number => {
      const written = one.resources?.requests?.[resource] ?? one.resources?.limits?.[resource];
      const value = written === undefined ? undefined : parseQuantity(String(written));
      if (value === undefined) unknown.push(`container ${one.name} asks for no ${resource}`);
      return value ?? 0;
    };
    return { cpu: part("cpu"), memory: part("memory") };
  };
  const { containers, initContainers, overhead } = template.spec;
  let sidecars = nothing;
  let starting = nothing;
  for (const one of initContainers ?? []) {
    const asks = of(one);
    if (one.restartPolicy === "Always") sidecars = plus(sidecars, asks);
    starting = largest(starting, one.restartPolicy === "Always" ? sidecars : plus(sidecars, asks));
  }
  const running = [...containers.map(of), injected(template)].reduce(plus, sidecars);
  // What is no quantity becomes NaN, which no judgement takes for within a limit.
  const over = {
    cpu: parseQuantity(String(overhead?.cpu ?? 0)) ?? Number.NaN,
    memory: parseQuantity(String(overhead?.memory ?? 0)) ?? Number.NaN,
  };
  return { amount: plus(largest(running, starting), over), unknown };
}

/** What Dapr's documentation recommends for a sidecar in production; the injector itself sets no request where none is asked for. */
const daprRecommended = { cpu: "100m", memory: "250Mi" };

/** The sidecar that Dapr's injector adds to an annotated pod. */
function injected({ metadata }: PodTemplate): Amount {
  const annotations = metadata?.annotations ?? {};
  if (String(annotations["dapr.io/enabled"] ?? "") !== "true") return nothing;
  const asked = (resource: "cpu" | "memory"): number =>
    parseQuantity(String(annotations[`dapr.io/sidecar-${resource}-request`] ?? daprRecommended[resource])) ??
    Number.NaN;
  return { cpu: asked("cpu"), memory: asked("memory") };
}
