/** What `up` writes down of the cluster it made, and everything else reads. */
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { UsageError } from "../settings.ts";
import { statePaths } from "./paths.ts";
import { layerNames } from "./versions.ts";

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  /** UID of the namespace kube-system. */
  clusterUid: z.string().min(1),
  /** The administrator's, for `up`, `down` and tests. */
  kubeconfig: z.string().min(1),
  adminContext: z.string().min(1),
  /** The harness's own ServiceAccount's; its token is good for some hours. */
  harnessKubeconfig: z.string().min(1),
  caFile: z.string().min(1),
  caKeyFile: z.string().min(1),
  /** Where the gateway listens on this machine, one address a node. */
  gateway: z.strictObject({ httpsAddresses: z.array(z.string()).min(1), httpAddresses: z.array(z.string()).min(1) }),
  engine: z.enum(["docker", "podman"]),
  engineVersion: z.string(),
  images: z.enum(["build", "pull"]),
  kubernetesVersion: z.string(),
  nodes: z.array(z.string()).min(1),
  /** References of the images that tests may start pods of. */
  appsImage: z.string().min(1),
  agnhostImage: z.string().min(1),
  /** The layers that are up, and what each was made from; another value means that `up` has something to do. */
  layerKeys: z.partialRecord(z.enum(layerNames), z.string()),
  /** What the nodes and the add-ons were made from. */
  clusterKey: z.string(),
  madeAt: z.iso.datetime(),
});

export type LocalCluster = z.infer<typeof schema>;

/**
 * The record of the local cluster.
 * @throws UsageError where there is none, or where it is not what `up` writes
 */
export function readLocalCluster(): LocalCluster {
  const found = findLocalCluster();
  if (found === undefined)
    throw new UsageError(`no record of a local cluster at ${statePaths.cluster}: run 'bin/oke-proof up'`);
  return found;
}

/** The record, or undefined where there is none. @throws UsageError where it cannot be understood */
export function findLocalCluster(): LocalCluster | undefined {
  let text: string;
  try {
    text = readFileSync(statePaths.cluster, "utf8");
  } catch {
    return undefined;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new UsageError(
      `${statePaths.cluster} is not a record of this version: run 'bin/oke-proof down', then 'bin/oke-proof up'`,
      { cause: error },
    );
  }
}

/** Writes the record in one step. */
export async function writeLocalCluster(cluster: LocalCluster): Promise<void> {
  const text = `${JSON.stringify(schema.parse(cluster), null, 2)}\n`;
  await writeFile(`${statePaths.cluster}.new`, text);
  await rename(`${statePaths.cluster}.new`, statePaths.cluster);
}
