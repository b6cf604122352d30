/** The objects that a chart renders, by kind. */
import { z } from "zod";
import { podTemplate } from "./pod-request.ts";

const metadata = z.looseObject({ name: z.string().min(1), namespace: z.string().optional() });
const quantity = z.union([z.string(), z.number()]);

/** Any object. */
export const manifestSchema = z.looseObject({ apiVersion: z.string().min(1), kind: z.string().min(1), metadata });
export type Manifest = z.output<typeof manifestSchema>;

const claimSpec = z.looseObject({
  resources: z.looseObject({ requests: z.looseObject({ storage: quantity }) }),
});
const count = z.int().min(0);

/** A workload that holds pods. */
export const replicated = z.looseObject({
  metadata,
  spec: z.looseObject({
    replicas: count.optional(),
    template: podTemplate,
    volumeClaimTemplates: z.array(z.looseObject({ metadata, spec: claimSpec })).nullish(),
  }),
});
const jobSpec = z.looseObject({ parallelism: count.optional(), template: podTemplate });
export const job = z.looseObject({ metadata, spec: jobSpec });
export const cronJob = z.looseObject({
  metadata,
  spec: z.looseObject({ jobTemplate: z.looseObject({ spec: jobSpec }) }),
});
export const claim = z.looseObject({ metadata, spec: claimSpec });
export const service = z.looseObject({ metadata, spec: z.looseObject({ type: z.string().optional() }) });
export const autoscaler = z.looseObject({
  metadata,
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({ kind: z.string().min(1), name: z.string().min(1) }),
    maxReplicas: count,
  }),
});

const envoyContainer = z.looseObject({ resources: z.unknown() });
/** Envoy Gateway makes a Deployment and a Service of it, of type LoadBalancer where nothing else is written. */
export const envoyProxy = z.looseObject({
  metadata,
  spec: z.looseObject({
    provider: z.looseObject({
      kubernetes: z.looseObject({
        envoyDeployment: z.looseObject({ replicas: count.nullish(), container: envoyContainer.optional() }).optional(),
        envoyService: z.looseObject({ type: z.string().optional() }).optional(),
      }),
    }),
  }),
});

/** Kinds and groups that make neither a pod nor a volume nor a load balancer. What is not named here is not known to. */
const idleKinds = ["ConfigMap", "Secret", "ServiceAccount", "Namespace", "ResourceQuota", "LimitRange", "Endpoints"];
const idleGroups = [
  "rbac.authorization.k8s.io",
  "networking.k8s.io",
  "policy",
  "gateway.networking.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "storage.k8s.io",
  "scheduling.k8s.io",
  "dapr.io",
  "bitnami.com",
  "argoproj.io",
  "velero.io",
  "cert-manager.io",
];

export function isIdle({ apiVersion, kind }: Manifest): boolean {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  if (group === "") return idleKinds.includes(kind);
  return idleGroups.includes(group) || (group === "gateway.envoyproxy.io" && kind !== "EnvoyProxy");
}
