/** CronJobs: when they last began, and when they last succeeded. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { metadata, timestamp } from "./shapes.ts";

const cronJob = z
  .object({
    metadata,
    spec: z.object({ schedule: z.string().min(1), suspend: z.boolean().optional() }),
    status: z.object({
      active: z.array(z.object({ name: z.string() })).optional(),
      lastScheduleTime: timestamp.optional(),
      lastSuccessfulTime: timestamp.optional(),
    }),
  })
  .transform(({ metadata: found, spec, status }) => ({
    namespace: found.namespace,
    name: found.name,
    schedule: spec.schedule,
    suspended: spec.suspend ?? false,
    /** Runs that are under way. */
    active: status.active?.length ?? 0,
    scheduledAt: status.lastScheduleTime,
    succeededAt: status.lastSuccessfulTime,
  }));

/** A CronJob; its times are absent where it never began, or never succeeded. The schedule is in the CronJob's own time zone. */
export type CronJob = Readonly<z.output<typeof cronJob>>;

/** All CronJobs. */
export async function readCronJobs(cluster: Cluster): Promise<Reading<readonly CronJob[]>> {
  return cluster.list("/apis/batch/v1/cronjobs", cronJob);
}
