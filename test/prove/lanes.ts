/** Which defects may be planted at the same time: two lanes that share no service, after those that everybody feels. */
import { criterionOf } from "../../criteria/catalogue.ts";

export const laneNames = ["alone", "events", "platform"] as const;
export type LaneName = (typeof laneNames)[number];

/** Names, certificates and nodes are everybody's. */
const alone: readonly string[] = [
  "nodes-healthy",
  "node-count",
  "api-server-reachable",
  "dns-in-cluster",
  "dns-ingress-hosts",
  "certificates-valid",
  "network-policies-enforced",
];
const areasOfEvents: readonly string[] = ["Events", "Todo platform", "Dapr"];
const ofEvents: readonly string[] = ["user-isolation-todo", "dapr-secrets-scoped", "tenant-isolation-dapr-state"];

/** The lane of a criterion's planted defects. @throws Error for an id that is not in the catalogue */
export function laneOf(id: string): LaneName {
  if (alone.includes(id)) return "alone";
  return areasOfEvents.includes(criterionOf(id).area) || ofEvents.includes(id) ? "events" : "platform";
}
