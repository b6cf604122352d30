/** What is declared of Dapr: components and the applications that each is meant for. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata } from "../kubernetes/shapes.ts";

const component = z
  .object({
    metadata,
    spec: z.object({
      type: z.string().min(1),
      version: z.string().min(1),
      metadata: z.array(z.object({ name: z.string().min(1), value: z.unknown().optional() })).nullish(),
    }),
    scopes: z.array(z.string().min(1)).nullish(),
  })
  .transform(({ metadata: { name }, spec, scopes }) => ({
    name,
    type: spec.type,
    version: spec.version,
    /** Applications that it is meant for; empty means all of the namespace. */
    scopes: scopes ?? [],
    /** Settings that are plain text. */
    settings: Object.fromEntries(
      (spec.metadata ?? []).flatMap((one) => (typeof one.value === "string" ? [[one.name, one.value] as const] : [])),
    ),
  }));

export type Component = Readonly<z.output<typeof component>>;

/** All components of a namespace. */
export async function readComponents(cluster: Cluster, namespace: string): Promise<Reading<readonly Component[]>> {
  return cluster.list(`/apis/dapr.io/v1alpha1/namespaces/${encodeURIComponent(namespace)}/components`, component);
}

/** Whether a component is meant for an application. */
export function isFor({ scopes }: Component, appId: string): boolean {
  return scopes.length === 0 || scopes.includes(appId);
}
