/** The soaks that stand in a folder, one folder of its own each. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Reading } from "../verdict.ts";
import { minutesOf } from "./lines.ts";
import { readRecord, type SoakRecord } from "./record.ts";

export type FoundSoak = { readonly file: string; readonly record: Reading<SoakRecord> };

/** A soak's record in its folder. */
export const recordFile = (folder: string, id: string): string => join(folder, id, "looks.jsonl");

/** All soaks of a folder, in the order of their names; none where the folder is not there. @throws Error where it cannot be read */
export function findSoaks(folder: string, at: Date): readonly FoundSoak[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => recordFile(folder, name))
      .toSorted()
      .map((file) => ({ file, record: readRecord(file, at) }));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new Error(`looking for soaks in ${folder}`, { cause: error });
  }
}

export type Resumable =
  | { readonly state: "none" }
  | { readonly state: "resume"; readonly file: string; readonly record: SoakRecord }
  | { readonly state: "refused"; readonly why: string };

/**
 * The soak of a cluster whose window is not over and that nobody has ended: a new command goes on with it. One of another length is refused,
 * and so is a second open one, since nobody can tell which of them is meant.
 * @param wanted.minutes how long the window is that is asked for
 */
export function resumable(
  found: readonly FoundSoak[],
  wanted: { readonly clusterUid: string; readonly minutes: number; readonly now: Date },
): Resumable {
  const open = found.flatMap(({ file, record }) => {
    if (!record.ok || record.value.plan.clusterUid !== wanted.clusterUid) return [];
    const { plan, ended } = record.value;
    const isOpen =
      Date.parse(plan.until) > wanted.now.getTime() && (ended === undefined || ended.how === "interrupted");
    return isOpen ? [{ file, record: record.value }] : [];
  });
  const [only, second] = open;
  if (only === undefined) return { state: "none" };
  const { id, until } = only.record.plan;
  if (second !== undefined) {
    return {
      state: "refused",
      why: `${id} and ${second.record.plan.id} are both open: move the folder of one of them away`,
    };
  }
  const minutes = minutesOf(only.record.plan);
  if (minutes === wanted.minutes) return { state: "resume", ...only };
  const asked = `--soak ${minutes}m goes on with it`;
  return { state: "refused", why: `${id} of this cluster is open until ${until}: ${asked}, or move its folder away` };
}

/**
 * The last soak of a cluster, where its window was over before it had ended: nobody may take the next one for its going on.
 * @returns a sentence; undefined where the last one has ended, or there is none
 */
export function cutOff(
  found: readonly FoundSoak[],
  { clusterUid, now }: { readonly clusterUid: string; readonly now: Date },
): string | undefined {
  const ofCluster = found.flatMap(({ record }) =>
    record.ok && record.value.plan.clusterUid === clusterUid ? [record.value] : [],
  );
  const last = ofCluster.toSorted((one, other) => Date.parse(one.plan.until) - Date.parse(other.plan.until)).at(-1);
  if (last === undefined || Date.parse(last.plan.until) > now.getTime()) return undefined;
  const { plan, ended, looks } = last;
  if (ended !== undefined && ended.how !== "interrupted") return undefined;
  return `${plan.id} of this cluster was cut off after ${looks.length} of ${minutesOf(plan)} minutes, and its window was over at ${plan.until}: its record stays`;
}
