/** velero-backups-running: Velero's objects, and what the newest backups left in their bucket. */
import { unproven } from "../../harness/verdict.ts";
import { check } from "../check.ts";
import { gatherBackups } from "./backup-readings.ts";
import { judgeVeleroBackups } from "./velero-backups.judge.ts";

check("velero-backups-running", async ({ cluster, profile: { backups, timeouts }, signal }) => {
  if (backups === undefined) return unproven("the profile does not say what must be backed up (backups)");
  const readings = await gatherBackups({ cluster, backups, requestMs: timeouts.requestMs, signal });
  return judgeVeleroBackups(readings, backups, new Date());
});
