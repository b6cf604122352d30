/** Velero's Schedules. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata, timestamp } from "../kubernetes/shapes.ts";
import { backupScope } from "./scope.ts";

const schedule = z
  .object({
    metadata,
    spec: z.object({ schedule: z.string(), paused: z.boolean().optional(), template: backupScope }),
    status: z
      .object({
        phase: z.string().optional(),
        lastBackup: timestamp.nullish(),
        validationErrors: z.array(z.string()).nullish(),
      })
      .optional(),
  })
  .transform(({ metadata: found, spec, status }) => ({
    name: found.name,
    createdAt: found.creationTimestamp,
    /** A cron expression, in the time zone of Velero's server: UTC in a container. */
    expression: spec.schedule,
    paused: spec.paused ?? false,
    scope: spec.template,
    /** Empty while Velero has not looked at it yet. */
    phase: status?.phase ?? "",
    /** When it submitted its newest backup; undefined where it never did. */
    submittedAt: status?.lastBackup ?? undefined,
    invalid: (status?.validationErrors ?? []).join("; "),
  }));

export type Schedule = Readonly<z.output<typeof schedule>>;

/** All Schedules of Velero's namespace. */
export async function readSchedules(cluster: Cluster, namespace: string): Promise<Reading<readonly Schedule[]>> {
  return cluster.list(`/apis/velero.io/v1/namespaces/${encodeURIComponent(namespace)}/schedules`, schedule);
}
