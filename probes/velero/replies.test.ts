import fc from "fast-check";
import { expect, test } from "vitest";
import { readFrom, type Reader } from "../../test/one-reply.ts";
import { readBackups } from "./backups.ts";
import { readPodVolumeBackups, readPodVolumeRestores } from "./pod-volumes.ts";
import { readRestores } from "./restores.ts";
import { readSchedules } from "./schedules.ts";
import { readBackupRepositories, readStorageLocations } from "./storage.ts";

const at = "2026-11-22T00:04:40Z";
const later = "2026-11-22T00:04:52Z";
const about = (name: string, labels = {}) => ({
  name,
  namespace: "velero",
  uid: `uid-of-${name}`,
  creationTimestamp: at,
  labels,
});
const list = (...items: readonly unknown[]): string => JSON.stringify({ metadata: {}, items });

const spec = {
  includedNamespaces: ["health-platform"],
  defaultVolumesToFsBackup: true,
  snapshotVolumes: false,
  storageLocation: "default",
  ttl: "24h0m0s",
};
const backup = {
  metadata: about("platform-20261122000440", { "velero.io/schedule-name": "platform" }),
  spec,
  status: {
    phase: "Completed",
    startTimestamp: at,
    completionTimestamp: later,
    progress: { totalItems: 61, itemsBackedUp: 61 },
    expiration: "2026-11-23T00:04:40Z",
  },
};
const schedule = {
  metadata: about("platform"),
  spec: { schedule: "2-59/5 * * * *", template: spec },
  status: { phase: "Enabled", lastBackup: at },
};
const podVolumeBackup = {
  metadata: {
    ...about("platform-20261122000440-7xk2p", {
      "velero.io/backup-name": "platform-20261122000440",
      "velero.io/pvc-uid": "claim-1",
    }),
    annotations: { "velero.io/pvc-name": "data-pg-0" },
  },
  spec: { node: "worker", pod: { kind: "Pod", namespace: "health-platform", name: "pg-0" }, volume: "data" },
  status: {
    phase: "Completed",
    snapshotID: "k1a2b3",
    progress: { totalBytes: 61_177_035, bytesDone: 61_177_035 },
    startTimestamp: at,
    completionTimestamp: later,
  },
};
const podVolumeRestore = {
  metadata: about("r1-9dj4c", { "velero.io/restore-name": "r1" }),
  spec: {
    pod: { namespace: "scratch", name: "pg-0" },
    volume: "data",
    snapshotID: "k1a2b3",
    sourceNamespace: "health-platform",
  },
  status: { phase: "Completed", progress: { totalBytes: 61_177_035, bytesDone: 61_177_035 } },
};
const restore = {
  metadata: about("r1"),
  spec: { backupName: "platform-20261122000440", namespaceMapping: { "health-platform": "scratch" } },
  status: { phase: "Completed", warnings: 1, progress: { totalItems: 40, itemsRestored: 40 } },
};
const location = {
  metadata: about("default"),
  spec: {
    provider: "aws",
    default: true,
    objectStorage: { bucket: "velero" },
    config: { region: "us-east-1", s3ForcePathStyle: "true", s3Url: "http://10.89.0.50:9000" },
  },
  status: { phase: "Available", lastValidationTime: later, lastSyncedTime: at },
};
const repository = {
  metadata: about("health-platform-default-kopia-2k4wd"),
  spec: { volumeNamespace: "health-platform", backupStorageLocation: "default", repositoryType: "kopia" },
  status: { phase: "Ready" },
};

