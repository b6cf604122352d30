/** backup-success-rate: of the backups that were due, those that are complete. A run that never started counts as failed. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { VolumeClaim } from "../../probes/kubernetes/volumes.ts";
import type { BackupFiles } from "../../probes/velero/backup-files.ts";
import type { Backup } from "../../probes/velero/backups.ts";
import type { PodVolumeBackup } from "../../probes/velero/pod-volumes.ts";
import type { Schedule } from "../../probes/velero/schedules.ts";
import { endedPhases, findingsOf, merged, type Findings } from "./honest-backup.judge.ts";

export type RateReadings = {
  readonly schedules: Reading<readonly Schedule[]>;
  readonly backups: Reading<readonly Backup[]>;
  readonly copies: Reading<readonly PodVolumeBackup[]>;
  readonly claims: Reading<readonly VolumeClaim[]>;
  /** When each schedule was due within the window, by its name, oldest first; never before it was made. */
  readonly ticks: ReadonlyMap<string, Reading<readonly string[]>>;
  readonly files: ReadonlyMap<string, BackupFiles>;
};

export type RateRules = {
  readonly schedules: readonly { readonly name: string; readonly namespaces: readonly string[] }[];
  readonly runSecondsMax: number;
  readonly rateWindowSeconds: number;
  /** As many due backups of a schedule fill its window before it is over. */
  readonly youngBackupsMin?: number | undefined;
  readonly reviewedWarnings: readonly { readonly matches: string; readonly why: string }[];
};

/** A time that a schedule was due at, and the backup that it made then. */
export type DueBackup = {
  readonly schedule: Schedule;
  readonly dueAt: string;
  readonly backup: Backup | undefined;
};

/**
 * Each time a schedule was due has the backup that was submitted first between it and the next time. Those that are due for less than a run may take,
 * and have not ended, are not counted yet.
 */
export function dueBackups(
  schedules: readonly Schedule[],
  backups: readonly Backup[],
  ticks: RateReadings["ticks"],
  { runSecondsMax }: Pick<RateRules, "runSecondsMax">,
  now: Date,
): readonly DueBackup[] {
  return schedules.flatMap((schedule) => {
    const due = ticks.get(schedule.name);
    if (due === undefined || !due.ok) return [];
    const ours = backups
      .filter(({ schedule: of, phase }) => of === schedule.name && phase !== "Deleting")
      .toSorted((left, right) => Date.parse(left.submittedAt) - Date.parse(right.submittedAt));
    return due.value.flatMap((dueAt, index): DueBackup[] => {
      const from = Date.parse(dueAt);
      const next = due.value[index + 1];
      const until = next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next);
      const backup = ours.find(({ submittedAt }) => isWithin(Date.parse(submittedAt), from, until));
      const hasEnded = backup !== undefined && endedPhases.includes(backup.phase);
      const isUnderWay = now.getTime() - from <= runSecondsMax * 1000;
      return isUnderWay && !hasEnded ? [] : [{ schedule, dueAt, backup }];
    });
  });
}

/** Every schedule of Velero's namespace counts; those of the profile must be there, and old enough to fill the window, or have been due often enough. */
export function judgeBackupRate(readings: RateReadings, rules: RateRules, now: Date): Verdict {
  const { schedules, backups, copies, claims, ticks, files } = readings;
  if (!schedules.ok) return unproven(schedules.why);
  if (!backups.ok) return unproven(backups.why);
  if (!copies.ok) return unproven(copies.why);
  if (!claims.ok) return unproven(claims.why);
  const due = dueBackups(schedules.value, backups.value, ticks, rules, now);
  const judged = due.map((one) => ofDue(one, { copies: copies.value, claims: claims.value, files }, rules, now));
  const complete = judged.filter(({ faults, gaps }) => faults.length + gaps.length === 0).length;
  const missing = rules.schedules.filter(({ name }) => !schedules.value.some((one) => one.name === name));
  const found = merged([
    ...missing.map(({ name }) => fault(`there is no schedule ${name}`)),
    ...judged,
    ...schedules.value.map((schedule) => ofWindow(schedule, due, ticks, rules, now)),
  ]);
  return conclude({
    ...found,
    facts: [
      {
        what: `due backups that are complete (${complete} of ${due.length}, within ${rules.rateWindowSeconds / 3600} hours)`,
        value: due.length === 0 ? 0 : Math.round((complete / due.length) * 10_000) / 100,
        unit: "%",
        limit: "exactly 100",
        source: backups.source,
        at: backups.at,
        samples: due.length,
      },
    ],
    held: `all ${due.length} backups that were due are complete, with every volume and object`,
  });
}

const fault = (sentence: string): Findings => ({ faults: [sentence], gaps: [] });
const gap = (sentence: string): Findings => ({ faults: [], gaps: [sentence] });
const well: Findings = { faults: [], gaps: [] };

function isWithin(time: number, from: number, until: number): boolean {
  return time >= from && time < until;
}

function ofDue(
  { schedule, dueAt, backup }: DueBackup,
  known: {
    readonly copies: readonly PodVolumeBackup[];
    readonly claims: readonly VolumeClaim[];
    readonly files: RateReadings["files"];
  },
  rules: RateRules,
  now: Date,
): Findings {
  const { name, scope } = schedule;
  if (backup === undefined) {
    const isGone = scope.keptSeconds !== undefined && now.getTime() - Date.parse(dueAt) >= scope.keptSeconds * 1000;
    return isGone
      ? gap(`schedule ${name} was due at ${dueAt}, and keeps its backups for ${scope.keptSeconds} s only`)
      : fault(`schedule ${name} was due at ${dueAt} and made no backup`);
  }
  const about = `backup ${backup.name}, due at ${dueAt},`;
  if (!endedPhases.includes(backup.phase))
    return fault(`${about} has not ended: it is ${backup.phase === "" ? "waiting" : backup.phase}`);
  const left = known.files.get(backup.name);
  if (left === undefined) return gap(`${about} was not looked into`);
  const namespaces = rules.schedules.find((one) => one.name === name)?.namespaces ?? scope.namespaces;
  const { faults, gaps } = findingsOf({ backup, ...known, files: left }, { ...rules, namespaces });
  const prefixed = (sentence: string): string => `${about} ${sentence}`;
  return { faults: faults.map(prefixed), gaps: gaps.map(prefixed) };
}

/** What keeps a schedule's window from being full. */
function ofWindow(
  { name, createdAt }: Schedule,
  due: readonly DueBackup[],
  ticks: RateReadings["ticks"],
  rules: RateRules,
  now: Date,
): Findings {
  const found = ticks.get(name);
  if (found === undefined) return gap(`when schedule ${name} was due was not asked`);
  if (!found.ok) return gap(`when schedule ${name} was due cannot be told: ${found.why}`);
  if (!rules.schedules.some((one) => one.name === name)) return well;
  const ageSeconds = (now.getTime() - Date.parse(createdAt)) / 1000;
  const counted = due.filter(({ schedule }) => schedule.name === name).length;
  const { youngBackupsMin = Number.POSITIVE_INFINITY } = rules;
  if (ageSeconds < rules.rateWindowSeconds && counted < youngBackupsMin)
    return gap(
      `schedule ${name} is ${Math.floor(ageSeconds)} s old: the window of ${rules.rateWindowSeconds} s is not over`,
    );
  return counted > 0 ? well : gap(`schedule ${name} was not due within ${rules.rateWindowSeconds} s`);
}
