/** Namespaces: a list of pods of one that does not exist is empty, not an error. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";

const namespace = z
  .object({ metadata: z.object({ name: z.string().min(1) }) })
  .transform(({ metadata }) => metadata.name);

/** The names of all namespaces. */
export async function readNamespaces(cluster: Cluster): Promise<Reading<readonly string[]>> {
  return cluster.list("/api/v1/namespaces", namespace);
}
