/** Velero's Backups as their objects tell of them; what they left in the bucket is probes/velero/backup-files.ts. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata, timestamp } from "../kubernetes/shapes.ts";
import { countedAt } from "./absent-count.ts";
import { backupScope } from "./scope.ts";

const count = z.int().min(0);

const status = z.object({
  phase: z.string().optional(),
  startTimestamp: timestamp.nullish(),
  completionTimestamp: timestamp.nullish(),
  errors: count.optional(),
  warnings: count.optional(),
  failureReason: z.string().optional(),
  validationErrors: z.array(z.string()).nullish(),
  progress: z.object({ totalItems: count.optional(), itemsBackedUp: count.optional() }).nullish(),
  backupItemOperationsAttempted: count.optional(),
  backupItemOperationsCompleted: count.optional(),
  backupItemOperationsFailed: count.optional(),
  hookStatus: z.object({ hooksAttempted: count.optional(), hooksFailed: count.optional() }).nullish(),
});

const backup = z
  .object({ metadata, spec: backupScope, status: status.optional() })
  .transform(({ metadata: found, spec, status: said }) => {
    const phase = said?.phase ?? "";
    const counted = countedAt(phase);
    const startedAt = said?.startTimestamp ?? undefined;
    return {
      name: found.name,
      /** The Schedule that it was made by; empty where it was made by hand. */
      schedule: found.labels?.["velero.io/schedule-name"] ?? "",
      scope: spec,
      /** Empty while Velero has not looked at it yet. */
      phase,
      /** A backup that was read back from its bucket has an object that is younger than itself. */
      submittedAt: earlier(found.creationTimestamp, startedAt),
      startedAt,
      completedAt: said?.completionTimestamp ?? undefined,
      errors: counted(said?.errors),
      warnings: counted(said?.warnings),
      items:
        said?.progress === undefined || said.progress === null
          ? undefined
          : { total: said.progress.totalItems ?? 0, done: said.progress.itemsBackedUp ?? 0 },
      operations: {
        attempted: said?.backupItemOperationsAttempted ?? 0,
        completed: said?.backupItemOperationsCompleted ?? 0,
        failed: said?.backupItemOperationsFailed ?? 0,
      },
      hooksFailed: said?.hookStatus?.hooksFailed ?? 0,
      /** Why it failed, in Velero's words; empty where it did not say. */
      failure: [said?.failureReason ?? "", ...(said?.validationErrors ?? [])].filter((text) => text !== "").join("; "),
    };
  });

/** A Backup. Counts are undefined where nothing was counted; times are absent where it did not come so far. */
export type Backup = Readonly<z.output<typeof backup>>;

/** All Backups of Velero's namespace. */
export async function readBackups(cluster: Cluster, namespace: string): Promise<Reading<readonly Backup[]>> {
  return cluster.list(`/apis/velero.io/v1/namespaces/${encodeURIComponent(namespace)}/backups`, backup);
}

function earlier(left: string, right: string | undefined): string {
  return right !== undefined && Date.parse(right) < Date.parse(left) ? right : left;
}
