import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { ClusterAddress } from "../../probes/kubernetes/addresses.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { VolumeClaim } from "../../probes/kubernetes/volumes.ts";
import type { BackupFiles } from "../../probes/velero/backup-files.ts";
import type { Backup } from "../../probes/velero/backups.ts";
import type { Schedule } from "../../probes/velero/schedules.ts";
import type { BackupRepository } from "../../probes/velero/storage.ts";
import {
  backup,
  claim,
  copy,
  covered,
  files,
  location,
  now,
  repository,
  reviewedWarnings,
  schedule,
  scope,
  secondsAgo,
} from "./backup-examples.ts";
import { judgeVeleroBackups, type BackupReadings } from "./velero-backups.judge.ts";

const rules = {
  namespace: "velero",
  nodeAgent: "node-agent",
  schedules: [{ name: "platform", namespaces: covered }],
  ageHoursMax: 26,
  runSecondsMax: 600,
  validatedSecondsMax: 60,
  reviewedWarnings,
};

function pod(changes: Partial<Pod> = {}): Pod {
  return {
    namespace: "health-platform",
    name: "pg-0",
    createdAt: secondsAgo(7200),
    node: "worker",
    phase: "Running",
    reason: "",
    ready: true,
    owner: { kind: "StatefulSet", name: "pg", uid: "u" },
    revision: "",
    initContainers: [],
    containers: [],
    claims: ["data-pg-0"],
    ...changes,
  };
}

const agent = (changes: Partial<Pod> = {}): Pod =>
  pod({
    namespace: "velero",
    name: "node-agent-x",
    owner: { kind: "DaemonSet", name: "node-agent", uid: "d" },
    claims: [],
    ...changes,
  });

const given = <T>(value: T): Reading<T> => read(value, "the API server", now);

function readings(changes: Partial<BackupReadings> = {}): BackupReadings {
  return {
    schedules: given([schedule()]),
    backups: given([backup()]),
    locations: given([location()]),
    repositories: given([repository()]),
    copies: given([copy()]),
    claims: given([claim()]),
    pods: given([pod(), agent()]),
    addresses: given<readonly ClusterAddress[]>([]),
    files: new Map([["platform-1", files()]]),
    firstDue: new Map([["platform", given<string | null>(secondsAgo(7000))]]),
    ...changes,
  };
}

const judged = (changes: Partial<BackupReadings> = {}) => judgeVeleroBackups(readings(changes), rules, now);

test("all is well", () => {
  expect(judged()).toMatchObject({
    outcome: "pass",
    because: expect.stringMatching(/newest backups of 1 schedules are complete, with all volumes/),
    evidence: [
      { what: "schedules paused or invalid, and storage locations not available", value: 0, limit: "0 of 2" },
      {
        what: expect.stringMatching(/^age of the newest completed backup of schedule platform/),
        value: 0.05,
        unit: "hours",
      },
    ],
  });
});

const hours = 3600;
const olderBy = (seconds: number): Partial<Backup> => ({
  submittedAt: secondsAgo(seconds),
  startedAt: secondsAgo(seconds),
});
/** What the bucket holds of a backup that began then. */
const leftAt = (seconds: number): ReadonlyMap<string, BackupFiles> =>
  new Map([
    [
      "platform-1",
      files({
        description: read({ state: "held", value: { name: "platform-1", startedAt: secondsAgo(seconds) } }, "s", now),
      }),
    ],
  ]);

