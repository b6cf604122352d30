/** What Velero copied of the files of volumes, and what it copied back: PodVolumeBackups and PodVolumeRestores. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { metadata, timestamp } from "../kubernetes/shapes.ts";
import { countedAt } from "./absent-count.ts";

const count = z.int().min(0);
const labelled = metadata.extend({ annotations: z.record(z.string(), z.string()).optional() });
const pod = z.object({ namespace: z.string().min(1), name: z.string().min(1) });

const status = z.object({
  phase: z.string().optional(),
  snapshotID: z.string().optional(),
  message: z.string().optional(),
  startTimestamp: timestamp.nullish(),
  completionTimestamp: timestamp.nullish(),
  progress: z.object({ totalBytes: count.optional(), bytesDone: count.optional() }).nullish(),
});

/** What both kinds say of a copy. */
function copied(said: z.output<typeof status> | undefined) {
  const phase = said?.phase ?? "";
  const counted = countedAt(phase);
  return {
    /** Empty while nobody has taken it up. */
    phase,
    message: said?.message ?? "",
    startedAt: said?.startTimestamp ?? undefined,
    completedAt: said?.completionTimestamp ?? undefined,
    bytesTotal: counted(said?.progress?.totalBytes),
    bytesDone: counted(said?.progress?.bytesDone),
  };
}

const podVolumeBackup = z
  .object({
    metadata: labelled,
    spec: z.object({ node: z.string(), pod, volume: z.string().min(1) }),
    status: status.optional(),
  })
  .transform(({ metadata: found, spec, status: said }) => ({
    name: found.name,
    backup: found.labels?.["velero.io/backup-name"] ?? "",
    /** Both empty for a volume that is no claim's, such as an emptyDir. */
    claimUid: found.labels?.["velero.io/pvc-uid"] ?? "",
    claim: found.annotations?.["velero.io/pvc-name"] ?? "",
    namespace: spec.pod.namespace,
    pod: spec.pod.name,
    volume: spec.volume,
    node: spec.node,
    /** What the copy is called in the repository; empty where there is none. */
    snapshotId: said?.snapshotID ?? "",
    ...copied(said),
  }));

export type PodVolumeBackup = Readonly<z.output<typeof podVolumeBackup>>;

const podVolumeRestore = z
  .object({
    metadata: labelled,
    spec: z.object({
      pod,
      volume: z.string().min(1),
      snapshotID: z.string(),
      sourceNamespace: z.string().optional(),
    }),
    status: status.optional(),
  })
  .transform(({ metadata: found, spec, status: said }) => ({
    name: found.name,
    restore: found.labels?.["velero.io/restore-name"] ?? "",
    namespace: spec.pod.namespace,
    /** Where it was copied from, if that is told. */
    sourceNamespace: spec.sourceNamespace ?? "",
    pod: spec.pod.name,
    volume: spec.volume,
    snapshotId: spec.snapshotID,
    ...copied(said),
  }));

export type PodVolumeRestore = Readonly<z.output<typeof podVolumeRestore>>;

const path = (namespace: string, kind: string): string =>
  `/apis/velero.io/v1/namespaces/${encodeURIComponent(namespace)}/${kind}`;

/** All PodVolumeBackups of Velero's namespace. */
export async function readPodVolumeBackups(
  cluster: Cluster,
  namespace: string,
): Promise<Reading<readonly PodVolumeBackup[]>> {
  return cluster.list(path(namespace, "podvolumebackups"), podVolumeBackup);
}

/** All PodVolumeRestores of Velero's namespace. */
export async function readPodVolumeRestores(
  cluster: Cluster,
  namespace: string,
): Promise<Reading<readonly PodVolumeRestore[]>> {
  return cluster.list(path(namespace, "podvolumerestores"), podVolumeRestore);
}
