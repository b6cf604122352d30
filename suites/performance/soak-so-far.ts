/** What can be said of a soak while it goes on, and at its end: the hour that is just over, its budget, and whether anything to come can still mend it. */
import type { Budget } from "../../harness/soak/budget.ts";
import type { Hour } from "../../harness/soak/hours.ts";
import { minuteAt, minutesOf, type SoakLook, type SoakPlan } from "../../harness/soak/lines.ts";
import type { SoakRecord } from "../../harness/soak/record.ts";
import { read, type Verdict } from "../../harness/verdict.ts";
import { judgeHours, judgeWatched, type Watched } from "./cutover-watch.judge.ts";
import { watchLimits } from "./soak-limits.ts";
import { watchedOf } from "./watched.ts";

export type SoFar = {
  /** The hour that ended where the last look began. */
  readonly hour?: Hour;
  /** Minutes without an answer from outside, of the whole window. */
  readonly budget?: Budget;
  /** Minutes that are over and were not wholly measured. */
  readonly gaps: number;
  /** Why the soak need not go on. */
  readonly lost?: string;
};

type Window = { readonly from: Date; readonly minutes: number };

/**
 * The part of a soak that is judged. Hours are counted from the cutover where it lies in the window, and those before it are not judged: nobody
 * had been led here yet. Without a cutover the whole window is judged.
 */
function judgedWindow(plan: SoakPlan, cutoverAt: string | undefined): Window {
  const cutover = cutoverAt === undefined ? 0 : minuteAt(plan, Date.parse(cutoverAt));
  const begin = cutover >= 0 && cutover < minutesOf(plan) ? cutover : 0;
  const left = minutesOf(plan) - begin;
  const minutes = begin === 0 ? left : Math.min(left, watchLimits.hours * 60);
  return { from: new Date(Date.parse(plan.from) + begin * plan.everyMs), minutes };
}

/** After each look: what is to be told, and whether it can be the last. */
export function soFarOf(plan: SoakPlan, looks: readonly SoakLook[], cutoverAt: string | undefined): SoFar {
  const last = looks.at(-1);
  if (last === undefined) return { gaps: 0 };
  const watched = watchedOf({ plan, sessions: 1, looks, bytes: 0, sum: "" }, judgedWindow(plan, cutoverAt));
  const minuteMs = Date.parse(plan.from) + last.minute * plan.everyMs;
  const hour = watched.hours.find(({ until }) => Date.parse(until) === minuteMs);
  const { faults } = judgeHours(watched, watchLimits, new Date(last.at));
  return {
    ...(hour === undefined ? {} : { hour }),
    budget: watched.unanswered,
    // The minute that the last look began is not over yet.
    gaps: watched.hours.flatMap(({ gaps }) => gaps.filter(({ at }) => Date.parse(at) < minuteMs)).length,
    ...(faults.length === 0 ? {} : { lost: faults.join("; ") }),
  };
}

/**
 * What a soak that has ended has shown of its own window, whichever criterion asks for another one.
 * @param source the record's file
 * @param now by it hours that are not over are known: those of a soak that was stopped
 */
export function judgeSoak(
  record: SoakRecord,
  { cutoverAt, source, now }: { readonly cutoverAt: string | undefined; readonly source: string; readonly now: Date },
): Verdict {
  const window = judgedWindow(record.plan, cutoverAt);
  const watched: Watched = watchedOf(record, window);
  const limits = { ...watchLimits, hours: window.minutes / 60 };
  const held = `the ${watched.hours.length} hours of the soak were watched minute by minute, each within its limits`;
  return judgeWatched(read([watched], source, now), limits, { now, held });
}
