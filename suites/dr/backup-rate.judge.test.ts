import fc from "fast-check";
import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { Backup } from "../../probes/velero/backups.ts";
import type { PodVolumeBackup } from "../../probes/velero/pod-volumes.ts";
import type { Schedule } from "../../probes/velero/schedules.ts";
import {
  backup,
  claim,
  copy,
  covered,
  files,
  now,
  reviewedWarnings,
  schedule,
  scope,
  secondsAgo,
  volume,
} from "./backup-examples.ts";
import { dueBackups, judgeBackupRate, type RateReadings } from "./backup-rate.judge.ts";

const rules = {
  schedules: [{ name: "platform", namespaces: covered }],
  runSecondsMax: 120,
  rateWindowSeconds: 900,
  reviewedWarnings,
};
const given = <T>(value: T): Reading<T> => read(value, "the API server", now);

/** A backup that began so many seconds ago, with what belongs to it. */
function made(
  seconds: number,
  changes: Partial<Backup> = {},
): { readonly backup: Backup; readonly copy: PodVolumeBackup } {
  const name = `platform-${seconds}`;
  return {
    backup: backup({ name, submittedAt: secondsAgo(seconds), startedAt: secondsAgo(seconds), ...changes }),
    copy: copy({ name: `${name}-x`, backup: name, snapshotId: `k${seconds}` }),
  };
}

function leftBy(one: Backup, snapshotId: string) {
  return files({
    description: read({ state: "held", value: { name: one.name, startedAt: one.startedAt } }, "s", now),
    volumes: read({ state: "held", value: [volume({ snapshotId })] }, "s", now),
  });
}

/** Three backups of a schedule that was due 730, 430 and 130 seconds ago. */
const good = [made(725), made(425), made(125)];
const due = [730, 430, 130].map(secondsAgo);

function readings(all: readonly ReturnType<typeof made>[], changes: Partial<RateReadings> = {}): RateReadings {
  return {
    schedules: given([schedule()]),
    backups: given(all.map((one) => one.backup)),
    copies: given(all.map((one) => one.copy)),
    claims: given([claim()]),
    ticks: new Map([["platform", given<readonly string[]>(due)]]),
    files: new Map(all.map((one) => [one.backup.name, leftBy(one.backup, one.copy.snapshotId)])),
    ...changes,
  };
}

const judged = (all: readonly ReturnType<typeof made>[], changes: Partial<RateReadings> = {}) =>
  judgeBackupRate(readings(all, changes), rules, now);

test("three of three", () => {
  expect(judged(good)).toMatchObject({
    outcome: "pass",
    because: "all 3 backups that were due are complete, with every volume and object",
    evidence: [{ value: 100, unit: "%", samples: 3 }],
  });
});

const [first, second, third] = [made(725), made(425), made(125)];

test.each<readonly [string, readonly ReturnType<typeof made>[], Outcome, RegExp, number]>([
  ["the second was never made", [first, third], "fail", /^schedule platform was due at \S+ and made no backup$/, 66.67],
  ["none was made", [], "fail", /was due at .* and made no backup; .*; /, 0],
  [
    "the second failed",
    [first, made(425, { phase: "Failed", errors: undefined }), third],
    "fail",
    /^backup platform-425, due at \S+, is Failed$/,
    66.67,
  ],
  [
    "the second is Completed with an error",
    [first, made(425, { errors: 1 }), third],
    "fail",
    /is Completed with 1 errors$/,
    66.67,
  ],
  [
    "the second came at the very moment of the third",
    [first, made(130), made(125)],
    "fail",
    /was due at .* and made no backup$/,
    66.67,
  ],
  ["the second came a moment before the third", [first, made(131), made(125)], "pass", /./, 100],
  [
    "the second has not ended",
    [first, made(425, { phase: "InProgress" }), third],
    "fail",
    /platform-425, due at \S+, has not ended: it is InProgress$/,
    66.67,
  ],
  ["one more was made by hand, and failed", [...good, made(300, { phase: "Failed" })], "pass", /./, 100],
  [
    "the newest was made by another schedule",
    [first, second, made(125, { schedule: "other" })],
    "fail",
    /made no backup$/,
    66.67,
  ],
])("%s", (_, all, outcome, because, percent) => {
  expect(judged(all)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
    evidence: [{ value: percent }],
  });
});

