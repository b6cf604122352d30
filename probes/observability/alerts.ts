/** An alert raised on purpose, and what arrived of it at the receiver. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { timestamp } from "../kubernetes/shapes.ts";
import { askWatcher, servicePath, type Watchers } from "./ask.ts";

const arrival = z.object({
  status: z.enum(["firing", "resolved"]),
  labels: z.record(z.string(), z.string()),
  receivedAt: timestamp,
});

export type Arrival = Readonly<z.output<typeof arrival>>;

/** What arrived at the alert receiver with this nonce, oldest first; times by the receiver's clock. */
export async function readArrivals(
  cluster: Cluster,
  watchers: Watchers,
  nonce: string,
): Promise<Reading<readonly Arrival[]>> {
  const path = `/alerts?${new URLSearchParams({ nonce }).toString()}`;
  const found = await askWatcher(cluster, watchers, "alertReceiver", path, z.object({ alerts: z.array(arrival) }));
  if (!found.ok) return found;
  // A receiver that passes the question by would let another run's alert pass for this one's.
  const own = found.value.alerts.filter(({ labels }) => labels["nonce"] === nonce);
  return read(own, found.source, new Date(found.at));
}

const raised = z.object({ nonce: z.string().min(1), until: timestamp });

/** Raises an alert for so many seconds: it is over by itself, whatever becomes of the run. */
export async function raiseAlert(
  cluster: Cluster,
  watchers: Watchers,
  wanted: { readonly nonce: string; readonly seconds: number },
): Promise<Reading<z.output<typeof raised>>> {
  const path = servicePath(watchers.namespace, watchers.services.alertReceiver, "/synthetic");
  return cluster.postJson(path, wanted, raised);
}
