import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { CronJob } from "../../probes/kubernetes/cron-jobs.ts";
import type { NewestDump } from "../../probes/service-prober/newest-dump.ts";
import { judgeDatabaseBackups } from "./database-backups.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const secondsAgo = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
const hour = 3600;
const databases = [{ namespace: "health-platform", name: "postgres-health-data" }];
const head = "5047444d50010e00";

function cronJob(changes: Partial<CronJob> = {}): CronJob {
  return {
    namespace: "health-platform",
    name: "postgres-health-data-backup",
    schedule: "17 2 * * *",
    suspended: false,
    active: 0,
    scheduledAt: secondsAgo(700),
    succeededAt: secondsAgo(650),
    ...changes,
  };
}

type Newest = NonNullable<NewestDump["newest"]>;

function dump(changes: Partial<Newest> | null = {}): NewestDump {
  const newest = { key: "postgres-health-data/health.dump", bytes: 8941, modifiedAt: secondsAgo(655), head };
  return {
    bucket: "backups",
    folder: "postgres-health-data",
    objects: changes === null ? 0 : 1,
    newest: changes === null ? null : { ...newest, ...changes },
  };
}

const judged = (jobs: readonly CronJob[], found: NewestDump) =>
  judgeDatabaseBackups(
    { cronJobs: read(jobs, "the API server", now), dumps: [read(found, "the prober", now)] },
    databases,
    now,
  );

test.each<readonly [string, Partial<CronJob>, Outcome, RegExp]>([
  ["ran well", {}, "pass", /newest dumps of all 1 databases are there/],
  [
    "is suspended",
    { suspended: true },
    "fail",
    /^postgres-health-data is dumped by no schedule: its CronJob is suspended$/,
  ],
  [
    "is not due yet",
    { scheduledAt: undefined, succeededAt: undefined },
    "unproven",
    /was not due yet to be dumped \(17 2/,
  ],
  ["runs for the first time", { active: 1, succeededAt: undefined }, "unproven", /is being dumped for the first time/],
  ["runs again", { active: 1, scheduledAt: secondsAgo(5) }, "pass", /./],
  ["never succeeded", { succeededAt: undefined }, "fail", /was never dumped, though it was due at/],
  ["failed this time", { scheduledAt: secondsAgo(640) }, "fail", /was not dumped by its newest run/],
  ["ended as it began", { scheduledAt: secondsAgo(650) }, "pass", /./],
  ["is of another database", { name: "postgres-webauthn-auth-backup" }, "fail", /has no CronJob that dumps it/],
  ["is of another namespace", { namespace: "elsewhere" }, "fail", /has no CronJob/],
])("a schedule that %s", (_, changes, outcome, because) => {
  expect(judged([cronJob(changes)], dump())).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

const old = { scheduledAt: secondsAgo(26 * hour + 700), succeededAt: secondsAgo(26 * hour) };

test.each<readonly [string, Partial<Newest> | null, Partial<CronJob>, Outcome, RegExp]>([
  ["as old as it may be", { modifiedAt: secondsAgo(26 * hour) }, old, "pass", /./],
  ["a second too old", { modifiedAt: secondsAgo(26 * hour + 1) }, old, "fail", /newest dump that is 26.0 hours old/],
  ["missing", null, {}, "fail", /has no dump in backups\/postgres-health-data, though its run succeeded/],
  ["missing, before any run", null, { scheduledAt: undefined, succeededAt: undefined }, "unproven", /has no dump yet/],
  ["empty", { bytes: 0, head: "" }, {}, "fail", /an empty file as its newest dump/],
  ["of one byte", { bytes: 1, head: "50" }, {}, "fail", /none of PostgreSQL's/],
  ["text", { head: "6e6f742061206475" }, {}, "fail", /none of PostgreSQL's: .* begins with 6e6f742061206475/],
  ["almost of the future", { modifiedAt: secondsAgo(-60) }, {}, "pass", /./],
  ["of the future", { modifiedAt: secondsAgo(-61) }, {}, "unproven", /still to come/],
  ["two hours before its run ended", { modifiedAt: secondsAgo(650 + 7200) }, {}, "pass", /./],
  ["of an earlier run", { modifiedAt: secondsAgo(650 + 7201) }, {}, "fail", /has no dump of the run that succeeded/],
])("a newest dump that is %s", (_, changes, ofRun, outcome, because) => {
  expect(judged([cronJob(ofRun)], dump(changes))).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("what cannot be looked at is unproven", () => {
  const cronJobs = read([cronJob()], "the API server", now);
  const refused = unread<never>("403, the harness has no right to read this", "the API server", now);
  expect(judgeDatabaseBackups({ cronJobs: refused, dumps: [read(dump(), "p", now)] }, databases, now).outcome).toBe(
    "unproven",
  );
  expect(judgeDatabaseBackups({ cronJobs, dumps: [refused] }, databases, now)).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/could not be looked at: 403/),
  });
  expect(judgeDatabaseBackups({ cronJobs, dumps: [] }, databases, now).outcome).toBe("unproven");
  expect(judgeDatabaseBackups({ cronJobs, dumps: [] }, [], now).outcome).toBe("unproven");
});
