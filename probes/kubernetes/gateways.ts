/** Gateways and routes, with what their controller says of them. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { clusterMetadata, metadata } from "./shapes.ts";

/** A condition of the Gateway API: it speaks of the object as it was at that generation. */
const condition = z
  .object({
    type: z.string().min(1),
    status: z.string().min(1),
    reason: z.string(),
    observedGeneration: z.int(),
  })
  .transform(({ type, status, reason, observedGeneration }) => ({ type, status, reason, observedGeneration }));

/** Absent in an object that no controller has looked at: nothing was said then, and the judge says what that means. */
const conditions = z.array(condition).default([]);

const gatewayClass = z
  .object({
    metadata: clusterMetadata.extend({ generation: z.int() }),
    status: z.object({ conditions }).default({ conditions: [] }),
  })
  .transform(({ metadata: found, status }) => ({ name: found.name, generation: found.generation, ...status }));

const namespaced = metadata.extend({ generation: z.int() });

const gateway = z
  .object({
    metadata: namespaced,
    spec: z.object({ listeners: z.array(z.object({ name: z.string().min(1) })).min(1) }),
    status: z
      .object({ conditions, listeners: z.array(z.object({ name: z.string().min(1), conditions })).default([]) })
      .default({ conditions: [], listeners: [] }),
  })
  .transform(({ metadata: { namespace, name, generation }, spec, status }) => ({
    namespace,
    name,
    generation,
    conditions: status.conditions,
    /** Every listener that is declared; one that the status does not name has no conditions. */
    listeners: spec.listeners.map((listener) => ({
      name: listener.name,
      conditions: status.listeners.find((told) => told.name === listener.name)?.conditions ?? [],
    })),
  }));

const parentReference = z.object({
  namespace: z.string().optional(),
  name: z.string().min(1),
  sectionName: z.string().optional(),
});

const httpRoute = z
  .object({
    metadata: namespaced,
    spec: z.object({ parentRefs: z.array(parentReference).default([]) }),
    status: z
      .object({ parents: z.array(z.object({ parentRef: parentReference, conditions })).default([]) })
      .default({ parents: [] }),
  })
  .transform(({ metadata: { namespace, name, generation }, spec, status }) => {
    const labelOf = (parent: z.output<typeof parentReference>): string =>
      `${parent.namespace ?? namespace}/${parent.name}${parent.sectionName === undefined ? "" : ` ${parent.sectionName}`}`;
    return {
      namespace,
      name,
      generation,
      /** Every parent that is declared, as `namespace/gateway listener`; one that the status does not name has no conditions. */
      parents: spec.parentRefs.map((parent) => ({
        name: labelOf(parent),
        conditions: status.parents.find((told) => labelOf(told.parentRef) === labelOf(parent))?.conditions ?? [],
      })),
    };
  });

export type GatewayClass = Readonly<z.output<typeof gatewayClass>>;
export type Gateway = Readonly<z.output<typeof gateway>>;
export type HttpRoute = Readonly<z.output<typeof httpRoute>>;
export type RouteCondition = Readonly<z.output<typeof condition>>;

const group = "/apis/gateway.networking.k8s.io/v1";

/** All GatewayClasses. */
export async function readGatewayClasses(cluster: Cluster): Promise<Reading<readonly GatewayClass[]>> {
  return cluster.list(`${group}/gatewayclasses`, gatewayClass);
}

/** All Gateways. */
export async function readGateways(cluster: Cluster): Promise<Reading<readonly Gateway[]>> {
  return cluster.list(`${group}/gateways`, gateway);
}

/** All HTTPRoutes. */
export async function readHttpRoutes(cluster: Cluster): Promise<Reading<readonly HttpRoute[]>> {
  return cluster.list(`${group}/httproutes`, httpRoute);
}
