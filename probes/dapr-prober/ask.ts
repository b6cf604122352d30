/** The probers of the event bus, asked through the API server's proxy by the names of their Services. */
import type { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { servicePath } from "../observability/ask.ts";

export type EventBus = Profile["eventBus"];
/** The application that is in the components' scopes, or the one that is not. */
export type Vantage = keyof EventBus["probers"];

/** A broker or a sidecar that hesitates is answered for by the prober, which gives up by itself before this. */
const requestMs = 25_000;

/** Sends JSON to a prober and parses what it answers. @param told.path beginning with a slash */
export async function tellDaprProber<S extends z.ZodType>(
  cluster: Cluster,
  bus: EventBus,
  told: { readonly path: string; readonly body: unknown; readonly as?: Vantage },
  schema: S,
): Promise<Reading<z.output<S>>> {
  const service = bus.probers[told.as ?? "inScope"];
  return cluster.postJson(servicePath(bus.namespace, service, told.path), told.body, schema, { requestMs });
}

/** GETs JSON of a prober and parses it. */
export async function askDaprProber<S extends z.ZodType>(
  cluster: Cluster,
  bus: EventBus,
  asked: { readonly path: string; readonly as?: Vantage },
  schema: S,
): Promise<Reading<z.output<S>>> {
  return cluster.getJson(servicePath(bus.namespace, bus.probers[asked.as ?? "inScope"], asked.path), schema);
}
