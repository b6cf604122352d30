/** What a restore drill did and saw, as plain data: the judges of suites/dr/restore.judge.ts decide what it shows. */
import type { Fact, Reading } from "../../harness/verdict.ts";

/** A moment on both of the harness's clocks: `ms` on one that never goes back, `at` as people read it. */
export type Moment = { readonly ms: number; readonly at: string };

/** What came of a restore, in the order in which it happens. */
export const restoreStages = [
  "declared",
  "restore created",
  "restore completed",
  "pods ready",
  "data verified",
] as const;

/** The same of a whole cluster, which has to be there first. */
export const rebuildStages = [
  "declared",
  "cluster ready",
  "backup found",
  "restore created",
  "restore completed",
  "pods ready",
  "data verified",
] as const;

/** A stage without a moment was not reached, or nobody saw when. */
export type Stage = { readonly name: string; readonly reached?: Moment };

/** A part of what a user wrote: its row in the database, its object in the data lake. */
export type Part = "row" | "object";

/** Something that a user wrote and the platform said it has, known again by its checksum. */
export type Marker = {
  readonly id: string;
  readonly service: string;
  readonly parts: readonly Part[];
  /** When its acceptance was there. */
  readonly accepted: Moment;
};

/** What was found of one part of a marker. `unread`: it could not be asked for. */
export type FoundPart = {
  readonly id: string;
  readonly part: Part;
  readonly state: "intact" | "altered" | "missing" | "unread";
  /** Why it is not intact; empty where it is. */
  readonly said: string;
};

/** One way of looking at all markers: `route` as their owner has them through the ingress, `sql` in the database and the object store themselves. */
export type Verification = { readonly way: "route" | "sql"; readonly found: Reading<readonly FoundPart[]> };

/** A claim whose volume was to come back. Bytes are what the backup holds of it, and what the restore wrote. */
export type RestoredVolume = {
  readonly claim: string;
  readonly backedUpBytes: number;
  readonly restoredBytes: number;
};

export type RestoreRun = {
  /** What was destroyed and restored, as in `namespace health-platform`. */
  readonly what: string;
  readonly stages: readonly Stage[];
  /** When the drill stopped looking, whatever it had seen. */
  readonly ended: Moment;
  /** The backup: what was accepted before it was asked for must be in it. */
  readonly backup: { readonly name: string; readonly requested: Moment };
  /** When the destruction was ordered: what was accepted until then is what can be lost. */
  readonly lossBegan: Moment;
  /** Proof that it was gone. `ok: false`: nobody knows, and what is there afterwards may never have been away. */
  readonly destroyed: Reading<Fact>;
  /** The Restore, by its own object. */
  readonly restore: Reading<{
    readonly name: string;
    readonly phase: string;
    readonly errors: number;
    readonly volumes: readonly RestoredVolume[];
  }>;
  /** All that was accepted, before the backup and after it. */
  readonly markers: readonly Marker[];
  readonly verifications: readonly Verification[];
  /**
   * When all pods were of their own templates again: those that Velero restores carry a container of its own. It comes after the data were verified, and is
   * no part of the time; absent where it was not done.
   */
  readonly renewed?: Moment;
  /** The run's file in the evidence folder. */
  readonly file: string;
};

/** One step of a runbook as it was followed. `seen`: whether what it says was to be seen afterwards; `ok: false` where nobody could look. */
export type RunbookStep = { readonly name: string; readonly seen: Reading<boolean>; readonly took: number };

/** A row that was written beside the restore drill of a database. */
export type WrittenRow = { readonly id: string; readonly accepted: Moment };

export type DatabaseRestoreRun = {
  /** As `namespace/statefulset`. */
  readonly database: string;
  /** Names of all steps of the runbook, in their order, as the document has them. */
  readonly runbook: readonly string[];
  readonly steps: readonly RunbookStep[];
  /** The chosen moment lies between these two: a dump shows the database at some moment while it is made. */
  readonly chosen: { readonly from: Moment; readonly until: Moment };
  /** Proof that the database was corrupted. */
  readonly corrupted: Reading<Fact>;
  /** All rows that were accepted. */
  readonly rows: readonly WrittenRow[];
  /** What was found of them afterwards, as SQL. */
  readonly found: Reading<readonly Omit<FoundPart, "part">[]>;
  readonly ended: Moment;
  readonly file: string;
};