const readers: readonly (readonly [string, Reader, { readonly metadata: object; readonly status: object }, object])[] =
  [
    [
      "backups",
      async (cluster) => readBackups(cluster, "velero"),
      backup,
      {
        schedule: "platform",
        phase: "Completed",
        submittedAt: at,
        errors: 0,
        warnings: 0,
        items: { total: 61, done: 61 },
        scope: { namespaces: ["health-platform"], narrowedBy: [], volumesCopied: true, keptSeconds: 86_400 },
      },
    ],
    [
      "schedules",
      async (cluster) => readSchedules(cluster, "velero"),
      schedule,
      { expression: "2-59/5 * * * *", paused: false, phase: "Enabled", submittedAt: at },
    ],
    [
      "podvolumebackups",
      async (cluster) => readPodVolumeBackups(cluster, "velero"),
      podVolumeBackup,
      {
        backup: backup.metadata.name,
        claimUid: "claim-1",
        claim: "data-pg-0",
        bytesDone: 61_177_035,
        snapshotId: "k1a2b3",
      },
    ],
    [
      "podvolumerestores",
      async (cluster) => readPodVolumeRestores(cluster, "velero"),
      podVolumeRestore,
      { restore: "r1", namespace: "scratch", sourceNamespace: "health-platform", bytesTotal: 61_177_035 },
    ],
    [
      "restores",
      async (cluster) => readRestores(cluster, "velero"),
      restore,
      { phase: "Completed", errors: 0, warnings: 1, mapped: { "health-platform": "scratch" } },
    ],
    [
      "backupstoragelocations",
      async (cluster) => readStorageLocations(cluster, "velero"),
      location,
      {
        isDefault: true,
        bucket: "velero",
        prefix: "",
        url: "http://10.89.0.50:9000",
        readOnly: false,
        validatedAt: later,
      },
    ],
    [
      "backuprepositories",
      async (cluster) => readBackupRepositories(cluster, "velero"),
      repository,
      { namespace: "health-platform", location: "default", type: "kopia", phase: "Ready" },
    ],
  ];

test.each(readers)("%s are read", async (kind, reader, good, expected) => {
  const { asked, found } = await readFrom(reader, list(good));
  expect(asked).toBe(`/apis/velero.io/v1/namespaces/velero/${kind}?limit=500`);
  expect(found).toMatchObject({ ok: true, value: [expected] });
});

test.each(readers)("%s that Velero has not looked at have no phase", async (_, reader, good) => {
  const { status: _gone, ...fresh } = good;
  for (const one of [fresh, { ...good, status: {} }]) {
    expect((await readFrom(reader, list(one))).found).toMatchObject({ ok: true, value: [{ phase: "" }] });
  }
});

test.each(readers)("a bent reply of %s is no reading", async (_, reader, good) => {
  const bent: readonly (readonly [string, number, RegExp])[] = [
    ["", 403, /403, the harness has no right to read this/],
    // The definitions of Velero's kinds are not there.
    ['{"kind":"Status","message":"the server could not find the requested resource"}', 404, /404, it does not exist/],
    ["<html>gateway</html>", 200, /is not JSON/],
    [list(good).slice(0, 200), 200, /is not JSON/],
    [JSON.stringify({ metadata: {}, items: null }), 200, /items/],
    [list({ ...good, metadata: { ...good.metadata, name: undefined } }), 200, /items\.0\.metadata\.name/],
    [list({ ...good, status: { ...good.status, phase: 5 } }), 200, /items\.0\.status\.phase/],
  ];
  for (const [body, status, why] of bent) {
    expect((await readFrom(reader, body, status)).found).toMatchObject({
      ok: false,
      why: expect.stringMatching(why),
    });
  }
});

const oneOf = async (reader: Reader, item: unknown): Promise<unknown> => {
  const { found } = await readFrom(reader, list(item));
  return found.ok && Array.isArray(found.value) ? found.value[0] : found;
};
const backups: Reader = async (cluster) => readBackups(cluster, "velero");
const copies: Reader = async (cluster) => readPodVolumeBackups(cluster, "velero");

