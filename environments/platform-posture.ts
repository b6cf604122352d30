/** The hardening of the platform's own namespaces (helm/namespaces.yaml), and each thing that is excepted from it. */
import { hardenings, type Posture } from "./posture.ts";
import { platformRights } from "./platform-rights.ts";
import { platformScanExceptions } from "./scan-exceptions.ts";

const restricted = [
  "health-platform",
  "todo-chatbot",
  "kafka",
  "observability",
  "argocd",
  "delivery",
  "sealed-secrets",
];
/** The harness's own: its probers, and those that only NetworkPolicies are tried in. */
const harness = ["oke-proof", "oke-proof-network-x", "oke-proof-network-y", "oke-proof-network-z"];

const namespaces: Posture["namespaces"] = [
  ...[...restricted, ...harness].map((name) => ({ name, level: "restricted" as const })),
  {
    name: "dapr-system",
    level: "baseline",
    why: "Dapr's own chart leaves allowPrivilegeEscalation unset and has no value for it",
  },
  {
    name: "observability-nodes",
    level: "privileged",
    why: "what measures a node and reads its containers' logs mounts the node's folders",
  },
  { name: "velero", level: "privileged", why: "the node agent reads the volumes of all pods from the node" },
];

/** Velero's own installer, which sets no security context at all. */
const veleros = [
  ["velero", "velero"],
  ["velero", "velero-plugin-for-aws"],
  ["velero", "oke-proof-velero-plugin-for-aws"],
  ["node-agent", "node-agent"],
  // Jobs that Velero makes for the repository of each namespace's volumes, every hour.
  ["health-platform-default-kopia-maintain-job", "velero-repo-maintenance-container"],
  ["todo-chatbot-default-kopia-maintain-job", "velero-repo-maintenance-container"],
] as const;

const containers: Posture["containers"] = [
  ...["dapr-operator", "dapr-sentry", "dapr-placement-server", "dapr-sidecar-injector"].map((name) => ({
    namespace: "dapr-system",
    workload: name,
    container: name,
    lacks: ["no escalation" as const],
    why: "Dapr's own chart leaves allowPrivilegeEscalation unset and has no value for it",
  })),
  {
    namespace: "observability-nodes",
    workload: "log-agent",
    container: "log-agent",
    lacks: ["another user than root"],
    why: "the kubelet's log files belong to root, and nobody else may read them",
  },
  ...veleros.map(([workload, container]) => ({
    namespace: "velero",
    workload,
    container,
    lacks: hardenings.filter((one) => one !== "no privilege"),
    why: "Velero's own installer sets no security context; the node agent must read the files of every pod's volumes",
  })),
];

export const platformPosture: Posture = {
  namespaces,
  containers,
  scanExceptions: [...platformScanExceptions],
  registries: [],
  logMinutes: 60,
  rights: platformRights(namespaces.map(({ name }) => name)),
};
