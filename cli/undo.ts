/** `oke-proof undo`: takes away what interrupted runs left behind. */
import { loadProfile } from "../environments/load.ts";
import { readSettings, UsageError } from "../environments/settings.ts";
import { finishRebuild } from "../fixtures/restore/finish-rebuild.ts";
import { journalDirectory, journalsOf } from "../fixtures/undo/journals.ts";
import { putBack, type PutBack } from "../fixtures/undo/put-back.ts";
import { undoAll, type Undone } from "../fixtures/undo/undo.ts";
import { connect } from "../probes/kubernetes/cluster.ts";
import { readClusterIdentity } from "../probes/kubernetes/identity.ts";

/**
 * Removes everything that runs made which are not alive any more, and prints what it found. With `putBack` it closes that record instead, which a person has put
 * back by other means what it names, and undoes nothing.
 * @returns 0 nothing is left, or the record is closed; 4 something could not be removed or looked at, or does not stand: the lines say what a person must do
 * @throws UsageError where the cluster cannot be reached, or is another than the profile's; where there is no such record, or its run is alive
 */
export async function runUndo(
  options: { readonly env: string; readonly putBack?: string },
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  if (options.putBack === undefined && loadProfile(options.env, readSettings()).name === "local") {
    // Nothing of a cluster that is gone can be looked at: a rebuild that was cut off goes on first.
    const cut = await finishRebuild({ say, signal, mayGoOn: true });
    signal.throwIfAborted();
    for (const line of cut) say(`  LEFT: ${line}`);
    if (cut.length > 0) return 4;
  }
  // Once more: a cluster that was made anew has another UID.
  const profile = loadProfile(options.env, readSettings());
  const identity = await readClusterIdentity(connect(profile, signal));
  if (!identity.ok) throw new UsageError(`undo: which cluster it is could not be read: ${identity.why}`);
  const { uid } = identity.value;
  const { expectedUid } = profile.cluster;
  if (expectedUid !== undefined && uid !== expectedUid) {
    throw new UsageError(`undo: kubeconfig ${profile.cluster.kubeconfig} reaches cluster ${uid}, not ${expectedUid}`);
  }
  if (options.putBack !== undefined) {
    const about = { stores: journalsOf(profile, uid, signal), directory: journalDirectory(uid), name: options.putBack };
    const closed = await putBack(profile, about, signal);
    if (closed.state === "refused") throw new UsageError(`undo: nothing was closed: ${closed.why}`);
    for (const line of linesOfClosed(options.putBack, closed)) say(line);
    return closed.state === "closed" ? 0 : 4;
  }
  const undone = await undoAll(profile, { clusterUid: uid, cutOff: "nothing", say }, signal);
  signal.throwIfAborted();
  for (const line of linesOf(undone)) say(line);
  return undone.left.length + undone.unseen.length === 0 ? 0 : 4;
}

/** The table of what was found, then what was left alone or could not be removed, then one line that says how it ended. */
export function linesOf({ places, removed, left, unseen, living }: Undone): string[] {
  const rows = places.map((place) => {
    const count = removed.filter((one) => one.place === place).length;
    const isSeen = !unseen.some((line) => line.startsWith(`${place} could not be looked at`));
    const none = isSeen ? "nothing found" : "NOT SEEN";
    return `  ${place.padEnd(18)} ${count === 0 ? none : `${count} removed`}`;
  });
  const isClean = left.length + unseen.length === 0;
  const end = isClean ? "nothing is left" : `${left.length} left, ${unseen.length} places not seen: exit 4`;
  return [
    ...rows,
    ...removed.map(({ name }) => `  removed: ${name}`),
    ...living.map(({ id, holder }) => `  alive, and left alone: run ${id} (process ${holder}): end it and undo again`),
    ...left.map((line) => `  LEFT: ${line}`),
    ...unseen.map((line) => `  NOT SEEN: ${line}`),
    `undo: ${removed.length} removed, ${end}`,
  ];
}

/** What the record names, what was seen of it, and how it ended. */
export function linesOfClosed(
  name: string,
  { state, record, standing }: Exclude<PutBack, { readonly state: "refused" }>,
): string[] {
  const { fault, runId, writtenAt, targets } = record;
  return [
    `  record ${name}: ${fault} of run ${runId}, written at ${writtenAt}: ${targets.join(", ")}`,
    ...standing.saw.map((line) => `  seen: ${line}`),
    ...standing.unseen.map((line) => `  NOT LOOKED AT, by your word alone: ${line}`),
    ...standing.missing.map((line) => `  NOT PUT BACK: ${line}`),
    state === "closed"
      ? `undo: closed ${name}; who closed it and what was seen is written down; 'oke-proof undo' takes away what else the run left`
      : `undo: nothing was closed: what the record names does not stand: exit 4`,
  ];
}
