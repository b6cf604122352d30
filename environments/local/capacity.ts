/** Whether this machine can make the cluster anew: asked while the old one stands, since what is deleted cannot answer for what is missing. */
import { readFile, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { cachePaths, statePaths } from "./paths.ts";

const gigabyte = 1024 ** 3;
/** Free bytes: of memory while the cluster stands, and of the disks of the engine's storage and of the bucket of backups. */
export type Capacity = {
  readonly memoryBytes: number;
  readonly engineDiskBytes: number;
  readonly bucketDiskBytes: number;
};

/**
 * What the old nodes hold is free once they are gone, so that a cluster of the same size fits: this is what must be free besides, for a backup while they
 * stand, and for Helm, images and volumes that are copied back beside new nodes.
 */
const gigabytesMin = { memory: 1, engineDisk: 5, bucketDisk: 2 } as const;

/** What is short, a sentence each; empty where nothing is. A number that is none is short. */
export function shortages({ memoryBytes, engineDiskBytes, bucketDiskBytes }: Capacity): readonly string[] {
  const rows = [
    ["available memory", memoryBytes, gigabytesMin.memory],
    [`free disk at ${cachePaths.root}`, engineDiskBytes, gigabytesMin.engineDisk],
    [`free disk at ${statePaths.backups}`, bucketDiskBytes, gigabytesMin.bucketDisk],
  ] as const;
  return rows.flatMap(([what, bytes, min]) =>
    bytes >= min * gigabyte ? [] : [`${what}: ${(bytes / gigabyte).toFixed(1)} GB, at least ${min} GB are needed`],
  );
}

/** `ok: false` where one of them cannot be read: nobody may delete a cluster on a guess. */
export async function readCapacity(): Promise<Reading<Capacity>> {
  const source = "this machine";
  try {
    const kilobytes = /^MemAvailable:\s+(\d+)/m.exec(await readFile("/proc/meminfo", "utf8"))?.[1];
    const [engineDisk, bucketDisk] = await Promise.all([statfs(cachePaths.root), statfs(dirname(statePaths.backups))]);
    const capacity: Capacity = {
      memoryBytes: Number(kilobytes) * 1024,
      engineDiskBytes: engineDisk.bavail * engineDisk.bsize,
      bucketDiskBytes: bucketDisk.bavail * bucketDisk.bsize,
    };
    return read(capacity, source, new Date());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return unread(`what is free could not be read: ${why}`, source, new Date());
  }
}
