/** Dumps of the databases: made by a schedule that runs, there where they are looked for, young, and dumps. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { CronJob } from "../../probes/kubernetes/cron-jobs.ts";
import type { NewestDump } from "../../probes/service-prober/newest-dump.ts";

type Database = { readonly namespace: string; readonly name: string };

/** The criterion's limit: a daily dump is a day old when the next one begins, and two hours are what a run may take. */
const ageHoursMax = 26;
/** By how much the store's clock may be ahead of ours. */
const aheadSecondsMax = 60;
/** A dump is put into the store before its run ends: one that is older than the last success by more than this is of an earlier run. */
const putSecondsMax = 7200;
/** "PGDMP", by which every dump in PostgreSQL's own formats begins. */
const magic = Buffer.from("PGDMP").toString("hex");

/**
 * Every database has a CronJob `<name>-backup` that is not suspended and whose newest run succeeded, and in the store a dump of at most 26 hours that
 * is not empty, begins as one does, and is not older than that run. One whose first run is still to come, or under way, is a gap.
 * @param dumps one reading a database, in the order of `databases`
 */
export function judgeDatabaseBackups(
  readings: { readonly cronJobs: Reading<readonly CronJob[]>; readonly dumps: readonly Reading<NewestDump>[] },
  databases: readonly Database[],
  now: Date,
): Verdict {
  const { cronJobs, dumps } = readings;
  if (!cronJobs.ok) return unproven(cronJobs.why);
  const judged = databases.map((database, index) => {
    const cronJob = cronJobs.value.find(
      ({ namespace, name }) => namespace === database.namespace && name === `${database.name}-backup`,
    );
    return { database, dump: dumps[index], runs: runsOf(cronJob), found: foundOf(dumps[index], cronJob, now) };
  });
  return conclude({
    faults: judged.flatMap(({ database, runs, found }) =>
      [...runs.faults, ...found.faults].map((one) => `${database.name} ${one}`),
    ),
    gaps: [
      ...judged.flatMap(({ database, runs, found }) =>
        [...runs.gaps, ...found.gaps].map((one) => `${database.name} ${one}`),
      ),
      ...(databases.length === 0 ? ["the profile names no database"] : []),
    ],
    facts: [
      {
        what: "databases without a readable dump",
        value: judged.filter(({ runs, found }) => runs.faults.length + found.faults.length > 0).length,
        unit: "databases",
        limit: `0 of ${databases.length}`,
        source: cronJobs.source,
        at: cronJobs.at,
        samples: databases.length,
      },
      ...judged.flatMap(({ database, dump }) =>
        dump?.ok === true && dump.value.newest !== null
          ? [
              {
                what: `age of the newest dump of ${database.name} (${dump.value.newest.bytes} bytes)`,
                value: Math.round(hoursSince(dump.value.newest.modifiedAt, now) * 100) / 100,
                unit: "hours",
                limit: `at most ${ageHoursMax}`,
                source: dump.source,
                at: dump.at,
              },
            ]
          : [],
      ),
    ],
    held: `the newest dumps of all ${databases.length} databases are there, readable, and no older than ${ageHoursMax} hours`,
  });
}

type Found = { readonly faults: readonly string[]; readonly gaps: readonly string[] };
const fault = (sentence: string): Found => ({ faults: [sentence], gaps: [] });
const gap = (sentence: string): Found => ({ faults: [], gaps: [sentence] });
const well: Found = { faults: [], gaps: [] };

function runsOf(cronJob: CronJob | undefined): Found {
  if (cronJob === undefined) return fault("has no CronJob that dumps it");
  const { suspended, active, scheduledAt, succeededAt, schedule } = cronJob;
  if (suspended) return fault("is dumped by no schedule: its CronJob is suspended");
  if (scheduledAt === undefined) return gap(`was not due yet to be dumped (${schedule})`);
  if (active > 0) return succeededAt === undefined ? gap("is being dumped for the first time") : well;
  if (succeededAt === undefined) return fault(`was never dumped, though it was due at ${scheduledAt}`);
  return Date.parse(succeededAt) < Date.parse(scheduledAt)
    ? fault(`was not dumped by its newest run: due at ${scheduledAt}, the last success was at ${succeededAt}`)
    : well;
}

function foundOf(dump: Reading<NewestDump> | undefined, cronJob: CronJob | undefined, now: Date): Found {
  if (dump === undefined) return gap("was not asked about");
  if (!dump.ok) return gap(`has dumps that could not be looked at: ${dump.why}`);
  const { newest, bucket, folder } = dump.value;
  const succeededAt = cronJob?.succeededAt;
  if (newest === null) {
    return succeededAt === undefined
      ? gap(`has no dump yet in ${bucket}/${folder}`)
      : fault(`has no dump in ${bucket}/${folder}, though its run succeeded at ${succeededAt}`);
  }
  const { key, bytes, head, modifiedAt } = newest;
  const hours = hoursSince(modifiedAt, now);
  if (hours * 3600 < -aheadSecondsMax) return gap(`has a dump of ${modifiedAt}, which is still to come: ${key}`);
  if (bytes === 0) return fault(`has an empty file as its newest dump: ${key}`);
  if (!head.startsWith(magic))
    return fault(`has a newest dump that is none of PostgreSQL's: ${key} begins with ${head}`);
  if (hours > ageHoursMax) return fault(`has a newest dump that is ${hours.toFixed(1)} hours old: ${key}`);
  if (succeededAt !== undefined && Date.parse(modifiedAt) < Date.parse(succeededAt) - putSecondsMax * 1000) {
    return fault(`has no dump of the run that succeeded at ${succeededAt}: the newest is of ${modifiedAt}`);
  }
  return well;
}

function hoursSince(time: string, now: Date): number {
  return (now.getTime() - Date.parse(time)) / 3_600_000;
}
