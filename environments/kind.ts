/** A kind cluster that a contributor already has, with helm/harness-access and helm/health-platform (values-kind.yaml) installed. */
import { homedir } from "node:os";
import { join } from "node:path";
import { local } from "./local.ts";
import type { Profile } from "./profile.ts";
import { projectRoot } from "./settings.ts";

export const kind: Profile = {
  ...local,
  name: "kind",
  // A profile laid over this one (OKE_PROOF_PROFILE) names the ServiceAccount's own kubeconfig and the addresses that the cluster publishes.
  cluster: { kubeconfig: join(homedir(), ".kube", "config"), context: "kind-kind" },
  ingress: { ...local.ingress, https: [{ host: "127.0.0.1", port: 443 }], http: [{ host: "127.0.0.1", port: 80 }] },
  nodes: { count: 3 },
  permits: { disturbances: [], namespaces: [] },
};
