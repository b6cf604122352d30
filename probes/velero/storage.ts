/** Where Velero keeps backups: its storage locations, and the repositories of volumes' files in them. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata, timestamp } from "../kubernetes/shapes.ts";

const storageLocation = z
  .object({
    metadata,
    spec: z.object({
      provider: z.string().min(1),
      default: z.boolean().optional(),
      accessMode: z.string().optional(),
      objectStorage: z.object({ bucket: z.string().min(1), prefix: z.string().optional() }),
      config: z.record(z.string(), z.string()).nullish(),
    }),
    status: z
      .object({
        phase: z.string().optional(),
        lastValidationTime: timestamp.nullish(),
        lastSyncedTime: timestamp.nullish(),
        message: z.string().optional(),
      })
      .optional(),
  })
  .transform(({ metadata: found, spec, status }) => ({
    name: found.name,
    createdAt: found.creationTimestamp,
    isDefault: spec.default ?? false,
    provider: spec.provider,
    bucket: spec.objectStorage.bucket,
    prefix: spec.objectStorage.prefix ?? "",
    /** Empty where the provider's own service is meant. */
    url: spec.config?.["s3Url"] ?? "",
    region: spec.config?.["region"] ?? "",
    readOnly: spec.accessMode === "ReadOnly",
    /** Empty while Velero has not asked it yet. */
    phase: status?.phase ?? "",
    /** Velero says Available until it asks again: older than that its word is worth nothing. */
    validatedAt: status?.lastValidationTime ?? undefined,
    syncedAt: status?.lastSyncedTime ?? undefined,
    message: status?.message ?? "",
  }));

export type StorageLocation = Readonly<z.output<typeof storageLocation>>;

const repository = z
  .object({
    metadata,
    spec: z.object({
      volumeNamespace: z.string().min(1),
      backupStorageLocation: z.string().min(1),
      repositoryType: z.string().optional(),
    }),
    status: z.object({ phase: z.string().optional(), message: z.string().optional() }).optional(),
  })
  .transform(({ metadata: found, spec, status }) => ({
    name: found.name,
    /** Whose volumes it holds. */
    namespace: spec.volumeNamespace,
    location: spec.backupStorageLocation,
    type: spec.repositoryType ?? "",
    phase: status?.phase ?? "",
    message: status?.message ?? "",
  }));

export type BackupRepository = Readonly<z.output<typeof repository>>;

const path = (namespace: string, kind: string): string =>
  `/apis/velero.io/v1/namespaces/${encodeURIComponent(namespace)}/${kind}`;

/** All BackupStorageLocations of Velero's namespace. */
export async function readStorageLocations(
  cluster: Cluster,
  namespace: string,
): Promise<Reading<readonly StorageLocation[]>> {
  return cluster.list(path(namespace, "backupstoragelocations"), storageLocation);
}

/** All BackupRepositories of Velero's namespace: one a namespace and location. */
export async function readBackupRepositories(
  cluster: Cluster,
  namespace: string,
): Promise<Reading<readonly BackupRepository[]>> {
  return cluster.list(path(namespace, "backuprepositories"), repository);
}
