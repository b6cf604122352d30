/** velero-backups-running: schedules that run, places that take backups, and newest backups that are young and honest. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { ClusterAddress } from "../../probes/kubernetes/addresses.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { VolumeClaim } from "../../probes/kubernetes/volumes.ts";
import type { BackupFiles } from "../../probes/velero/backup-files.ts";
import type { Backup } from "../../probes/velero/backups.ts";
import type { PodVolumeBackup } from "../../probes/velero/pod-volumes.ts";
import type { Schedule } from "../../probes/velero/schedules.ts";
import type { BackupRepository, StorageLocation } from "../../probes/velero/storage.ts";
import { findingsOfSchedules, ofScope } from "./backup-schedule.judge.ts";
import { endedPhases, findingsOf, merged, type Findings } from "./honest-backup.judge.ts";
import { findingsOfLocations } from "./storage-location.judge.ts";
import { findingsOfAgents, findingsOfRepositories } from "./volume-copying.judge.ts";

/** By how much a clock may be ahead of ours. */
const aheadSecondsMax = 60;

export type BackupReadings = {
  readonly schedules: Reading<readonly Schedule[]>;
  readonly backups: Reading<readonly Backup[]>;
  readonly locations: Reading<readonly StorageLocation[]>;
  readonly repositories: Reading<readonly BackupRepository[]>;
  readonly copies: Reading<readonly PodVolumeBackup[]>;
  readonly claims: Reading<readonly VolumeClaim[]>;
  readonly pods: Reading<readonly Pod[]>;
  readonly addresses: Reading<readonly ClusterAddress[]>;
  /** What backups left in their bucket, by the backup's name; of those that a judge looks into. */
  readonly files: ReadonlyMap<string, BackupFiles>;
  /** When each schedule was due for the first time, by its name; null where it never is. */
  readonly firstDue: ReadonlyMap<string, Reading<string | null>>;
};

/** The part of a profile's `backups` that is judged by. */
export type BackupRules = {
  readonly namespace: string;
  readonly nodeAgent: string;
  readonly schedules: readonly { readonly name: string; readonly namespaces: readonly string[] }[];
  readonly ageHoursMax: number;
  readonly runSecondsMax: number;
  readonly validatedSecondsMax: number;
  readonly reviewedWarnings: readonly { readonly matches: string; readonly why: string }[];
};

type Known = {
  readonly schedules: readonly Schedule[];
  readonly backups: readonly Backup[];
  readonly copies: readonly PodVolumeBackup[];
  readonly claims: readonly VolumeClaim[];
};

/** Any list that cannot be had leaves all unproven: what is not known of one part may be the fault of another. */
export function judgeVeleroBackups(readings: BackupReadings, rules: BackupRules, now: Date): Verdict {
  const { schedules, backups, locations, repositories, copies, claims, pods } = readings;
  if (!schedules.ok) return unproven(schedules.why);
  if (!backups.ok) return unproven(backups.why);
  if (!locations.ok) return unproven(locations.why);
  if (!repositories.ok) return unproven(repositories.why);
  if (!copies.ok) return unproven(copies.why);
  if (!claims.ok) return unproven(claims.why);
  if (!pods.ok) return unproven(pods.why);
  const known = {
    schedules: schedules.value,
    backups: backups.value,
    copies: copies.value,
    claims: claims.value,
  };
  const covered = [...new Set(rules.schedules.flatMap(({ namespaces }) => namespaces))];
  const states = merged([
    findingsOfSchedules(schedules.value, rules.schedules, locations.value, now),
    findingsOfLocations(locations.value, readings.addresses, rules, now),
  ]);
  const all = merged([
    states,
    findingsOfAgents(pods.value, covered, rules),
    claims.value.some(({ namespace, phase }) => covered.includes(namespace) && phase === "Bound")
      ? well
      : gap(`no claim is bound in ${covered.join(", ")}: that volumes are held cannot be shown`),
    ...rules.schedules.map((wanted) => ofNewest(wanted, known, readings, rules, now)),
    findingsOfRepositories(repositories.value, copies.value, covered),
  ]);
  return conclude({
    ...all,
    facts: [
      {
        what: "schedules paused or invalid, and storage locations not available",
        value: states.faults.length,
        unit: "objects",
        limit: `0 of ${schedules.value.length + locations.value.length}`,
        source: schedules.source,
        at: schedules.at,
        samples: schedules.value.length + locations.value.length,
      },
      ...rules.schedules.flatMap(({ name }) => ageFact(name, backups, rules, now)),
    ],
    held: `the newest backups of ${rules.schedules.length} schedules are complete, with all volumes, no older than ${rules.ageHoursMax} hours, and in their bucket`,
  });
}

