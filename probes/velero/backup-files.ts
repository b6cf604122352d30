/** What a backup left in the bucket: its archive, its list of volumes, its warnings and errors, and its own description. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { BackupStore } from "../backup-store/store.ts";
import { timestamp } from "../kubernetes/shapes.ts";
import { oneLine, whyOf } from "../why.ts";
import { tarFileNames } from "./archive.ts";

/** A file as the bucket has it. `missing` and `damaged` are what was seen, not what could not be seen: it came whole and cannot be read. */
export type BackupFile<T> =
  | { readonly state: "held"; readonly value: T }
  | { readonly state: "missing"; readonly key: string }
  | { readonly state: "damaged"; readonly key: string; readonly why: string };

/** A text with where it belongs: a namespace, `cluster`, or `velero`. */
export type Message = { readonly about: string; readonly text: string };

export type BackupFiles = {
  /** Names of the objects' files, as `resources/pods/namespaces/NAMESPACE/NAME.json`. */
  readonly archive: Reading<BackupFile<readonly string[]>>;
  readonly volumes: Reading<BackupFile<readonly BackedUpVolume[]>>;
  readonly results: Reading<BackupFile<{ readonly errors: readonly Message[]; readonly warnings: readonly Message[] }>>;
  readonly description: Reading<BackupFile<{ readonly name: string; readonly startedAt: string | undefined }>>;
};

const texts = z.array(z.string()).nullish();
const messages = z
  .object({ velero: texts, cluster: texts, namespaces: z.record(z.string(), texts).nullish() })
  .transform(({ velero, cluster, namespaces }): readonly Message[] => [
    ...(velero ?? []).map((text) => ({ about: "velero", text })),
    ...(cluster ?? []).map((text) => ({ about: "cluster", text })),
    ...Object.entries(namespaces ?? {}).flatMap(([about, found]) => (found ?? []).map((text) => ({ about, text }))),
  ]);
/** Both keys must be there: a file that lost one says nothing of warnings or errors. */
const resultsSchema = z.object({ errors: messages, warnings: messages });

const volume = z
  .object({
    pvcName: z.string().optional(),
    pvcNamespace: z.string().optional(),
    backupMethod: z.string().optional(),
    skipped: z.boolean(),
    skippedReason: z.string().optional(),
    result: z.string().optional(),
    pvbInfo: z.object({ snapshotHandle: z.string().optional(), size: z.int().min(0).optional() }).nullish(),
  })
  .transform((found) => ({
    /** Both empty for a volume that is no claim's. */
    namespace: found.pvcNamespace ?? "",
    claim: found.pvcName ?? "",
    /** PodVolumeBackup where files were copied. */
    method: found.backupMethod ?? "",
    skipped: found.skipped,
    skippedReason: found.skippedReason ?? "",
    /** `succeeded` or `failed`; empty where it was skipped. */
    result: found.result ?? "",
    snapshotId: found.pvbInfo?.snapshotHandle ?? "",
    bytes: found.pvbInfo?.size ?? 0,
  }));

/** What Velero wrote down of a volume when the backup ended. */
export type BackedUpVolume = Readonly<z.output<typeof volume>>;

const description = z
  .object({
    metadata: z.object({ name: z.string().min(1) }),
    status: z.object({ startTimestamp: timestamp.nullish() }).optional(),
  })
  .transform(({ metadata, status }) => ({ name: metadata.name, startedAt: status?.startTimestamp ?? undefined }));

/**
 * Reads what a backup left; the logs are left where they are.
 * @param prefix of the storage location; empty where it has none
 */
export async function readBackupFiles(store: BackupStore, prefix: string, backup: string): Promise<BackupFiles> {
  const folder = `${prefix === "" ? "" : `${prefix.replace(/\/+$/, "")}/`}backups/${backup}`;
  const [archive, volumes, results, described] = await Promise.all([
    readFile(store, `${folder}/${backup}.tar.gz`, async (content) => tarFileNames(await unpacked(content))),
    readFile(store, `${folder}/${backup}-volumeinfo.json.gz`, jsonIn(z.array(volume))),
    readFile(store, `${folder}/${backup}-results.gz`, jsonIn(resultsSchema)),
    readFile(store, `${folder}/velero-backup.json`, async (content) => parsed(content, description)),
  ]);
  return { archive, volumes, results, description: described };
}

async function readFile<T>(
  store: BackupStore,
  key: string,
  parse: (content: Buffer) => Promise<T>,
): Promise<Reading<BackupFile<T>>> {
  const found = await store.get(key);
  if (!found.ok) return found;
  const at = new Date(found.at);
  if (found.value.state === "missing") return read({ state: "missing", key }, found.source, at);
  try {
    if (found.value.content.length === 0) throw new Error("it is empty");
    return read({ state: "held", value: await parse(found.value.content) }, found.source, at);
  } catch (error) {
    return read({ state: "damaged", key, why: whyOf(error) }, found.source, at);
  }
}

const unpackedBytesMax = 512 * 1024 * 1024;
const gunzipAsync = promisify(gunzip);

async function unpacked(content: Buffer): Promise<Buffer> {
  return gunzipAsync(content, { maxOutputLength: unpackedBytesMax });
}

function jsonIn<S extends z.ZodType>(schema: S): (content: Buffer) => Promise<z.output<S>> {
  return async (content) => parsed(await unpacked(content), schema);
}

function parsed<S extends z.ZodType>(content: Buffer, schema: S): z.output<S> {
  const found = schema.safeParse(JSON.parse(content.toString("utf8")));
  if (found.success) return found.data;
  throw new Error(`it has another shape: ${oneLine(z.prettifyError(found.error))}`);
}
