/** Good examples for the tests of what judges backups: each is bent by what a row lays over it. The figures are those of a real backup of a small database. */
import { read } from "../../harness/verdict.ts";
import type { VolumeClaim } from "../../probes/kubernetes/volumes.ts";
import type { BackupFile, BackupFiles, BackedUpVolume } from "../../probes/velero/backup-files.ts";
import type { Backup } from "../../probes/velero/backups.ts";
import type { PodVolumeBackup } from "../../probes/velero/pod-volumes.ts";
import type { Schedule } from "../../probes/velero/schedules.ts";
import type { BackupScope } from "../../probes/velero/scope.ts";
import type { BackupRepository, StorageLocation } from "../../probes/velero/storage.ts";
import type { BackupEvidence } from "./honest-backup.judge.ts";

export const now = new Date("2026-11-22T12:00:00.000Z");
export const secondsAgo = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();

export const covered = ["health-platform"];
/** What every backup of the local cluster warns of would stand here. */
export const reviewedWarnings = [{ matches: "^known and harmless$", why: "an example of one that was looked into" }];

export function scope(changes: Partial<BackupScope> = {}): BackupScope {
  return {
    namespaces: covered,
    excludedNamespaces: [],
    narrowedBy: [],
    volumesCopied: true,
    location: "default",
    keptSeconds: 7200,
    ...changes,
  };
}

export function schedule(changes: Partial<Schedule> = {}): Schedule {
  return {
    name: "platform",
    createdAt: secondsAgo(7200),
    expression: "2-59/5 * * * *",
    paused: false,
    scope: scope(),
    phase: "Enabled",
    submittedAt: secondsAgo(180),
    invalid: "",
    ...changes,
  };
}

export function backup(changes: Partial<Backup> = {}): Backup {
  return {
    name: "platform-1",
    schedule: "platform",
    scope: scope(),
    phase: "Completed",
    submittedAt: secondsAgo(180),
    startedAt: secondsAgo(180),
    completedAt: secondsAgo(168),
    errors: 0,
    warnings: 0,
    items: { total: 61, done: 61 },
    operations: { attempted: 0, completed: 0, failed: 0 },
    hooksFailed: 0,
    failure: "",
    ...changes,
  };
}

export function claim(changes: Partial<VolumeClaim> = {}): VolumeClaim {
  return {
    namespace: "health-platform",
    name: "data-pg-0",
    uid: "claim-1",
    createdAt: secondsAgo(7200),
    phase: "Bound",
    volume: "pv-1",
    storageClass: "standard",
    requestedBytes: 2 ** 30,
    ...changes,
  };
}

export function copy(changes: Partial<PodVolumeBackup> = {}): PodVolumeBackup {
  return {
    name: "platform-1-7xk2p",
    backup: "platform-1",
    claimUid: "claim-1",
    claim: "data-pg-0",
    namespace: "health-platform",
    pod: "pg-0",
    volume: "data",
    node: "worker",
    snapshotId: "k1",
    phase: "Completed",
    message: "",
    startedAt: secondsAgo(178),
    completedAt: secondsAgo(170),
    bytesTotal: 61_177_035,
    bytesDone: 61_177_035,
    ...changes,
  };
}

export function volume(changes: Partial<BackedUpVolume> = {}): BackedUpVolume {
  return {
    namespace: "health-platform",
    claim: "data-pg-0",
    method: "PodVolumeBackup",
    skipped: false,
    skippedReason: "",
    result: "succeeded",
    snapshotId: "k1",
    bytes: 61_177_035,
    ...changes,
  };
}

const held = <T>(value: T) => read<BackupFile<T>>({ state: "held", value }, "the bucket", now);

export function files(changes: Partial<BackupFiles> = {}): BackupFiles {
  return {
    archive: held([
      "metadata/version",
      "resources/namespaces/cluster/health-platform.json",
      "resources/persistentvolumeclaims/namespaces/health-platform/data-pg-0.json",
    ]),
    volumes: held([volume()]),
    results: held({ errors: [], warnings: [] }),
    description: held({ name: "platform-1", startedAt: secondsAgo(180) }),
    ...changes,
  };
}

export function evidence(changes: Partial<BackupEvidence> = {}): BackupEvidence {
  return { backup: backup(), claims: [claim()], copies: [copy()], files: files(), ...changes };
}

export function location(changes: Partial<StorageLocation> = {}): StorageLocation {
  return {
    name: "default",
    createdAt: secondsAgo(7200),
    isDefault: true,
    provider: "aws",
    bucket: "velero",
    prefix: "",
    url: "http://10.89.0.50:9000",
    region: "us-east-1",
    readOnly: false,
    phase: "Available",
    validatedAt: secondsAgo(12),
    syncedAt: secondsAgo(30),
    message: "",
    ...changes,
  };
}

export function repository(changes: Partial<BackupRepository> = {}): BackupRepository {
  return {
    name: "health-platform-default-kopia-2k4wd",
    namespace: "health-platform",
    location: "default",
    type: "kopia",
    phase: "Ready",
    message: "",
    ...changes,
  };
}
