/** backup-success-rate: when schedules were due, what they made of it, and what that left in its bucket. */
import { unproven } from "../../harness/verdict.ts";
import { check } from "../check.ts";
import { gatherDueBackups } from "./backup-readings.ts";
import { judgeBackupRate } from "./backup-rate.judge.ts";

check("backup-success-rate", async ({ cluster, profile: { backups, timeouts }, signal }) => {
  if (backups === undefined) return unproven("the profile does not say what must be backed up (backups)");
  const now = new Date();
  const readings = await gatherDueBackups({ cluster, backups, requestMs: timeouts.requestMs, signal }, now);
  return judgeBackupRate(readings, backups, now);
});
