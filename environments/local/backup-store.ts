/** Where backups go: MinIO as a container beside the nodes, so that what is lost with the cluster is not lost with its backups. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Engine } from "./engine.ts";
import { statePaths } from "./paths.ts";
import { backupStoreName, clusterName } from "./versions.ts";

export const backupBucket = "velero";
const port = 9000;
const callMsMax = 60_000;

const keysSchema = z.strictObject({ user: z.string().min(3), password: z.string().min(8) });
export type BackupKeys = z.infer<typeof keysSchema>;

/** An S3 address that pods reach, and what opens it. */
export type BackupStore = { readonly url: string; readonly keys: BackupKeys };

/** Starts the store where it does not run; its data stay through a new cluster, and go with `down`. */
export async function startBackupStore(engine: Engine, image: string, signal: AbortSignal): Promise<BackupStore> {
  const keys = await storeKeys();
  const running = await engine.call(["inspect", "--format", "{{.State.Running}} {{.Config.Image}}", backupStoreName], {
    signal,
    timeoutMs: callMsMax,
    accept: [1, 125],
  });
  if (running.stdout.trim() !== `true ${image}`) await run(engine, image, keys, signal);
  const address = await backupStoreAddress(engine, signal);
  if (address === undefined) throw new Error(`the container ${backupStoreName} has no address in ${clusterName}`);
  return { url: `http://${address}:${port}`, keys };
}

/** The store's address among the nodes; undefined where there is no such container, or it does not run. */
export async function backupStoreAddress(engine: Engine, signal: AbortSignal): Promise<string | undefined> {
  const template = `{{(index .NetworkSettings.Networks "${clusterName}").IPAddress}}`;
  const found = await engine.call(["inspect", "--format", template, backupStoreName], {
    signal,
    timeoutMs: callMsMax,
    accept: [1, 125],
  });
  const address = found.code === 0 ? found.stdout.trim() : "";
  return address === "" ? undefined : address;
}

export async function removeBackupStore(engine: Engine): Promise<void> {
  await engine.call(["rm", "-f", "-v", backupStoreName], { timeoutMs: callMsMax, accept: [1, 125] });
}

async function run(engine: Engine, image: string, keys: BackupKeys, signal: AbortSignal): Promise<void> {
  await removeBackupStore(engine);
  // MinIO takes a folder of its disk for a bucket: no client is needed to make one.
  await mkdir(join(statePaths.backups, backupBucket), { recursive: true });
  const variables = { MINIO_ROOT_USER: keys.user, MINIO_ROOT_PASSWORD: keys.password, MINIO_UPDATE: "off" };
  await engine.call(
    [
      "run",
      "-d",
      "--name",
      backupStoreName,
      "--network",
      clusterName,
      "--label",
      "oke-proof=backups",
      "--user",
      "0",
      ...Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      "-v",
      `${statePaths.backups}:/data`,
      image,
      "server",
      "/data",
      "--address",
      `:${port}`,
    ],
    { signal, timeoutMs: callMsMax },
  );
}

/** Made once; readable by this user only. */
async function storeKeys(): Promise<BackupKeys> {
  const text = await readFile(statePaths.backupKeys, "utf8").catch(() => undefined);
  if (text !== undefined) return keysSchema.parse(JSON.parse(text));
  const keys = { user: "backups", password: randomBytes(24).toString("base64url") };
  await writeFile(`${statePaths.backupKeys}.new`, `${JSON.stringify(keys)}\n`, { mode: 0o600 });
  await rename(`${statePaths.backupKeys}.new`, statePaths.backupKeys);
  return keys;
}
