/** Velero's Restores as their objects tell of them. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata, timestamp } from "../kubernetes/shapes.ts";
import { countedAt } from "./absent-count.ts";

const count = z.int().min(0);

const restore = z
  .object({
    metadata,
    spec: z.object({
      backupName: z.string().optional(),
      scheduleName: z.string().optional(),
      includedNamespaces: z.array(z.string()).nullish(),
      namespaceMapping: z.record(z.string(), z.string()).nullish(),
    }),
    status: z
      .object({
        phase: z.string().optional(),
        startTimestamp: timestamp.nullish(),
        completionTimestamp: timestamp.nullish(),
        errors: count.optional(),
        warnings: count.optional(),
        failureReason: z.string().optional(),
        validationErrors: z.array(z.string()).nullish(),
        progress: z.object({ totalItems: count.optional(), itemsRestored: count.optional() }).nullish(),
      })
      .optional(),
  })
  .transform(({ metadata: found, spec, status }) => {
    const phase = status?.phase ?? "";
    const counted = countedAt(phase);
    return {
      name: found.name,
      createdAt: found.creationTimestamp,
      backup: spec.backupName ?? "",
      schedule: spec.scheduleName ?? "",
      namespaces: spec.includedNamespaces ?? [],
      /** Namespaces that come back under another name. */
      mapped: spec.namespaceMapping ?? {},
      phase,
      startedAt: status?.startTimestamp ?? undefined,
      completedAt: status?.completionTimestamp ?? undefined,
      errors: counted(status?.errors),
      warnings: counted(status?.warnings),
      items:
        status?.progress === undefined || status.progress === null
          ? undefined
          : { total: status.progress.totalItems ?? 0, done: status.progress.itemsRestored ?? 0 },
      failure: [status?.failureReason ?? "", ...(status?.validationErrors ?? [])]
        .filter((text) => text !== "")
        .join("; "),
    };
  });

export type Restore = Readonly<z.output<typeof restore>>;

/** All Restores of Velero's namespace. */
export async function readRestores(cluster: Cluster, namespace: string): Promise<Reading<readonly Restore[]>> {
  return cluster.list(`/apis/velero.io/v1/namespaces/${encodeURIComponent(namespace)}/restores`, restore);
}
