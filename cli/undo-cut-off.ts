/** After a run that was cut off, or that disturbed: what it left is taken away, and what stays is said in the ledger. */
import { finishRebuild } from "../fixtures/restore/finish-rebuild.ts";
import { undoAll } from "../fixtures/undo/undo.ts";
import type { Ledger } from "../harness/ledger.ts";
import { writeLedger } from "../reporters/ledger.ts";
import type { RunRequest } from "./run.ts";

/** What was cut off is undone within this time, or by `oke-proof undo`. */
const undoMsMax = 30_000;
/** What a drill disturbed takes longer: a node comes back, a namespace is gone and restored from its backup (fixtures/undo/ways/restore-namespace.ts). */
const undoDrillMsMax = 960_000;

/**
 * Takes away what a run left that was cut off, or that disturbed.
 * @param about.hasDied it was cut off: a cluster that was being made anew is made so now; where the drill itself could not, what stands is left for a look
 * @returns what could not be removed, a line each
 */
export async function undoCutOff(
  { profile, about, drill, say }: Pick<RunRequest, "profile" | "about" | "drill" | "say">,
  { clusterUid, hasDied }: { readonly clusterUid: string; readonly hasDied: boolean },
): Promise<readonly string[]> {
  const ms = drill === undefined ? undoMsMax : undoDrillMsMax;
  const ended = drill === undefined ? {} : { ended: about.id };
  const signal = AbortSignal.timeout(ms);
  // A cluster that is gone cannot be swept: it is brought back first.
  const cut = drill?.replacesCluster === true ? await finishRebuild({ say, signal, mayGoOn: hasDied }) : [];
  // A drill that came to its end has waited for its events.
  const cutOff = drill !== undefined && hasDied ? "drill" : "run";
  const undone = await undoAll(profile, { clusterUid, cutOff, say, ...ended }, signal);
  for (const { name } of undone.removed) say(`undone: ${name}`);
  for (const line of undone.unseen) say(`not known to be undone, 'oke-proof undo' looks again: ${line}`);
  // Who disturbed must be able to say that nothing is left.
  return drill === undefined
    ? undone.left
    : [...cut, ...undone.left, ...undone.unseen.map((line) => `not known: ${line}`)];
}

/** A ledger that says what its run left behind: exit code 4. */
export function leaving(ledger: Ledger, left: readonly string[], directory: string): Ledger {
  if (left.length === 0) return ledger;
  const notes = [...ledger.run.notes, ...left.map((line) => `Left behind: ${line}`)];
  const told: Ledger = { ...ledger, run: { ...ledger.run, notes }, exitCode: 4 };
  writeLedger(told, directory);
  return told;
}
