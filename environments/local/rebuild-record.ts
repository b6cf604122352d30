/** The rebuild that was begun and is not at its end. Its record stands beside the cluster's own files: not in the cluster, which goes, and gone with `down`, which gives the backup up. */
import { diskJournal, type JournalRecord, type JournalStore } from "../../harness/journal.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import { UsageError } from "../settings.ts";
import { statePaths } from "./paths.ts";

/** Where it is written, before anything is deleted. */
export function rebuildJournal(directory: string = statePaths.rebuild): JournalStore {
  return diskJournal(directory);
}

/** The rebuild that is not at its end, or undefined. `ok: false` where its record cannot be read: something may be half made. */
export async function pendingRebuild(
  directory: string = statePaths.rebuild,
): Promise<Reading<JournalRecord | undefined>> {
  const found = await rebuildJournal(directory).list();
  return found.ok ? read(found.value[0], found.source, new Date(found.at)) : found;
}

/**
 * Refuses what would stand in a rebuild's way.
 * @throws UsageError that says which step is to be run
 */
export async function refuseWhilePending(command: string, directory: string = statePaths.rebuild): Promise<void> {
  const found = await pendingRebuild(directory);
  if (!found.ok) {
    throw new UsageError(
      `${command}: a rebuild was begun, and its record cannot be read (${found.why}): nothing is known of it but that its data are in the bucket of backups; 'bin/oke-proof down' gives them up`,
    );
  }
  if (found.value === undefined) return;
  const { runId, undo } = found.value;
  throw new UsageError(
    `${command}: the rebuild of cluster ${undo["clusterUid"] ?? ""} (run ${runId}) is not at its end, and its data are in backup ${undo["backup"] ?? ""}: 'bin/oke-proof undo' brings the cluster back from it, 'bin/oke-proof down' gives both up`,
  );
}
