/** Which secrets stand in a namespace, told by the pods that use them, and what each sidecar is declared to keep from its application. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata as podMetadata } from "../kubernetes/shapes.ts";
import { isFor, readComponents } from "./components.ts";

const reference = z.object({ name: z.string().optional(), optional: z.boolean().optional() });
const container = z.object({
  env: z.array(z.object({ valueFrom: z.object({ secretKeyRef: reference.optional() }).optional() })).optional(),
  envFrom: z.array(z.object({ secretRef: reference.optional() })).optional(),
});
const projected = z.object({ sources: z.array(z.object({ secret: reference.optional() })).optional() });
const volume = z.object({
  secret: z.object({ secretName: z.string().optional(), optional: z.boolean().optional() }).optional(),
  projected: projected.optional(),
});
const pod = z.object({
  metadata: podMetadata.extend({ annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.object({ volumes: z.array(volume).optional(), containers: z.array(container) }),
  status: z.object({ phase: z.string() }),
});
type Pod = z.output<typeof pod>;

const configuration = z.object({
  metadata: z.object({ name: z.string().min(1) }),
  spec: z.object({
    secrets: z
      .object({
        scopes: z
          .array(
            z.object({
              storeName: z.string().min(1),
              defaultAccess: z.string().optional(),
              allowedSecrets: z.array(z.string()).nullish(),
            }),
          )
          .optional(),
      })
      .optional(),
  }),
});
type Configuration = z.output<typeof configuration>;

/** What a sidecar is declared to let through, where that is more than a list of secrets. */
export type SidecarScope = { readonly app: string; readonly pod: string; readonly open: readonly string[] };

export type SecretScopes = {
  /** Names of secrets that running pods could not run without: they exist. */
  readonly used: readonly string[];
  /** One for each running pod with a sidecar; `open` says what keeps nothing back, and is empty where all is kept but a list. */
  readonly sidecars: readonly SidecarScope[];
};

/** `ok: false` where pods, components or configurations cannot be read. */
export async function readSecretScopes(cluster: Cluster, namespace: string): Promise<Reading<SecretScopes>> {
  const at = `namespaces/${encodeURIComponent(namespace)}`;
  const [pods, components, configurations] = await Promise.all([
    cluster.list(`/api/v1/${at}/pods`, pod),
    readComponents(cluster, namespace),
    cluster.list(`/apis/dapr.io/v1alpha1/${at}/configurations`, configuration),
  ]);
  if (!pods.ok) return pods;
  if (!components.ok) return components;
  if (!configurations.ok) return configurations;
  const running = pods.value.filter(({ metadata, status }) => {
    return status.phase === "Running" && metadata.deletionTimestamp === undefined;
  });
  const stores = components.value.filter(({ type }) => type.startsWith("secretstores."));
  const sidecars = running
    .filter(({ metadata }) => metadata.annotations?.["dapr.io/enabled"] === "true")
    .map(({ metadata }): SidecarScope => {
      const { annotations = {} } = metadata;
      const app = annotations["dapr.io/app-id"] ?? metadata.name;
      const own = configurations.value.find((one) => one.metadata.name === annotations["dapr.io/config"]);
      const builtIn = annotations["dapr.io/disable-builtin-k8s-secret-store"] === "true" ? [] : ["kubernetes"];
      const declared = stores.filter((store) => isFor(store, app)).map(({ name }) => name);
      return { app, pod: metadata.name, open: [...declared, ...builtIn].filter((store) => !isDenied(own, store)) };
    });
  return read({ used: [...new Set(running.flatMap(usedBy))].toSorted(), sidecars }, pods.source, new Date());
}

function isDenied(found: Configuration | undefined, store: string): boolean {
  const scope = found?.spec.secrets?.scopes?.find(({ storeName }) => storeName === store);
  // A list of allowed secrets is all that is allowed, whatever the default says.
  return scope?.defaultAccess === "deny" || (scope?.allowedSecrets ?? []).length > 0;
}

function usedBy({ spec }: Pod): readonly string[] {
  const references = [
    ...(spec.volumes ?? []).flatMap(({ secret, projected: parts }) => [
      { name: secret?.secretName, optional: secret?.optional },
      ...(parts?.sources ?? []).map((source) => source.secret),
    ]),
    ...spec.containers.flatMap(({ env = [], envFrom = [] }) => [
      ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef),
      ...envFrom.map(({ secretRef }) => secretRef),
    ]),
  ];
  return references.flatMap((one) => (one?.name === undefined || one.optional === true ? [] : [one.name]));
}
