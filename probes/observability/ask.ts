/** The platform's watchers, asked through the API server's proxy: no port-forward, one narrow right for each Service. */
import type { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";

export type Watchers = Profile["observability"];
export type Watcher = keyof Watchers["services"];

/** The path of a Service below the API server. @param service SERVICE:PORT */
export function servicePath(namespace: string, service: string, pathAndQuery: string): string {
  const [name = "", port = ""] = service.split(":");
  const proxied = `${encodeURIComponent(name)}:${encodeURIComponent(port)}`;
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${proxied}/proxy${pathAndQuery}`;
}

/** GETs JSON of a watcher and parses it. @param pathAndQuery beginning with a slash */
export async function askWatcher<S extends z.ZodType>(
  cluster: Cluster,
  watchers: Watchers,
  watcher: Watcher,
  pathAndQuery: string,
  schema: S,
): Promise<Reading<z.output<S>>> {
  return cluster.getJson(servicePath(watchers.namespace, watchers.services[watcher], pathAndQuery), schema);
}
