/** The staging cluster on Oracle OKE. Host names and addresses are the installation's own: lay a file over this profile (OKE_PROOF_PROFILE). */
import { homedir } from "node:os";
import { join } from "node:path";
import { probedFromOutside } from "./availability.ts";
import { deliveryFromHost } from "./delivery.ts";
import { withDrillRights } from "./drill-rights.ts";
import { networkIntentOf } from "./network-intent.ts";
import { oracleTenancy } from "./oci.ts";
import {
  databases,
  dependencies,
  enforcement,
  eventBus,
  flowProber,
  healthApi,
  healthRoles,
  inClusterRecords,
  observability,
  platformNamespaces,
  prober,
  protectedServices,
  revokedWithinSeconds,
  rowSecurityExempt,
  serviceProber,
  tenants,
  todoFrontend,
  webauthnServer,
} from "./platform-names.ts";
import { backupsOnOracle } from "./platform-backups.ts";
import { platformPosture } from "./platform-posture.ts";
import { builtInPlan } from "./plan.ts";
import type { Profile } from "./profile.ts";

const host = "health.staging.example";
const todoHost = "todo.staging.example";

/**
 * Not `dns`, which is Oracle's to scale, nor `certificate`, whose authority's key is not had here, nor `rebuild`: its nodes are paid for and may not come again.
 */
const permits: Profile["permits"] = {
  disturbances: [
    "pod",
    "node",
    "network",
    "dependency",
    "traffic",
    "resources",
    "storage",
    "control-plane",
    "rollout",
    "backup",
  ],
  namespaces: [...platformNamespaces, "dapr-system", "platform-gateway"],
};

export const okeStaging: Profile = {
  name: "oke-staging",
  cluster: { kubeconfig: join(homedir(), ".kube", "oke-proof-staging") },
  // The roadmap's three nodes. The free allowance of June 2026 carries two at most: whoever runs on it lays `nodes: { count: 2 }` over this and reads the cost criteria.
  nodes: { count: 3 },
  pods: { namespaces: "all", replacedWithinSeconds: 86_400 },
  workloads: { namespaces: platformNamespaces },
  ingress: {
    https: [{ host, port: 443 }],
    http: [{ host, port: 80 }],
    daysLeftMin: 21,
    routes: [
      { host, path: "/healthz", status: 200, backend: healthApi },
      { host, path: "/readyz", status: 200, backend: healthApi },
      { host, path: "/auth/.well-known/jwks.json", status: 200, backend: webauthnServer },
      { host: todoHost, path: "/", status: 200, backend: todoFrontend },
    ],
  },
  dns: {
    inCluster: inClusterRecords,
    // An address of the documentation range stands until the load balancer's own is laid over it: nothing resolves to it by accident.
    ingress: {
      resolvers: [{ host: "1.1.1.1", port: 53 }],
      records: [host, todoHost].map((name) => ({ name, type: "A", answers: ["192.0.2.1"] })),
    },
  },
  storage: { namespaces: ["health-platform"], usedPercentMax: 80 },
  prober,
  serviceProber,
  databases,
  backups: backupsOnOracle(join(homedir(), ".config", "oke-proof", "backup-store-staging.json")),
  rowSecurityExempt,
  observability,
  signIn: {
    host,
    relyingParty: "staging.example",
    authenticatorsFile: join(homedir(), ".config", "oke-proof", "authenticators-staging.json"),
    revokedWithinSeconds,
  },
  protectedServices: protectedServices(host, todoHost),
  health: { host, users: ["alice-a", "bob-a", "bob-b"], roles: healthRoles, prober: flowProber },
  tenants,
  dependencies,
  enforcement,
  todo: { host: todoHost, user: "bob-a" },
  eventBus,
  availability: probedFromOutside({ health: host, todo: todoHost }, "staging.example"),
  oci: oracleTenancy,
  networkIntent: networkIntentOf("oke-staging"),
  plans: [builtInPlan("oke-staging")],
  posture: withDrillRights(platformPosture, permits.disturbances),
  delivery: deliveryFromHost(host, join(homedir(), ".config", "oke-proof", "git-token")),
  permits,
  // Ten minutes: a push is delivered within minutes, not seconds.
  load: {
    usersFirst: 100,
    usersPlateau: 500,
    thinkSeconds: 10,
    rampSeconds: 120,
    plateauSeconds: 600,
    recoverySeconds: 600,
    generatorIdlePercentMin: 20,
    balancerMbps: 10,
  },
  timeouts: { requestMs: 15_000, checkMs: 600_000 },
};
