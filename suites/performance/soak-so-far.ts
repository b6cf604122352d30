/** What can be said of a soak while it goes on: the hour that is just over, and whether anything to come can still bring it within its limits. */
import type { Hour } from "../../harness/soak/hours.ts";
import { minuteAt, minutesOf, type SoakLook, type SoakPlan } from "../../harness/soak/lines.ts";
import { judgeHours } from "./cutover-watch.judge.ts";
import { watchLimits } from "./soak-limits.ts";
import { watchedOf } from "./watched.ts";

export type SoFar = {
  /** The hour that ended where the last look began. */
  readonly hour?: Hour;
  /** Why the soak need not go on. */
  readonly lost?: string;
};

/**
 * Hours are counted from the cutover where it lies in the window, and those before it are not judged: nobody had been led here yet.
 * Without a cutover the whole window is judged.
 */
export function soFarOf(plan: SoakPlan, looks: readonly SoakLook[], cutoverAt: string | undefined): SoFar {
  const last = looks.at(-1);
  if (last === undefined) return {};
  const cutover = cutoverAt === undefined ? 0 : minuteAt(plan, Date.parse(cutoverAt));
  const begin = cutover >= 0 && cutover < minutesOf(plan) ? cutover : 0;
  const left = minutesOf(plan) - begin;
  const minutes = begin === 0 ? left : Math.min(left, watchLimits.hours * 60);
  const from = new Date(Date.parse(plan.from) + begin * plan.everyMs);
  const watched = watchedOf({ plan, sessions: 1, looks, bytes: 0, sum: "" }, { from, minutes });
  const minuteMs = Date.parse(plan.from) + last.minute * plan.everyMs;
  const hour = watched.hours.find(({ until }) => Date.parse(until) === minuteMs);
  const { faults } = judgeHours(watched, watchLimits, new Date(last.at));
  return { ...(hour === undefined ? {} : { hour }), ...(faults.length === 0 ? {} : { lost: faults.join("; ") }) };
}
