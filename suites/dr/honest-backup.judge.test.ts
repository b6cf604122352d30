import { expect, test } from "vitest";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { VolumeClaim } from "../../probes/kubernetes/volumes.ts";
import type { BackedUpVolume, BackupFile, BackupFiles } from "../../probes/velero/backup-files.ts";
import type { Backup } from "../../probes/velero/backups.ts";
import type { PodVolumeBackup } from "../../probes/velero/pod-volumes.ts";
import {
  backup,
  claim,
  copy,
  covered,
  evidence,
  files,
  now,
  reviewedWarnings,
  secondsAgo,
  volume,
} from "./backup-examples.ts";
import { findingsOf, type BackupEvidence, type Findings } from "./honest-backup.judge.ts";

const rules = { namespaces: covered, reviewedWarnings };
const found = (changes: Partial<BackupEvidence>): Findings => findingsOf(evidence(changes), rules);
const held = <T>(value: T): Reading<BackupFile<T>> => read({ state: "held", value }, "the bucket", now);

type Said = readonly ["well"] | readonly ["fault" | "gap", RegExp];

/** Findings with nothing but what is said. */
function only([kind, why]: Said): object {
  const said = [expect.stringMatching(why ?? /./)];
  return { faults: kind === "fault" ? said : [], gaps: kind === "gap" ? said : [] };
}

test.each<readonly [string, Partial<Backup>, Said]>([
  ["good", {}, ["well"]],
  ["PartiallyFailed", { phase: "PartiallyFailed", errors: 1 }, ["fault", /^is PartiallyFailed, with 1 errors$/]],
  [
    "Failed",
    { phase: "Failed", errors: undefined, failure: "no route to host" },
    ["fault", /^is Failed: no route to host$/],
  ],
  [
    "FailedValidation",
    { phase: "FailedValidation", failure: "default is Unavailable" },
    ["fault", /^is FailedValidation.*: default is Unavailable$/],
  ],
  ["still finalizing", { phase: "Finalizing" }, ["fault", /^is Finalizing/]],
  ["Completed with one error", { errors: 1 }, ["fault", /^is Completed with 1 errors$/]],
  ["silent of errors", { errors: undefined }, ["gap", /how many errors/]],
  ["silent of items", { items: undefined }, ["gap", /how many items/]],
  ["of one item", { items: { total: 1, done: 1 } }, ["well"]],
  ["of no item", { items: { total: 0, done: 0 } }, ["fault", /^holds no item at all$/]],
  ["an item short", { items: { total: 61, done: 60 } }, ["fault", /^holds 60 of 61 items$/]],
  ["of all its operations", { operations: { attempted: 2, completed: 2, failed: 0 } }, ["well"]],
  [
    "an operation short",
    { operations: { attempted: 2, completed: 1, failed: 0 } },
    ["fault", /^has 1 of 2 operations completed/],
  ],
  ["of a failed operation", { operations: { attempted: 2, completed: 2, failed: 1 } }, ["fault", /and 1 failed$/]],
  ["of a failed hook", { hooksFailed: 1 }, ["fault", /^has 1 failed hooks$/]],
])("a backup that is %s", (_, changes, said) => {
  expect(found({ backup: backup(changes) })).toEqual(only(said));
});

test("a backup without its start is neither complete nor comparable", () => {
  const findings = found({ backup: backup({ startedAt: undefined }) });
  expect(findings.gaps).toEqual([expect.stringMatching(/when it started/)]);
});

test.each<readonly [string, Partial<PodVolumeBackup>, Said]>([
  ["good", {}, ["well"]],
  ["of one byte", { bytesTotal: 1, bytesDone: 1 }, ["well"]],
  ["empty", { bytesTotal: 0, bytesDone: 0 }, ["fault", /^has an empty copy of health-platform\/data-pg-0$/]],
  [
    "a byte short",
    { bytesDone: 61_177_034 },
    ["fault", /^has 61177034 of 61177035 bytes of health-platform\/data-pg-0$/],
  ],
  ["of no known size", { bytesDone: undefined }, ["gap", /how large health-platform\/data-pg-0 is/]],
  [
    "Canceled",
    { phase: "Canceled", message: "Cancel PVB on pod volume timeout" },
    ["fault", /that is Canceled: Cancel PVB/],
  ],
  ["Failed", { phase: "Failed", message: "node-agent restarted" }, ["fault", /that is Failed: node-agent restarted$/]],
  ["not begun", { phase: "" }, ["fault", /that is not begun$/]],
])("a copy that is %s", (_, changes, said) => {
  expect(found({ copies: [copy(changes)] })).toEqual(only(said));
});

