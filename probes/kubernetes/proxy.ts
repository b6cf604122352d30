/** The harness's own pods inside the cluster, asked through the API server: no port-forward, no exec, one narrow right (get pods/proxy in one namespace). */
import type { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { readSelectedPods } from "./pods.ts";

/** A prober and the node it looks out from. One that is not ready, or about to go, is listed and can vouch for nothing. */
export type Prober = { readonly pod: string; readonly node: string; readonly ready: boolean };

/** The probers of the profile's selector that are bound to a node; an empty list where there are none. */
export async function listProbers(
  cluster: Cluster,
  profile: Pick<Profile, "prober">,
): Promise<Reading<readonly Prober[]>> {
  const pods = await readSelectedPods(cluster, profile.prober);
  if (!pods.ok) return pods;
  const probers = pods.value.flatMap(({ name, node, phase, ready, deletedAt }) =>
    node === undefined ? [] : [{ pod: name, node, ready: ready && phase === "Running" && deletedAt === undefined }],
  );
  return read(probers, pods.source, new Date(pods.at));
}

/**
 * Asks a prober over HTTP and parses the JSON it answers.
 * @param pod its name, in the profile's namespace of probers
 * @param pathAndQuery beginning with a slash
 */
export async function askProber<S extends z.ZodType>(
  cluster: Cluster,
  profile: Pick<Profile, "prober">,
  pod: string,
  pathAndQuery: string,
  schema: S,
): Promise<Reading<z.output<S>>> {
  return cluster.getJson(`${proxyOf(profile, pod)}${pathAndQuery}`, schema);
}

/**
 * Sends JSON to a prober over HTTP and parses the JSON it answers.
 * @param pod its name, in the profile's namespace of probers
 */
export async function tellProber<S extends z.ZodType>(
  cluster: Cluster,
  profile: Pick<Profile, "prober">,
  pod: string,
  told: { readonly path: string; readonly body: unknown },
  schema: S,
): Promise<Reading<z.output<S>>> {
  return cluster.postJson(`${proxyOf(profile, pod)}${told.path}`, told.body, schema);
}

function proxyOf({ prober: { namespace, port } }: Pick<Profile, "prober">, pod: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
}
