/** A kind cluster that a contributor already has, with helm/harness-access and helm/health-platform (values-kind.yaml) installed. */
import { join } from "node:path";
import { deliveryInCluster } from "./delivery.ts";
import { local } from "./local.ts";
import { networkIntentOf } from "./network-intent.ts";
import type { Profile } from "./profile.ts";
import { projectRoot } from "./settings.ts";

// Put the files here, or lay a profile over this one (OKE_PROOF_PROFILE) that names others: helm/README.md says how to make them.
const state = join(projectRoot, ".oke-proof", "kind");

export const kind: Profile = {
  ...local,
  name: "kind",
  // The harness's own ServiceAccount, not the administrator that kind writes into ~/.kube/config.
  cluster: { kubeconfig: join(state, "harness.kubeconfig") },
  nodes: { count: 3 },
  ingress: {
    ...local.ingress,
    https: [{ host: "127.0.0.1", port: 443 }],
    http: [{ host: "127.0.0.1", port: 80 }],
    caFile: join(state, "ca.crt"),
  },
  delivery: deliveryInCluster({ port: 443, tokenFile: join(state, "git-push-token") }),
  signIn: { ...local.signIn, authenticatorsFile: join(state, "authenticators.json") },
  networkIntent: networkIntentOf("kind"),
  permits: { disturbances: [], namespaces: [] },
};