test("a copy without a snapshot is none, and the list of volumes cannot confirm it", () => {
  expect(found({ copies: [copy({ snapshotId: "" })] }).faults).toEqual([
    expect.stringMatching(/names no snapshot$/),
    expect.stringMatching(/^lists another copy of/),
  ]);
});

const noCopy = /^has no copy of the volume of health-platform\/data-pg-0/;
const skipped = (skippedReason: string): Partial<BackupFiles> => ({
  volumes: held([volume({ skipped: true, result: "", method: "", snapshotId: "", bytes: 0, skippedReason })]),
});

test.each<readonly [string, Partial<BackupEvidence>, RegExp]>([
  ["of another backup", { copies: [copy({ backup: "platform-0" })] }, noCopy],
  ["of a claim that had its name before", { copies: [copy({ claimUid: "claim-0" })] }, noCopy],
  [
    "by an annotation",
    { copies: [], files: files(skipped("podvolume: opted out due to annotation in pod pg-0;")) },
    /^has no copy .*: podvolume: opted out due to annotation in pod pg-0;$/,
  ],
  [
    "whose pod is scaled away",
    { copies: [], files: files(skipped("volumeSnapshot: not satisfy the criteria")) },
    /^has no copy .*: volumeSnapshot: not satisfy the criteria$/,
  ],
  [
    "of no pod, and no list says why",
    { copies: [], files: files({ volumes: held<readonly BackedUpVolume[]>([]) }) },
    noCopy,
  ],
])("a volume that was left out: %s", (_, changes, why) => {
  expect(found(changes)).toEqual(only(["fault", why]));
});

test("a volume of the node's own folder is left out with a warning, which is the reason", () => {
  const text =
    "Volume data in pod health-platform/pg-0 is a hostPath volume which is not supported for pod volume backup, skipping";
  const results = held({ errors: [], warnings: [{ about: "health-platform", text }] });
  const bent = { ...skipped("volumeSnapshot: not satisfy the criteria"), results };
  const findings = found({ copies: [], files: files(bent), backup: backup({ warnings: 1 }) });
  expect(findings.faults).toEqual([
    expect.stringMatching(/^has no copy .*is a hostPath volume which is not supported/),
  ]);
  expect(findings.gaps).toEqual([expect.stringMatching(/nobody has looked into/)]);
});

test.each<readonly [string, Partial<VolumeClaim>, boolean]>([
  ["bound before it began", { createdAt: secondsAgo(181) }, true],
  ["made as it began", { createdAt: secondsAgo(180) }, false],
  ["without a volume", { phase: "Pending" }, false],
  ["of another namespace", { namespace: "elsewhere" }, false],
])("a second claim, %s", (_, changes, isMissed) => {
  const { faults } = found({ claims: [claim(), claim({ name: "second", uid: "claim-2", ...changes })] });
  expect(faults.length > 0).toBe(isMissed);
});

test("a backup that is older than every volume is no evidence, and one without any volume to hold is", () => {
  const restored = claim({ uid: "claim-9", createdAt: secondsAgo(100) });
  expect(found({ claims: [restored] })).toEqual(only(["gap", /^is older than all 1 volumes that are there now/]));
  const archive = held(["resources/namespaces/cluster/health-platform.json"]);
  const none = files({ archive, volumes: held<readonly BackedUpVolume[]>([]) });
  expect(found({ claims: [], copies: [], files: none })).toEqual(only(["well"]));
});

test.each<readonly [string, readonly BackedUpVolume[], Said]>([
  ["good", [volume()], ["well"]],
  ["silent of a claim", [], ["fault", /^says nothing of health-platform\/data-pg-0 in its list/]],
  ["of a failure", [volume({ result: "failed" })], ["fault", /^calls health-platform\/data-pg-0 'failed'/]],
  ["of a snapshot", [volume({ method: "CSISnapshot" })], ["fault", /as CSISnapshot, not as copied files$/]],
  ["of another copy", [volume({ snapshotId: "k2" })], ["fault", /^lists another copy/]],
  ["of no bytes", [volume({ bytes: 0 })], ["fault", /^lists another copy/]],
  ["of one byte", [volume({ bytes: 1 })], ["well"]],
  [
    "of a claim that is gone since, and was left out",
    [volume(), volume({ claim: "gone", skipped: true, skippedReason: "opted out" })],
    ["fault", /^left out the volume of health-platform\/gone: opted out$/],
  ],
  ["of a claim that is gone since", [volume(), volume({ claim: "gone", snapshotId: "k9" })], ["well"]],
])("a list of volumes that is %s", (_, volumes, said) => {
  expect(found({ files: files({ volumes: held(volumes) }) })).toEqual(only(said));
});

