/** What Argo CD says of its applications. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata, timestamp } from "../kubernetes/shapes.ts";

const application = z
  .object({
    metadata,
    spec: z.object({
      source: z.object({ repoURL: z.string().min(1), targetRevision: z.string().optional() }).optional(),
    }),
    status: z
      .object({
        sync: z.object({ status: z.string().min(1), revision: z.string().optional() }).optional(),
        health: z.object({ status: z.string().min(1).optional(), message: z.string().optional() }).optional(),
        reconciledAt: timestamp.optional(),
        conditions: z.array(z.object({ type: z.string(), message: z.string() })).optional(),
      })
      .optional(),
  })
  .transform(({ metadata: found, spec, status }) => ({
    name: found.name,
    /** Where it comes from; absent where it has several sources, which are not judged by one revision. */
    ...(spec.source === undefined
      ? {}
      : { repository: spec.source.repoURL, branch: spec.source.targetRevision ?? "HEAD" }),
    /** Synced, OutOfSync or Unknown; empty where Argo CD has said nothing yet. */
    sync: status?.sync?.status ?? "",
    /** The commit that it was compared with; empty where there is none. */
    revision: status?.sync?.revision ?? "",
    /** Healthy, Progressing, Degraded, Suspended, Missing or Unknown; empty where Argo CD has said nothing yet. */
    health: status?.health?.status ?? "",
    /** When it was last compared, by the controller's clock. */
    ...(status?.reconciledAt === undefined ? {} : { lookedAt: status.reconciledAt }),
    /** What went wrong, in the controller's words. */
    complaints: (status?.conditions ?? [])
      .filter(({ type }) => type.endsWith("Error"))
      .map(({ type, message }) => `${type}: ${message}`),
  }));

export type Application = Readonly<z.output<typeof application>>;

/** All applications of a namespace. */
export async function readApplications(cluster: Cluster, namespace: string): Promise<Reading<readonly Application[]>> {
  return cluster.list(
    `/apis/argoproj.io/v1alpha1/namespaces/${encodeURIComponent(namespace)}/applications`,
    application,
  );
}
