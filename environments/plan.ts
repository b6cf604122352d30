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

/** The plan of an environment as the project ships it. */
export function builtInPlan(environment: Plan["environment"]): Plan {
  const chart = (name: string, namespace: string, files: readonly string[]): PlannedRelease => ({
    name,
    namespace,
    chart: join(charts, name),
    values: files.map((file) => join(charts, name, file)),
    set: image,
  });
  const folder = join(projectRoot, "terraform", "environments", environment.replace("oke-", ""));
  return {
    environment,
    terraform: { folder, variableFiles: [join(folder, "terraform.tfvars.example")] },
    releases: [
      chart("health-platform", "health-platform", [`values-${environment}.yaml`]),
      chart("harness-access", "oke-proof", []),
    ],
    besides: [
      {
        name: "Envoy Gateway",
        cpu: "100m",
        memory: "256Mi",
        claims: 0,
        everyNode: false,
        source: "gateway-helm 1.9.1, deployment.envoyGateway.resources",
      },
      {
        name: "metrics-server",
        cpu: "100m",
        memory: "200Mi",
        claims: 0,
        everyNode: false,
        source: "metrics-server's manifest, resources",
      },
    ],
  };
}
