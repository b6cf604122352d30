/** A restore drill as the tests of its judges need it: a good one, changed where a row says so. */
import { read } from "../../harness/verdict.ts";
import type {
  DatabaseRestoreRun,
  FoundPart,
  Marker,
  Moment,
  RestoreRun,
  Stage,
} from "../../probes/restore/restore-run.ts";

const beganMs = Date.parse("2026-11-22T12:00:00.000Z");

/** So many milliseconds after the drill began, on both clocks. @param aheadMs how far the one that people read has stepped */
export function momentAt(ms: number, aheadMs = 0): Moment {
  return { ms, at: new Date(beganMs + ms + aheadMs).toISOString() };
}

/** The backup is asked for after a minute, the loss begins after 90 s. */
const requestedMs = 60_000;
const lossMs = 90_000;
const parts = ["row", "object"] as const;

/** A marker each second from the drill's begin to the loss: sixty before the backup, thirty after it. */
export const exampleMarkers: readonly Marker[] = Array.from({ length: 90 }, (_, index) => ({
  id: `marker-${index}`,
  service: "health-api",
  parts,
  accepted: momentAt(index * 1_000 + 500),
}));

/** What comes back in the example: what was accepted before the backup, and ten seconds more. */
export const backMs = 70_000;

/** Everything that came back is intact, and the rest is missing. @param change what one look found otherwise */
export function foundParts(change: (found: FoundPart) => FoundPart = (found) => found): readonly FoundPart[] {
  return exampleMarkers.flatMap(({ id, accepted }) =>
    parts.map((part) => {
      const isBack = accepted.ms < backMs;
      return change({ id, part, state: isBack ? "intact" : "missing", said: isBack ? "" : "no row" });
    }),
  );
}

const reached = {
  declared: 110_000,
  "restore created": 111_000,
  "restore completed": 140_000,
  "pods ready": 150_000,
  "data verified": 170_000,
};

/** The good stages, some at another time or at none. */
export function exampleStages(changes: Readonly<Record<string, Moment | undefined>> = {}): readonly Stage[] {
  return Object.entries(reached).map(([name, ms]): Stage => {
    const moment = name in changes ? changes[name] : momentAt(ms);
    return moment === undefined ? { name } : { name, reached: moment };
  });
}

const now = new Date(beganMs + 180_000);
export const exampleLoss = { what: "namespace gone", value: true, source: "the API server", at: momentAt(105_000).at };

export function exampleRestore(changes: Partial<RestoreRun> = {}): RestoreRun {
  return {
    what: "namespace health-platform",
    stages: exampleStages(),
    ended: momentAt(180_000),
    backup: { name: "drill-1", requested: momentAt(requestedMs) },
    lossBegan: momentAt(lossMs),
    destroyed: read(exampleLoss, "the API server", now),
    restore: restoreOf({}),
    markers: exampleMarkers,
    verifications: [
      {
        way: "route",
        found: read(
          foundParts().filter(({ part }) => part === "row"),
          "health-api",
          now,
        ),
      },
      { way: "sql", found: read(foundParts(), "flow prober", now) },
    ],
    file: "restore-run.json",
    ...changes,
  };
}

type Restore = Extract<RestoreRun["restore"], { readonly ok: true }>["value"];

/** The good Restore, as a reading, with fields that differ. */
export function restoreOf(changes: Partial<Restore>): RestoreRun["restore"] {
  const volumes = [{ claim: "health-platform/data-postgres-0", backedUpBytes: 61_000_000, restoredBytes: 61_000_000 }];
  return read({ name: "drill-1-restore", phase: "Completed", errors: 0, volumes, ...changes }, "Velero", now);
}

const steps = ["stop the writers", "restore the dump", "start the writers"];

/** Rows each second for two minutes; the moment lies in the second between 60 s and 61 s. */
export function exampleDatabaseRun(changes: Partial<DatabaseRestoreRun> = {}): DatabaseRestoreRun {
  const rows = Array.from({ length: 120 }, (_, index) => ({
    id: `row-${index}`,
    accepted: momentAt(index * 1_000 + 500),
  }));
  return {
    database: "health-platform/postgres-health-data",
    runbook: steps,
    steps: steps.map((name) => ({ name, seen: read(true, "the cluster", now), took: 1 })),
    chosen: { from: momentAt(60_000), until: momentAt(61_000) },
    corrupted: read({ what: "rows damaged", value: 60, source: "SQL", at: momentAt(130_000).at }, "SQL", now),
    rows,
    found: read(rowsFound({}), "SQL", now),
    ended: momentAt(180_000),
    file: "database-restore.json",
    ...changes,
  };
}

type FoundRow = Omit<FoundPart, "part">;

/** All rows of before the moment are intact and the later ones are gone, but for those named. */
export function rowsFound(changes: Readonly<Record<string, FoundRow["state"]>>): readonly FoundRow[] {
  return Array.from({ length: 120 }, (_, index) => {
    const id = `row-${index}`;
    return { id, state: changes[id] ?? (index < 60 ? "intact" : "missing"), said: "" };
  });
}

/** Both ways found this. */
export function verifiedAs(change: (found: FoundPart) => FoundPart): Partial<RestoreRun> {
  const found = foundParts(change);
  return {
    verifications: [
      {
        way: "route",
        found: read(
          found.filter(({ part }) => part === "row"),
          "health-api",
          now,
        ),
      },
      { way: "sql", found: read(found, "flow prober", now) },
    ],
  };
}

/** The good drill, in which one part of one marker was found otherwise. */
export function restoreBut(id: string, part: string, state: FoundPart["state"]): RestoreRun {
  return exampleRestore(
    verifiedAs((found) => (found.id === id && found.part === part ? { ...found, state, said: "so it is" } : found)),
  );
}

/** The part is not there any more. */
export function asGone(found: FoundPart): FoundPart {
  return { ...found, state: "missing", said: "no row" };
}