test.each<readonly [string, number, Outcome, RegExp]>([
  ["as old as it may be", 26 * hours, "pass", /./],
  [
    "a second too old",
    26 * hours + 1,
    "fail",
    /^the newest complete backup of schedule platform is 26\.0 hours old: platform-1$/,
  ],
  ["almost of the future", -60, "pass", /./],
  ["of the future", -61, "unproven", /platform-1 started at a time that is still to come$/],
])("a newest backup that is %s", (_, seconds, outcome, because) => {
  const claims = given([claim({ createdAt: secondsAgo(30 * hours) })]);
  const changes = { backups: given([backup(olderBy(seconds))]), files: leftAt(seconds), claims };
  expect(judged(changes)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

const failed = backup({ name: "platform-2", phase: "PartiallyFailed", errors: 1, ...olderBy(60) });

test.each<readonly [string, readonly Backup[], Outcome, RegExp]>([
  [
    "one that failed after a good one",
    [backup(), failed],
    "fail",
    /^backup platform-2 is PartiallyFailed, with 1 errors$/,
  ],
  [
    "one that runs after a good one",
    [backup(), backup({ name: "platform-2", phase: "InProgress", ...olderBy(600) })],
    "pass",
    /./,
  ],
  [
    "one that runs for too long",
    [backup(), backup({ name: "platform-2", phase: "InProgress", ...olderBy(601) })],
    "fail",
    /^backup platform-2 has been InProgress since /,
  ],
  [
    "one that nobody took up",
    [backup(), backup({ name: "platform-2", phase: "", ...olderBy(601) })],
    "fail",
    /has been waiting since/,
  ],
  [
    "one that is being deleted",
    [backup(), backup({ name: "platform-2", phase: "Deleting", ...olderBy(900) })],
    "pass",
    /./,
  ],
  ["only failed ones", [failed], "fail", /^schedule platform has no complete backup/],
  [
    "one that was made by hand",
    [backup({ schedule: "" })],
    "fail",
    /^schedule platform has no backup that ended, though it was due at/,
  ],
  ["none", [], "fail", /^schedule platform has no backup that ended/],
  [
    "one of a narrower schedule",
    [backup({ scope: scope({ narrowedBy: ["labelSelector"] }) })],
    "fail",
    /^backup platform-1 holds only a part of its namespaces \(labelSelector\)$/,
  ],
])("backups: %s", (_, backups, outcome, because) => {
  const left = new Map([...readings().files, ["platform-2", files()] as const]);
  expect(judged({ backups: given(backups), files: left })).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test.each<readonly [string, Reading<string | null> | undefined, Outcome, RegExp]>([
  [
    "not over",
    given(secondsAgo(600)),
    "unproven",
    /^schedule platform has no backup yet: it is due for the first time at/,
  ],
  ["over for a second", given(secondsAgo(601)), "fail", /though it was due at/],
  ["still to come", given(secondsAgo(-600)), "unproven", /has no backup yet/],
  ["never", given(null), "fail", /^schedule platform is never due \(2-59\/5/],
  ["not known", unread("'@every 1h' has not the five fields", "s", now), "unproven", /when it was due cannot be told/],
  ["not asked for", undefined, "unproven", /cannot be told/],
])("without a backup, the time that a first run may take is %s", (_, due, outcome, because) => {
  const firstDue = new Map(due === undefined ? [] : [["platform", due] as const]);
  expect(judged({ backups: given([]), firstDue })).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each<readonly [string, readonly Schedule[], RegExp]>([
  ["is paused", [schedule({ paused: true })], /^schedule platform is paused$/],
  ["is gone", [], /^there is no schedule platform$/],
  [
    "leaves volumes out",
    [schedule({ scope: scope({ volumesCopied: false }) })],
    /^schedule platform leaves the files of volumes out/,
  ],
])("a schedule that %s fails, however good its backups are", (_, schedules, because) => {
  const verdict = judged({ schedules: given(schedules) });
  const evidence = [{ value: 1 }, {}];
  expect(verdict).toMatchObject({ outcome: "fail", because: expect.stringMatching(because), evidence });
});

test("a storage location that is down fails", () => {
  const down = given([location({ phase: "Unavailable", message: "no route to host" })]);
  expect(judged({ locations: down })).toMatchObject({
    outcome: "fail",
    because: "storage location default is Unavailable: no route to host",
  });
});

test.each<readonly [string, readonly Pod[], RegExp | undefined]>([
  [
    "not ready",
    [pod(), agent({ ready: false })],
    /^node worker has pods with volumes, and no ready pod of DaemonSet velero\/node-agent$/,
  ],
  ["on another node", [pod(), agent({ node: "worker2" })], /^node worker has pods with volumes/],
  ["ending", [pod(), agent({ deletedAt: secondsAgo(1) })], /^node worker has pods/],
  ["of another DaemonSet", [pod(), agent({ owner: { kind: "DaemonSet", name: "x", uid: "d" } })], /^node worker/],
  ["of another namespace", [pod(), agent({ namespace: "kube-system" })], /^node worker/],
  ["not there, where no pod has a volume", [pod({ claims: [] })], undefined],
  ["not there, where the pod has ended", [pod({ phase: "Succeeded" })], undefined],
  ["not there, where the pod is of no concern", [pod({ namespace: "elsewhere" })], undefined],
])("an agent that is %s", (_, pods, because) => {
  const told = { outcome: "fail", because: expect.stringMatching(because ?? /./) };
  expect(judged({ pods: given(pods) })).toMatchObject(because === undefined ? { outcome: "pass" } : told);
});

test.each<readonly [string, readonly BackupRepository[], RegExp]>([
  [
    "NotReady",
    [repository({ phase: "NotReady", message: "error to connect to repo" })],
    /is NotReady: error to connect to repo$/,
  ],
  ["without a phase", [repository({ phase: "" })], /is not ready$/],
  [
    "of another namespace",
    [repository({ namespace: "kafka" })],
    /^namespace health-platform has copies of volumes and no repository/,
  ],
])("a repository that is %s", (_, repositories, because) => {
  expect(judged({ repositories: given(repositories) })).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(because),
  });
});

test("an archive that was emptied in the bucket fails, a store that is silent is unproven", () => {
  const emptied = files({
    archive: read({ state: "damaged", key: "backups/platform-1/platform-1.tar.gz", why: "it is empty" }, "s", now),
  });
  expect(judged({ files: new Map([["platform-1", emptied]]) })).toMatchObject({
    outcome: "fail",
    because:
      "backup platform-1 has an archive in the bucket that cannot be read: backups/platform-1/platform-1.tar.gz: it is empty",
  });
  const silent = files({ archive: unread("no answer within 5 s", "s", now) });
  expect(judged({ files: new Map([["platform-1", silent]]) })).toMatchObject({ outcome: "unproven" });
  expect(judged({ files: new Map() })).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/was not looked at/),
  });
});

test.each<readonly [string, readonly VolumeClaim[], RegExp]>([
  ["no claim at all", [], /^no claim is bound in health-platform: that volumes are held cannot be shown/],
  ["none that is bound", [claim({ phase: "Pending" })], /^no claim is bound in health-platform/],
  [
    "none that is as old as the backup",
    [claim({ createdAt: secondsAgo(60) })],
    /^backup platform-1 is older than all 1 volumes/,
  ],
])("a platform with %s proves nothing of its volumes", (_, claims, because) => {
  expect(judged({ claims: given(claims) })).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(because),
  });
});

const lists = ["schedules", "backups", "locations", "repositories", "copies", "claims", "pods", "addresses"] as const;

test.each(lists)("without %s nothing is proven", (part) => {
  const refused = unread<never>("403, the harness has no right to read this", "the API server", now);
  expect(judged({ [part]: refused })).toMatchObject({ outcome: "unproven", because: expect.stringMatching(/403/) });
});
