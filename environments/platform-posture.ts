/** The hardening of the platform's own namespaces (helm/namespaces.yaml), and each thing that is excepted from it. */
import type { Posture } from "./posture.ts";
import { platformRights } from "./platform-rights.ts";

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

export const platformPosture: Posture = {
  namespaces: [
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
  ],
  containers: [],
  registries: [],
  logMinutes: 60,
  rights: platformRights,
};
