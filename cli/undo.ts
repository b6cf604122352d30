/** `oke-proof undo`: takes away what interrupted runs left behind. */
import { loadProfile } from "../environments/load.ts";
import { readSettings, UsageError } from "../environments/settings.ts";
import { undoAll, type Undone } from "../fixtures/undo/undo.ts";
import { connect } from "../probes/kubernetes/cluster.ts";
import { readClusterIdentity } from "../probes/kubernetes/identity.ts";

/**
 * Removes everything that runs made which are not alive any more, and prints what it found.
 * @returns 0 nothing is left, 4 something could not be removed or looked at: the lines say what a person must do
 * @throws UsageError where the cluster cannot be reached, or is another than the profile's
 */
export async function runUndo(
  options: { readonly env: string },
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  const profile = loadProfile(options.env, readSettings());
  const identity = await readClusterIdentity(connect(profile, signal));
  if (!identity.ok) throw new UsageError(`undo: which cluster it is could not be read: ${identity.why}`);
  const { uid } = identity.value;
  const { expectedUid } = profile.cluster;
  if (expectedUid !== undefined && uid !== expectedUid) {
    throw new UsageError(`undo: kubeconfig ${profile.cluster.kubeconfig} reaches cluster ${uid}, not ${expectedUid}`);
  }
  const undone = await undoAll(profile, { clusterUid: uid, hasJustDied: false }, signal);
  signal.throwIfAborted();
  for (const line of linesOf(undone)) say(line);
  return undone.left.length + undone.unseen.length === 0 ? 0 : 4;
}

/** The table of what was found, then what was left alone or could not be removed, then one line that says how it ended. */
export function linesOf({ places, removed, left, unseen, living }: Undone): string[] {
  const rows = places.map((place) => {
    const count = removed.filter((one) => one.place === place).length;
    return `  ${place.padEnd(18)} ${count === 0 ? "nothing found" : `${count} removed`}`;
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
