/** What the platform's charts call things, wherever they are installed. */
import type { Profile } from "./profile.ts";

/** The response header by which the reference Health API is known from any other backend. */
export const healthApi = { header: "x-oke-proof-backend", value: "health-api" };

/** The namespaces of our charts: helm/health-platform and helm/harness-access. */
export const platformNamespaces = ["health-platform", "oke-proof"];

/** Names that must resolve inside the cluster. */
export const inClusterRecords: Profile["dns"]["inCluster"] = [
  { namespace: "default", name: "kubernetes" },
  { namespace: "health-platform", name: "health-api" },
].map((service) => ({
  name: `${service.name}.${service.namespace}.svc.cluster.local`,
  type: "A",
  answers: { service },
}));

/** The harness's own pods, one a node. */
export const prober: Profile["prober"] = {
  namespace: "oke-proof",
  selector: "app.kubernetes.io/name=prober",
  port: 8080,
};