test.each<readonly [string, number, readonly ReturnType<typeof made>[], number, Outcome]>([
  ["under way within its time is not counted", 120, [made(120, { phase: "InProgress" })], 2, "pass"],
  ["not begun within its time is not counted", 120, [], 2, "pass"],
  ["under way a second too long is", 121, [made(121, { phase: "InProgress" })], 3, "fail"],
  ["not begun a second too long is", 121, [], 3, "fail"],
  ["ended at once is counted", 20, [made(15)], 3, "pass"],
  ["failed at once is counted", 20, [made(15, { phase: "Failed" })], 3, "fail"],
])("a newest backup that is %s", (_, dueAgo, newest, samples, outcome) => {
  const ticks = new Map([["platform", given<readonly string[]>([730, 430, dueAgo].map(secondsAgo))]]);
  expect(judged([first, second, ...newest], { ticks })).toMatchObject({ outcome, evidence: [{ samples }] });
});

test.each<readonly [string, Partial<Schedule>, Outcome, RegExp]>([
  ["as old as the window", { createdAt: secondsAgo(900) }, "pass", /./],
  [
    "a second younger",
    { createdAt: secondsAgo(899) },
    "unproven",
    /^schedule platform is 899 s old: the window of 900 s is not over$/,
  ],
])("a schedule that is %s", (_, changes, outcome, because) => {
  const claims = given([claim({ createdAt: secondsAgo(9000) })]);
  const schedules = given([schedule(changes)]);
  expect(judged(good, { schedules, claims })).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each<readonly [number, Outcome]>([
  [3, "pass"],
  [4, "unproven"],
])("a young schedule of which %i backups must have been due", (youngBackupsMin, outcome) => {
  const claims = given([claim({ createdAt: secondsAgo(9000) })]);
  const schedules = given([schedule({ createdAt: secondsAgo(800) })]);
  expect(judgeBackupRate(readings(good, { schedules, claims }), { ...rules, youngBackupsMin }, now).outcome).toBe(
    outcome,
  );
});

test("a run that a young schedule missed is a fault all the same", () => {
  const schedules = given([schedule({ createdAt: secondsAgo(800) })]);
  expect(judged([first, third], { schedules }).outcome).toBe("fail");
});

test.each<readonly [string, number, Outcome]>([
  ["for a second longer than it is due", 431, "fail"],
  ["for as long as it is due", 430, "unproven"],
])("a missing backup of a schedule that keeps them %s", (_, keptSeconds, outcome) => {
  const schedules = given([schedule({ scope: scope({ keptSeconds }) })]);
  expect(judged([first, third], { schedules }).outcome).toBe(outcome);
});

test("a schedule that the profile does not name counts too, but need not fill the window", () => {
  const extra = schedule({ name: "extra", createdAt: secondsAgo(400) });
  const schedules = given([schedule(), extra]);
  const withTicks = (times: readonly string[]) => new Map([...readings(good).ticks, ["extra", given(times)] as const]);
  expect(judged(good, { schedules, ticks: withTicks([]) }).outcome).toBe("pass");
  expect(judged(good, { schedules, ticks: withTicks([secondsAgo(300)]) })).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/^schedule extra was due at \S+ and made no backup$/),
  });
});

test.each<readonly [string, Partial<RateReadings>, RegExp]>([
  [
    "whose times cannot be told",
    { ticks: new Map([["platform", unread<readonly string[]>("'@every 1h' has not", "s", now)]]) },
    /when schedule platform was due cannot be told/,
  ],
  ["whose times were not asked", { ticks: new Map() }, /when schedule platform was due was not asked/],
  ["that was not due", { ticks: new Map([["platform", given<readonly string[]>([])]]) }, /was not due within 900 s$/],
  ["whose bucket was not looked into", { files: new Map() }, /was not looked into/],
])("a schedule %s is unproven", (_, changes, because) => {
  expect(judged(good, changes)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});

test("a schedule of the profile that is not there fails", () => {
  expect(judged(good, { schedules: given([]) })).toMatchObject({
    outcome: "fail",
    because: "there is no schedule platform",
  });
});

test.each(["schedules", "backups", "copies", "claims"] as const)("without %s nothing is proven", (part) => {
  const refused = unread<never>("403, the harness has no right to read this", "the API server", now);
  expect(judged(good, { [part]: refused })).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/403/),
  });
});

test("no backup is counted for two of the times that it was due, and none for a time after it", () => {
  const ages = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 12 });
  fc.assert(
    fc.property(ages, ages, (ticksAgo, madeAgo) => {
      const times = [...new Set(ticksAgo)].toSorted((left, right) => right - left).map(secondsAgo);
      const all = [...new Set(madeAgo)].map((seconds) => made(seconds).backup);
      const found = dueBackups([schedule()], all, new Map([["platform", given(times)]]), rules, now);
      const names = found.flatMap(({ backup: one }) => one?.name ?? []);
      expect(new Set(names).size).toBe(names.length);
      expect(found.every(({ dueAt, backup: one }) => one === undefined || one.submittedAt >= dueAt)).toBe(true);
    }),
  );
});