test.each<readonly [string, object, object]>([
  ["Completed", {}, { errors: 0, warnings: 0 }],
  ["Completed, with counts", { errors: 1, warnings: 2 }, { errors: 1, warnings: 2 }],
  ["InProgress", { phase: "InProgress" }, { errors: undefined, warnings: undefined }],
  ["PartiallyFailed", { phase: "PartiallyFailed", errors: 1 }, { errors: 1, warnings: undefined }],
  ["without a phase", { phase: undefined }, { errors: undefined, warnings: undefined }],
  ["without its progress", { progress: null }, { items: undefined }],
  ["with nothing in it", { progress: {} }, { items: { total: 0, done: 0 } }],
  [
    "FailedValidation",
    { phase: "FailedValidation", validationErrors: ["backup can't be created because default is Unavailable"] },
    { errors: undefined, failure: "backup can't be created because default is Unavailable" },
  ],
  ["Failed", { phase: "Failed", failureReason: "no route to host" }, { failure: "no route to host" }],
  ["with failed hooks", { hookStatus: { hooksAttempted: 2, hooksFailed: 1 } }, { hooksFailed: 1 }],
])("a backup that is %s", async (_, changes, expected) => {
  expect(await oneOf(backups, { ...backup, status: { ...backup.status, ...changes } })).toMatchObject(expected);
});

test("a backup that was read back from the bucket is as old as its start, not as its object", async () => {
  const synced = { ...backup, metadata: { ...backup.metadata, creationTimestamp: "2026-11-22T09:00:00Z" } };
  expect(await oneOf(backups, synced)).toMatchObject({ submittedAt: at });
});

test.each<readonly [string, object, object]>([
  ["Completed and empty", { progress: {} }, { bytesTotal: 0, bytesDone: 0 }],
  ["under way", { phase: "InProgress", progress: { totalBytes: 10 } }, { bytesTotal: 10, bytesDone: undefined }],
  ["Canceled", { phase: "Canceled", snapshotID: undefined, progress: {} }, { bytesTotal: undefined, snapshotId: "" }],
])("a copy that is %s", async (_, changes, expected) => {
  expect(await oneOf(copies, { ...podVolumeBackup, status: { ...podVolumeBackup.status, ...changes } })).toMatchObject(
    expected,
  );
});

test.each<readonly [string, object, object]>([
  ["all namespaces", { includedNamespaces: ["*"] }, { namespaces: [] }],
  ["no namespaces named", { includedNamespaces: undefined }, { namespaces: [] }],
  ["every kind by its star", { includedResources: ["*"] }, { narrowedBy: [] }],
  ["some kinds", { includedResources: ["pods"] }, { narrowedBy: ["includedResources"] }],
  ["all but some kinds", { excludedResources: ["persistentvolumeclaims"] }, { narrowedBy: ["excludedResources"] }],
  [
    "all but what storage drivers make",
    {
      excludedNamespaceScopedResources: ["volumesnapshots.snapshot.storage.k8s.io"],
      excludedClusterScopedResources: ["volumesnapshotcontents.snapshot.storage.k8s.io"],
    },
    { narrowedBy: [] },
  ],
  [
    "all but what storage drivers make, and Secrets",
    { excludedNamespaceScopedResources: ["volumesnapshots.snapshot.storage.k8s.io", "secrets"] },
    { narrowedBy: ["excludedNamespaceScopedResources"] },
  ],
  ["what has a label", { labelSelector: { matchLabels: { a: "b" } } }, { narrowedBy: ["labelSelector"] }],
  ["an empty selector", { labelSelector: {} }, { narrowedBy: [] }],
  ["a policy of volumes", { resourcePolicy: { kind: "configmap", name: "p" } }, { narrowedBy: ["resourcePolicy"] }],
  ["no volumes' own objects", { includeClusterResources: false }, { narrowedBy: ["includeClusterResources"] }],
  ["no files", { defaultVolumesToFsBackup: false }, { volumesCopied: false }],
  [
    "what the server decides",
    { defaultVolumesToFsBackup: undefined, ttl: "0s" },
    { volumesCopied: undefined, keptSeconds: undefined },
  ],
  ["for 90 minutes", { ttl: "1h30m" }, { keptSeconds: 5400 }],
  ["for no duration at all", { ttl: "soon" }, { keptSeconds: undefined }],
])("a backup of %s", async (_, changes, scope) => {
  expect(await oneOf(backups, { ...backup, spec: { ...spec, ...changes } })).toMatchObject({ scope });
});

test("no reply makes a reader throw", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...readers), fc.jsonValue(), async ([, reader], bent) => {
      const { found } = await readFrom(reader, list(bent));
      expect(found.ok).toBe(false);
    }),
    { numRuns: 30 },
  );
});
