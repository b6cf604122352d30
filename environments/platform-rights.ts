/** Every right that an account of the platform has, by the charts' own roles. What is not here is not allowed. */
import { harnessRights } from "./harness-rights.ts";
import type { Posture } from "./posture.ts";
import { thirdPartyRights } from "./third-party-rights.ts";

const todo = ["todo-backend", "notification-service", "recurring-task-service"].map((name) => ({
  namespace: "todo-chatbot",
  name,
  rights: ["get secrets:todo-settings @todo-chatbot"],
  why: "its sidecar reads the settings with its account, and no other secret",
}));

const ours: Posture["rights"]["accounts"] = [
  ...todo,
  {
    namespace: "todo-chatbot",
    name: "dapr-prober",
    rights: ["get secrets:oke-proof-probe @todo-chatbot"],
    why: "its sidecar reads a secret that opens nothing, to show that it can",
  },
  {
    namespace: "observability",
    name: "prometheus",
    rights: [
      "get,list,watch endpoints,nodes,pods,services @cluster",
      "get nodes/metrics @cluster",
      "get /metrics @cluster",
    ],
    why: "finds what there is to scrape, and scrapes the kubelets and the API server",
  },
  {
    namespace: "oke-proof",
    name: "oke-proof-prober",
    rights: ["get nodes/metrics,nodes/stats @cluster"],
    why: "reads the kubelets' numbers of volumes: numbers, and nothing of the pods",
  },
  {
    namespace: "oke-proof",
    name: "oke-proof-seal-prober",
    rights: [
      "create sealedsecrets.bitnami.com @oke-proof",
      "get,delete sealedsecrets.bitnami.com:oke-proof-sealed-sound,sealedsecrets.bitnami.com:oke-proof-sealed-altered,sealedsecrets.bitnami.com:oke-proof-sealed-moved @oke-proof",
      "get secrets:oke-proof-sealed-sound,secrets:oke-proof-sealed-altered,secrets:oke-proof-sealed-moved @oke-proof",
    ],
    why: "seals three secrets of its own and reads what became of them",
  },
];

/** Stands while a prove run shows that a harness without rights calls everything unproven. */
const blinded: Posture["rights"]["accounts"][number] = {
  namespace: "oke-proof",
  name: "oke-proof-blinded",
  rights: ["get namespaces:kube-system @cluster"],
  why: "a prove run's own: it may know which cluster it looks at, and nothing else",
};

const idleTokens: Posture["rights"]["idleTokens"] = [
  {
    namespace: "dapr-system",
    name: "dapr-placement",
    why: "Dapr's own chart mounts it and has no value to leave it out; the account may do nothing",
  },
];

/** @param namespaces those of the platform, which the harness looks into */
export function platformRights(namespaces: readonly string[]): Posture["rights"] {
  return { accounts: [...ours, blinded, ...thirdPartyRights, harnessRights(namespaces)], idleTokens: [...idleTokens] };
}
