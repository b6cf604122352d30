/** The cluster that `oke-proof up` stands up on this machine. */
import { join } from "node:path";
import { deliveryInCluster } from "./delivery.ts";
import { withDrillRights } from "./drill-rights.ts";
import { networkIntentOf } from "./network-intent.ts";
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
import { backupsOnLocalCluster } from "./platform-backups.ts";
import { platformPosture } from "./platform-posture.ts";
import { builtInPlan } from "./plan.ts";
import { disturbances, type Profile } from "./profile.ts";
import { projectRoot } from "./settings.ts";

const state = join(projectRoot, ".oke-proof", "local");
const host = "health.oke-proof.test";
const todoHost = "todo.oke-proof.test";
const gatewayService = { namespace: "platform-gateway", name: "platform-gateway" };

export const local: Profile = {
  name: "local",
  // expectedUid comes from what `up` recorded when it made the cluster (environments/load.ts).
  cluster: { kubeconfig: join(state, "harness.kubeconfig") },
  nodes: { count: 3, names: ["oke-proof-control-plane", "oke-proof-worker", "oke-proof-worker2"] },
  pods: { namespaces: "all", replacedWithinSeconds: 3600 },
  workloads: { namespaces: platformNamespaces },
  ingress: {
    // One port a node: a listener that is broken on one node only must not hide behind the others.
    https: [18443, 18444, 18445].map((port) => ({ host: "127.0.0.1", port })),
    http: [18080, 18081, 18082].map((port) => ({ host: "127.0.0.1", port })),
    caFile: join(state, "ca.crt"),
    daysLeftMin: 21,
    routes: [
      { host, path: "/healthz", status: 200, backend: healthApi },
      { host, path: "/readyz", status: 200, backend: healthApi },
      { host, path: "/openapi.json", status: 200, backend: healthApi },
      { host, path: "/auth/.well-known/jwks.json", status: 200, backend: webauthnServer },
      { host: todoHost, path: "/", status: 200, backend: todoFrontend },
    ],
  },
  dns: {
    inCluster: inClusterRecords,
    ingress: {
      resolvers: "probers",
      records: [host, todoHost].map((name) => ({ name, type: "A", answers: { service: gatewayService } })),
    },
  },
  storage: { namespaces: ["health-platform"], usedPercentMax: 80 },
  prober,
  serviceProber,
  databases,
  backups: backupsOnLocalCluster(join(state, "backup-store.json")),
  rowSecurityExempt,
  observability,
  signIn: {
    host,
    relyingParty: "oke-proof.test",
    authenticatorsFile: join(state, "authenticators.json"),
    revokedWithinSeconds,
  },
  protectedServices: protectedServices(host, todoHost),
  health: { host, users: ["alice-a", "bob-a", "bob-b"], roles: healthRoles, prober: flowProber },
  tenants,
  dependencies,
  // Cilium 1.15 reads no endPort (cilium/cilium#28684).
  enforcement: { ...enforcement, portRanges: "first port only" },
  todo: { host: todoHost, user: "bob-a" },
  eventBus,
  networkIntent: networkIntentOf("local"),
  plans: [builtInPlan("oke-staging"), builtInPlan("oke-production")],
  posture: withDrillRights(
    {
      ...platformPosture,
      registries: [{ known: "localhost", reached: "127.0.0.1:18500" }],
      // What a prove run lets a service log is forgotten as soon.
      logMinutes: 3,
    },
    disturbances,
  ),
  delivery: deliveryInCluster({ port: 18443, tokenFile: join(state, "git-push-token") }),
  permits: {
    disturbances: [...disturbances],
    // Besides the platform's own: Dapr's control plane, the cluster's DNS, and the gateway's controller.
    namespaces: [...platformNamespaces, "dapr-system", "kube-system", "platform-gateway"],
  },
  load: {
    usersFirst: 100,
    usersPlateau: 500,
    thinkSeconds: 13.5,
    rampSeconds: 10,
    // 500 users at a thought every 13.5 s ask each of eight endpoints about 1,040 times.
    plateauSeconds: 230,
    recoverySeconds: 30,
    generatorIdlePercentMin: 20,
    sharedMachine: "nodes of the local cluster are containers on the machine that the generator runs on",
  },
  // Each of the three nodes says that it has the whole machine, so that their average ends at a third of it: at 33 % nothing is left.
  bands: {
    cpuPercent: { from: 10, to: 25 },
    memoryPercent: { from: 8, to: 16 },
    why: "the three nodes are containers that share one machine, and each counts all of it as its own",
  },
  timeouts: { requestMs: 5_000, checkMs: 240_000 },
};
