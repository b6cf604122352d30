/** What a drill of a database's restore has shown, as its judge takes it. */
import type { DatabaseRestoreState } from "../../fixtures/restore/database-state.ts";
import type { Observed } from "../../harness/experiment.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { DatabaseRestoreRun } from "../../probes/restore/restore-run.ts";

/**
 * `ok: false` where nothing was restored: the steady state did not hold, nothing was written or corrupted, the drill was cut off, or what it
 * made could not be taken away.
 */
export function databaseRunOf(
  observed: Pick<Observed, "before" | "injectError" | "cutBecause" | "removeError" | "after">,
  state: DatabaseRestoreState,
  about: Pick<DatabaseRestoreRun, "database" | "runbook" | "file">,
): Reading<DatabaseRestoreRun> {
  const refuse = (why: string): Reading<never> => unread(why, about.database, new Date());
  const { before, injectError, cutBecause, removeError } = observed;
  if (before.outcome !== "pass") return refuse(`the platform was not steady before: ${before.because}`);
  if (cutBecause !== undefined) return refuse(`the drill was cut off: ${cutBecause}`);
  if (injectError !== undefined) return refuse(`nothing was restored: ${injectError}`);
  const { prepared, corrupted, steps, found } = state;
  if (prepared === undefined) return refuse("nothing was written that could be restored");
  const run: DatabaseRestoreRun = {
    ...about,
    steps,
    chosen: prepared.chosen,
    corrupted: corrupted ?? refuse("nobody looked"),
    rows: [...prepared.before.map(({ id, accepted }) => ({ id, accepted })), ...prepared.after],
    found: found ?? refuse("the runbook ended before they were looked at"),
    ended: state.momentOf(),
  };
  // What was restored is judged all the same where it is bad; a yes needs that nothing is left.
  const isHeld = run.found.ok && steps.every(({ seen }) => seen.ok && seen.value);
  if (removeError !== undefined && isHeld)
    return refuse(`it was restored, and then not left as it was: ${removeError}`);
  if (observed.after?.outcome !== "pass" && isHeld) return refuse("the platform was not steady again afterwards");
  return read(run, about.database, new Date());
}
