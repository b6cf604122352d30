/** Schedules of backups: those that must be there, holding what they must hold, and none that is paused or invalid. */
import type { Schedule } from "../../probes/velero/schedules.ts";
import type { BackupScope } from "../../probes/velero/scope.ts";
import type { StorageLocation } from "../../probes/velero/storage.ts";
import { merged, type Findings } from "./honest-backup.judge.ts";

/** What Velero is given to look at a new schedule: it does so once a minute. */
const settleSeconds = 120;

type Wanted = { readonly name: string; readonly namespaces: readonly string[] };

/** @param wanted schedules of the profile, each with the namespaces that its backups must hold */
export function findingsOfSchedules(
  schedules: readonly Schedule[],
  wanted: readonly Wanted[],
  locations: readonly StorageLocation[],
  now: Date,
): Findings {
  return merged([
    ...schedules.map((schedule) => named(schedule.name, ofState(schedule, now))),
    ...wanted.map(({ name, namespaces }) => {
      const schedule = schedules.find((one) => one.name === name);
      return schedule === undefined
        ? fault(`there is no schedule ${name}`)
        : named(name, ofScope(schedule.scope, namespaces, locations));
    }),
  ]);
}

const fault = (sentence: string): Findings => ({ faults: [sentence], gaps: [] });
const gap = (sentence: string): Findings => ({ faults: [], gaps: [sentence] });
const well: Findings = { faults: [], gaps: [] };

function named(name: string, { faults, gaps }: Findings): Findings {
  const prefixed = (sentence: string): string => `schedule ${name} ${sentence}`;
  return { faults: faults.map(prefixed), gaps: gaps.map(prefixed) };
}

function ofState({ paused, phase, invalid, expression, createdAt }: Schedule, now: Date): Findings {
  if (paused) return fault("is paused");
  if (phase === "Enabled") return well;
  if (phase === "FailedValidation") return fault(`is invalid: ${invalid === "" ? expression : invalid}`);
  const ageSeconds = (now.getTime() - Date.parse(createdAt)) / 1000;
  return ageSeconds <= settleSeconds
    ? gap("has not been looked at by Velero yet")
    : fault(`is ${phase === "" ? "not looked at by Velero" : phase}, not Enabled`);
}

/** Whether a backup of this scope holds all of these namespaces, with their volumes, in a place that there is. */
export function ofScope(
  scope: BackupScope,
  namespaces: readonly string[],
  locations: readonly Pick<StorageLocation, "name" | "isDefault">[],
): Findings {
  const { namespaces: included, excludedNamespaces, narrowedBy, volumesCopied, location } = scope;
  const left = namespaces.filter(
    (name) => (included.length > 0 && !included.includes(name)) || excludedNamespaces.includes(name),
  );
  const isThere = locations.some(({ name, isDefault }) => (location === "" ? isDefault : name === location));
  return merged([
    left.length === 0 ? well : fault(`leaves out the namespaces ${left.join(", ")}`),
    narrowedBy.length === 0 ? well : fault(`holds only a part of its namespaces (${narrowedBy.join(", ")})`),
    volumesCopied === false ? fault("leaves the files of volumes out (defaultVolumesToFsBackup is false)") : well,
    isThere ? well : fault(`has no place to put backups: ${location === "" ? "no location is the default" : location}`),
  ]);
}
