/** Undo is written before the act. Each record stands in every store (disk, and the cluster itself) until its fault is known to be removed. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { read, unread, type Reading } from "./verdict.ts";

const recordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string().regex(/^[A-Za-z0-9.-]{1,100}$/),
  fault: z.string().regex(/^[a-z0-9-]{1,100}$/),
  /** What was about to be touched, by name. */
  targets: z.array(z.string()).max(10_000),
  /** All that `remove` needs to put things back, from another process or machine. */
  undo: z.record(z.string(), z.string()),
  writtenAt: z.string(),
});

/** One fault that may stand in the cluster. */
export type JournalRecord = z.infer<typeof recordSchema>;

/** A place where records survive the death of the process. */
export type JournalStore = {
  readonly name: string;
  write(record: JournalRecord): Promise<void>;
  /** Forgets a record; harmless where it is not there. */
  forget(record: Pick<JournalRecord, "runId" | "fault">): Promise<void>;
  list(): Promise<Reading<readonly JournalRecord[]>>;
};

/**
 * Writes a record to every store; only when all of them hold it may the fault be injected.
 * @throws Error naming the store that could not be written, with its cause
 */
export async function writeAhead(stores: readonly JournalStore[], record: JournalRecord): Promise<void> {
  if (stores.length === 0)
    throw new Error(`writing the undo record of ${record.fault}: there is no store to write it to`);
  for (const store of stores) {
    try {
      await store.write(record);
    } catch (error) {
      // Nothing will be injected, so that no store may claim that something stands.
      await Promise.allSettled(stores.map((written) => written.forget(record)));
      throw new Error(`writing the undo record of ${record.fault} to ${store.name}: nothing was injected`, {
        cause: error,
      });
    }
  }
}

/** Reads a record from text. A damaged one is unreadable, never an empty list: something may still stand in the cluster. */
export function parseRecord(text: string, source: string, at: Date): Reading<JournalRecord> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return unread("the undo record is not JSON", source, at);
  }
  const parsed = recordSchema.safeParse(raw);
  return parsed.success
    ? read(parsed.data, source, at)
    : unread(`the undo record is damaged: ${parsed.error.issues[0]?.message ?? ""}`, source, at);
}

/** A store of one file a record, written with fsync and a rename so that a power cut leaves the old or the new. */
export function diskJournal(directory: string): JournalStore {
  const fileOf = (record: Pick<JournalRecord, "runId" | "fault">): string =>
    join(directory, `${record.runId}.${record.fault}.json`);
  return {
    name: `journal ${directory}`,
    async write(record) {
      mkdirSync(directory, { recursive: true });
      const temporary = `${fileOf(record)}.tmp`;
      const handle = openSync(temporary, "w");
      try {
        writeSync(handle, JSON.stringify(recordSchema.parse(record)));
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(temporary, fileOf(record));
    },
    async forget(record) {
      rmSync(fileOf(record), { force: true });
    },
    async list() {
      return listRecords(directory);
    },
  };
}

function listRecords(directory: string): Reading<readonly JournalRecord[]> {
  const at = new Date();
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return missing ? read([], directory, at) : unread(`the journal cannot be read: ${String(error)}`, directory, at);
  }
  const records: JournalRecord[] = [];
  for (const name of names) {
    const record = parseRecord(readFileSync(join(directory, name), "utf8"), join(directory, name), at);
    if (!record.ok) return unread(`${name}: ${record.why}`, directory, at);
    records.push(record.value);
  }
  return read(records, directory, at);
}
