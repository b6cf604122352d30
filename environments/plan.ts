/** What an Oracle environment would hold: the charts with its values, and the Terraform that makes room for them. Summed before anything is applied. */
import { join } from "node:path";
import { z } from "zod";
import { projectRoot } from "./settings.ts";

const text = z.string().min(1);

/** A chart as it would be installed: `helm template NAME CHART -n NAMESPACE -f VALUES ... --set-json ...`. */
const release = z.strictObject({
  name: text,
  namespace: text,
  /** Folder of the chart. */
  chart: text,
  values: z.array(text),
  /** Values laid over the files, by their paths. */
  set: z.record(z.string(), z.unknown()),
});

/** A system that is installed from its makers' own chart or manifests, which are not in this project: what it asks for in all. */
const besides = z.strictObject({
  name: text,
  /** Kubernetes quantities; of one node where `everyNode` is true. */
  cpu: text,
  memory: text,
  claims: z.int().min(0),
  everyNode: z.boolean(),
  /** Where the numbers are from. */
  source: text,
});

export const planSchema = z.strictObject({
  environment: z.enum(["oke-staging", "oke-production"]),
  terraform: z.strictObject({ folder: text, variableFiles: z.array(text) }),
  releases: z.array(release).min(1),
  besides: z.array(besides),
});

export type Plan = z.infer<typeof planSchema>;
export type PlannedRelease = Plan["releases"][number];
export type PlannedBesides = Plan["besides"][number];

const charts = join(projectRoot, "helm");
/** Any reference does where nothing is pulled: a chart asks for one. */
const image = { "global.images.apps": "registry.example/oke-proof/apps:1.0.0" };

/** Chart (below helm/) and namespace of every release that this project brings. */
const ourReleases = [
  ["health-platform", "health-platform", "health-platform"],
  ["todo-chatbot", "todo-chatbot", "todo-chatbot"],
  ["kafka", "kafka", "todo-chatbot/charts/kafka"],
  ["delivery", "argocd", "delivery"],
  ["harness-access", "oke-proof", "harness-access"],
  // Asks for nothing; what the others ask for is held to its policies.
  ["network-policies", "oke-proof", "network-policies"],
] as const;

/** What else is installed, with the values of helm/third-party; a test of the stage `charts` renders those charts that are at hand and compares. */
const installedBesides: readonly PlannedBesides[] = [
  ["Envoy Gateway", "100m", "256Mi", "gateway-helm 1.9.1, its defaults"],
  ["metrics-server", "100m", "200Mi", "metrics-server's manifest, its defaults"],
  ["Dapr", "80m", "256Mi", "helm/third-party/dapr/values.yaml over Dapr's chart"],
  ["Sealed Secrets", "10m", "32Mi", "helm/third-party/sealed-secrets/values.yaml over its chart"],
  ["Argo CD", "80m", "288Mi", "helm/third-party/argocd/changes over its core installation"],
  ["Velero", "20m", "96Mi", "helm/third-party/velero/values.yaml over its chart"],
].map(([name = "", cpu = "", memory = "", source = ""]) => ({
  name,
  cpu,
  memory,
  claims: 0,
  everyNode: false,
  source,
}));

/**
 * The plan of an environment as the project ships it. Staging has two nodes, so that the loss of one can be tried, which leaves room for one volume;
 * production has one node of all that is free, which leaves room for both databases (docs/decisions/0008-free-tier-selection.md).
 */
export function builtInPlan(environment: Plan["environment"]): Plan {
  const environments = join(projectRoot, "terraform", "environments");
  const folder = join(environments, environment.replace("oke-", ""));
  const sizes = environment === "oke-production" ? [join(environments, "one-node.tfvars")] : [];
  return {
    environment,
    terraform: { folder, variableFiles: [join(folder, "terraform.tfvars.example"), ...sizes] },
    releases: ourReleases.map(([name, namespace, chart]) => ({
      name,
      namespace,
      chart: join(charts, chart),
      values: [join(charts, chart, `values-${environment}.yaml`)],
      set: image,
    })),
    besides: [...installedBesides],
  };
}
