/** database-backups-automated: the schedules, and what they left in the object store. */
import { readCronJobs } from "../../probes/kubernetes/cron-jobs.ts";
import { readNewestDumps } from "../../probes/service-prober/newest-dump.ts";
import { check } from "../check.ts";
import { judgeDatabaseBackups } from "./database-backups.judge.ts";

check("database-backups-automated", async ({ cluster, profile }) => {
  const [cronJobs, dumps] = await Promise.all([readCronJobs(cluster), readNewestDumps(cluster, profile)]);
  return judgeDatabaseBackups({ cronJobs, dumps }, profile.databases, new Date());
});
