/** What must be backed up, how often, and where it is kept: what a profile says of Velero. */
import { z } from "zod";

/** A daily backup is a day old when the next one starts, and two hours are what a run may take (criterion velero-backups-running). */
const ageHoursRoadmap = 26;

/** An expression that a warning is found by; one that does not compile is refused here, not in the middle of a run. */
const expression = z.string().min(5).refine(compiles, { error: "is not a regular expression" });

/** The shape of the profile's field `backups`. */
export const backupsSchema = z.strictObject({
  /** Where Velero stands. */
  namespace: z.string().min(1),
  /** The DaemonSet whose pods read the volumes of their nodes. */
  nodeAgent: z.string().min(1),
  /** Schedules that must be there, each with the namespaces that its backups must hold. */
  schedules: z
    .array(z.strictObject({ name: z.string().min(1).max(40), namespaces: z.array(z.string().min(1)).min(1) }))
    .min(1),
  /** How old the newest complete backup of a schedule may be, counted from its start: what came later is not in it. */
  ageHoursMax: z.number().positive().max(ageHoursRoadmap),
  /** From due to ended. */
  runSecondsMax: z.int().min(60).max(7200),
  /** Backups that were due within so many seconds before now are counted for the rate of success. */
  rateWindowSeconds: z.int().min(600),
  /** So many due backups are enough where a schedule is younger than that window. Without it no younger schedule proves anything. */
  youngBackupsMin: z.int().min(1).optional(),
  /** How long ago Velero may have asked its storage locations last: what it says of them is no older. */
  validatedSecondsMax: z.int().min(30).max(600),
  store: z.strictObject({
    /** JSON with `user` and `password`, which may read the bucket. */
    keysFile: z.string().min(1),
    /** Where the harness reaches the store, if that is not the address that the storage location names. */
    url: z.url().optional(),
  }),
  /** Warnings that somebody has looked into: any other leaves a backup unproven. */
  reviewedWarnings: z.array(z.strictObject({ matches: expression, why: z.string().min(10) })),
});

export type Backups = z.infer<typeof backupsSchema>;

function compiles(text: string): boolean {
  try {
    return new RegExp(text).source !== "";
  } catch {
    return false;
  }
}
