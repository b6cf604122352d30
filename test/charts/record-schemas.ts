/** Records the API server's own schemas of everything that the charts make: `bin/node test/charts/record-schemas.ts [KUBECONFIG]`, with all layers up. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import { statePaths } from "../../environments/local/paths.ts";
import { transportOf } from "../../probes/kubernetes/transport.ts";
import { recordedFile } from "./schemas.ts";

const groups = [
  "api/v1",
  "apis/apps/v1",
  "apis/batch/v1",
  "apis/policy/v1",
  "apis/autoscaling/v2",
  "apis/rbac.authorization.k8s.io/v1",
  "apis/networking.k8s.io/v1",
  "apis/admissionregistration.k8s.io/v1",
  "apis/apiextensions.k8s.io/v1",
  "apis/gateway.networking.k8s.io/v1",
  "apis/gateway.networking.k8s.io/v1beta1",
  "apis/gateway.envoyproxy.io/v1alpha1",
  "apis/dapr.io/v1alpha1",
  "apis/dapr.io/v2alpha1",
  "apis/bitnami.com/v1alpha1",
  "apis/argoproj.io/v1alpha1",
];

const config = new KubeConfig();
config.loadFromFile(process.argv[2] ?? statePaths.kubeconfig);
const server = config.getCurrentCluster()?.server ?? "";
const ask = transportOf(config, server, { requestMs: 60_000, signal: AbortSignal.timeout(300_000) });
const page = z.object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) });

const schemas: Record<string, unknown> = {};
for (const group of groups) {
  const answer = await ask(`/openapi/v3/${group}`);
  if (!answer.ok || answer.status !== 200) throw new Error(`${group}: ${answer.ok ? answer.status : answer.why}`);
  Object.assign(schemas, lean(page.parse(JSON.parse(answer.body)).components.schemas));
}
const text = JSON.stringify(Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1))));
writeFileSync(recordedFile, gzipSync(text, { level: 9 }));
console.log(`${join(recordedFile)}: ${Object.keys(schemas).length} schemas, ${text.length} characters`);

/** Without what is for people only: nine tenths of the text. A property may be called "description": only texts go. */
function lean(value: unknown): object {
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    const kept = Object.entries(node).filter(([key, found]) => !(key === "description" && typeof found === "string"));
    return Object.fromEntries(kept.map(([key, found]) => [key, walk(found)]));
  };
  const walked = walk(value);
  return typeof walked === "object" && walked !== null ? walked : {};
}