const fault = (sentence: string): Findings => ({ faults: [sentence], gaps: [] });
const gap = (sentence: string): Findings => ({ faults: [], gaps: [sentence] });
const well: Findings = { faults: [], gaps: [] };

/** Those of a schedule, newest first; what is being deleted is no backup any more. */
export function backupsOf(schedule: string, backups: readonly Backup[]): readonly Backup[] {
  return backups
    .filter((one) => one.schedule === schedule && one.phase !== "Deleting")
    .toSorted((left, right) => Date.parse(right.submittedAt) - Date.parse(left.submittedAt));
}

function ofNewest(
  { name, namespaces }: BackupRules["schedules"][number],
  { schedules, backups, copies, claims }: Known,
  { files, firstDue, locations }: BackupReadings,
  rules: BackupRules,
  now: Date,
): Findings {
  const schedule = schedules.find((one) => one.name === name);
  if (schedule === undefined) return well;
  const ours = backupsOf(name, backups);
  const newest = ours.find(({ phase }) => endedPhases.includes(phase));
  const late = ours
    .filter(({ phase }) => !endedPhases.includes(phase))
    .filter(({ submittedAt }) => secondsSince(submittedAt, now) > rules.runSecondsMax)
    .map((one) =>
      fault(`backup ${one.name} has been ${one.phase === "" ? "waiting" : one.phase} since ${one.submittedAt}`),
    );
  if (newest === undefined) return merged([...late, ofNone(schedule, firstDue.get(name), rules, now)]);
  const left = files.get(newest.name);
  const places = locations.ok ? locations.value : [];
  return merged([
    ...late,
    ofAge(name, ours, rules, now),
    named(newest, ofScope(newest.scope, namespaces, places)),
    left === undefined
      ? gap(`what backup ${newest.name} left in its bucket was not looked at`)
      : named(newest, findingsOf({ backup: newest, claims, copies, files: left }, { ...rules, namespaces })),
  ]);
}

function named(backup: Backup, { faults, gaps }: Findings): Findings {
  const prefixed = (sentence: string): string => `backup ${backup.name} ${sentence}`;
  return { faults: faults.map(prefixed), gaps: gaps.map(prefixed) };
}

function ofNone(
  { name, expression }: Schedule,
  firstDue: Reading<string | null> | undefined,
  { runSecondsMax }: BackupRules,
  now: Date,
): Findings {
  if (firstDue === undefined || !firstDue.ok)
    return gap(`schedule ${name} has no backup that ended, and when it was due cannot be told (${expression})`);
  if (firstDue.value === null) return fault(`schedule ${name} is never due (${expression})`);
  return secondsSince(firstDue.value, now) > runSecondsMax
    ? fault(`schedule ${name} has no backup that ended, though it was due at ${firstDue.value}`)
    : gap(`schedule ${name} has no backup yet: it is due for the first time at ${firstDue.value}`);
}

function ofAge(schedule: string, backups: readonly Backup[], { ageHoursMax }: BackupRules, now: Date): Findings {
  const newest = backups.find(({ phase }) => phase === "Completed");
  if (newest === undefined) return fault(`schedule ${schedule} has no complete backup`);
  const seconds = secondsSince(newest.startedAt ?? newest.submittedAt, now);
  if (seconds < -aheadSecondsMax) return gap(`backup ${newest.name} started at a time that is still to come`);
  return seconds > ageHoursMax * 3600
    ? fault(
        `the newest complete backup of schedule ${schedule} is ${(seconds / 3600).toFixed(1)} hours old: ${newest.name}`,
      )
    : well;
}

function ageFact(schedule: string, backups: Reading<readonly Backup[]>, rules: BackupRules, now: Date): Fact[] {
  if (!backups.ok) return [];
  const newest = backupsOf(schedule, backups.value).find(({ phase }) => phase === "Completed");
  if (newest === undefined) return [];
  return [
    {
      what: `age of the newest completed backup of schedule ${schedule} (${newest.name}, ${newest.items?.done ?? 0} items)`,
      value: Math.round((secondsSince(newest.startedAt ?? newest.submittedAt, now) / 3600) * 100) / 100,
      unit: "hours",
      limit: `at most ${rules.ageHoursMax}`,
      source: backups.source,
      at: backups.at,
    },
  ];
}

function secondsSince(time: string, now: Date): number {
  return (now.getTime() - Date.parse(time)) / 1000;
}