test.each<readonly [string, readonly string[], Said]>([
  [
    "namespace",
    ["resources/persistentvolumeclaims/namespaces/health-platform/data-pg-0.json"],
    ["fault", /without namespace health-platform$/],
  ],
  [
    "claim",
    ["resources/namespaces/cluster/health-platform.json"],
    ["fault", /without claim health-platform\/data-pg-0$/],
  ],
])("an archive without its %s", (_, names, said) => {
  expect(found({ files: files({ archive: held(names) }) })).toEqual(only(said));
});

test.each<readonly [string, readonly string[], number, Said]>([
  ["none", [], 0, ["well"]],
  ["one that was looked into", ["known and harmless"], 1, ["well"]],
  [
    "one that nobody looked into",
    ["known and harmless?"],
    1,
    ["gap", /of velero that nobody has looked into: known and harmless\?$/],
  ],
  ["one more than listed", ["known and harmless"], 2, ["gap", /^counts 2 warnings and lists 1$/]],
])("warnings: %s", (_, texts, warnings, said) => {
  const results = held({ errors: [], warnings: texts.map((text) => ({ about: "velero", text })) });
  expect(found({ backup: backup({ warnings }), files: files({ results }) })).toEqual(only(said));
});

test("an error that is listed counts, whatever the count says", () => {
  const results = held({ errors: [{ about: "cluster", text: "boom" }], warnings: [] });
  expect(found({ files: files({ results }) })).toEqual(
    only(["fault", /^is Completed and lists an error of cluster: boom$/]),
  );
});

test.each<readonly [string, { name: string; startedAt: string | undefined }, Said]>([
  [
    "another name",
    { name: "platform-0", startedAt: secondsAgo(180) },
    ["fault", /^is another one in the bucket: platform-0/],
  ],
  ["another start", { name: "platform-1", startedAt: secondsAgo(181) }, ["fault", /^is another one in the bucket/]],
  ["no start", { name: "platform-1", startedAt: undefined }, ["fault", /started at no time$/]],
])("a description with %s", (_, value, said) => {
  expect(found({ files: files({ description: held(value) }) })).toEqual(only(said));
});

const parts = ["archive", "volumes", "results", "description"] as const;

test.each(parts)("%s that is missing or damaged is a fault, one that could not be got is a gap", (part) => {
  const missing = files({ [part]: read<BackupFile<never>>({ state: "missing", key: "backups/x" }, "s", now) });
  expect(found({ files: missing })).toEqual(only(["fault", /in the bucket: backups\/x is not there$/]));
  const damaged = files({
    [part]: read<BackupFile<never>>({ state: "damaged", key: "backups/x", why: "it is empty" }, "s", now),
  });
  expect(found({ files: damaged })).toEqual(
    only(["fault", /in the bucket that cannot be read: backups\/x: it is empty$/]),
  );
  const silent = files({ [part]: unread("no answer within 5 s", "s", now) });
  expect(found({ files: silent })).toEqual(only(["gap", /could not be got: no answer within 5 s$/]));
});

test("what failed says why, in the words of its list of errors", () => {
  const results = held({
    errors: [{ about: "health-platform", text: "daemonset pod not found in running state in node worker" }],
    warnings: [],
  });
  const findings = found({ backup: backup({ phase: "PartiallyFailed", errors: 1 }), files: files({ results }) });
  expect(findings).toEqual(
    only(["fault", /^is PartiallyFailed, with 1 errors: daemonset pod not found in running state in node worker$/]),
  );
});

test("copies of volumes that are no claim's must have ended well too", () => {
  const other = { claimUid: "", claim: "", volume: "scratch", bytesTotal: 0, bytesDone: 0 };
  expect(found({ copies: [copy(), copy(other)] })).toEqual(only(["well"]));
  expect(found({ copies: [copy(), copy({ ...other, phase: "Failed", message: "m" })] })).toEqual(
    only(["fault", /^has a copy of volume scratch of health-platform\/pg-0 that is Failed: m$/]),
  );
});
