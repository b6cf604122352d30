/** Schedules: each calls its application, and again, and again, a period apart. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Component } from "../../probes/dapr/components.ts";
import type { Count } from "../../probes/dapr/schedules.ts";

/** One schedule and one pod that it must call. */
export type Watched = {
  readonly component: string;
  readonly app: string;
  readonly pod: string;
  readonly periodSeconds: number;
  /** Looks at the sidecar's counter, in order; the first that failed ends the list. */
  readonly counts: Reading<readonly Count[]>;
};

/** How late a call may come, and how far apart two looks at the counter may be: a busy machine calls late and looks late. */
const lateSecondsMax = 4;
const secondsBetween = (one: Count, other: Count): number => (other.atMs - one.atMs) / 1000;

/** The period of a schedule in seconds; undefined where it is not one of the form `@every 10s`. */
export function periodOf({ settings }: Component): number | undefined {
  const [, amount = "", unit = ""] = /^@every (\d+)(s|m)$/.exec(settings["schedule"] ?? "") ?? [];
  const seconds = Number(amount) * (unit === "m" ? 60 : 1);
  return amount === "" || seconds === 0 ? undefined : seconds;
}

/**
 * Each schedule called each pod of its applications `ticksMin` times in a row without a failure, a period apart. A schedule
 * without an application, or of a form that has no period, is a gap; so is a look that was too short to tell.
 */
export function judgeSchedules(
  schedules: Reading<readonly Component[]>,
  watched: readonly Watched[],
  ticksMin: number,
): Verdict {
  if (!schedules.ok) return unproven(schedules.why);
  const judged = watched.map((one) => ({ ...one, ...judgeWatched(one, ticksMin) }));
  const idle = schedules.value.filter(({ name }) => !watched.some(({ component }) => component === name));
  const absent = schedules.value
    .filter((schedule) => !idle.includes(schedule))
    .flatMap(({ name, scopes }) =>
      scopes
        .filter((scope) => !watched.some(({ component, app }) => component === name && app === scope))
        .map((scope) => `${name} has no pod of ${scope} to call: there is nothing to watch`),
    );
  const { source, at } = schedules;
  const ticks = judged.map((one) => one.ticks);
  return conclude({
    faults: judged.flatMap(({ faults }) => faults),
    gaps: [
      ...judged.flatMap(({ gaps }) => gaps),
      ...idle.map(({ name }) => `${name} has no application that runs, or no period: there is nothing to watch`),
      ...absent,
      ...(schedules.value.length === 0 ? ["no schedule is declared"] : []),
    ],
    facts: judged
      .filter(({ gaps }) => gaps.length === 0)
      .map(({ component, app, pod, periodSeconds, ticks: seen, counts }) => ({
        what: `calls of ${app} (pod ${pod}) by ${component}, every ${periodSeconds} s`,
        value: seen,
        unit: "calls",
        limit: `at least ${ticksMin} in a row`,
        source: counts.source ?? source,
        at: counts.at ?? at,
        samples: Math.min(seen, ...ticks),
      })),
    held: `${schedules.value.length} schedules called ${watched.length} pods ${ticksMin} times in a row, on time`,
  });
}

type Judged = { readonly ticks: number; readonly faults: readonly string[]; readonly gaps: readonly string[] };

/** Whether looks so far tell all there is to tell: enough calls, a failure, or a silence that is too long. */
export function isEnough(counts: readonly Count[], periodSeconds: number, ticksMin: number): boolean {
  const unbroken = unbrokenOf(counts);
  const [first] = unbroken;
  const last = unbroken.at(-1);
  if (first === undefined || last === undefined) return false;
  const ticks = ticksOf(unbroken);
  if (ticks.length >= ticksMin || last.failed > (counts[0]?.failed ?? 0)) return true;
  return longest([first, ...ticks, last]) > periodSeconds + lateSecondsMax;
}

function judgeWatched({ component, app, pod, periodSeconds, counts }: Watched, ticksMin: number): Judged {
  const called = `${app} (pod ${pod})`;
  const gap = (why: string): Judged => ({ ticks: 0, faults: [], gaps: [why] });
  if (!counts.ok) return gap(`${component} of pod ${pod}: ${counts.why}`);
  const unbroken = unbrokenOf(counts.value);
  const [first] = unbroken;
  const last = unbroken.at(-1);
  if (first === undefined || last === undefined) return gap(`${component} of pod ${pod}: nobody looked`);
  const refused = last.failed - (counts.value[0]?.failed ?? 0);
  if (refused > 0) return { ticks: 0, faults: [`${called} refused ${refused} calls of ${component}`], gaps: [] };
  const ticks = ticksOf(unbroken);
  const apart = longest(counts.value);
  if (apart > lateSecondsMax && ticks.length < ticksMin) {
    const since = `called it ${ticks.length} times since, fewer than ${ticksMin}`;
    return gap(`${component} of pod ${pod} was not looked at for ${Math.floor(apart)} s, and ${since}`);
  }
  const seconds = Math.floor(secondsBetween(first, last));
  const silent = longest([first, ...ticks, last]);
  if (silent > periodSeconds + lateSecondsMax) {
    const often = ticks.length === 0 ? `once in ${seconds} s` : `for ${Math.floor(silent)} s`;
    const fault = `${component} did not call ${called} ${often}, where every ${periodSeconds} s is declared`;
    return { ticks: ticks.length, faults: [fault], gaps: [] };
  }
  const made = last.succeeded - first.succeeded;
  if (made > Math.ceil(seconds / periodSeconds) + 1) {
    return { ticks: made, faults: [`${component} called ${called} ${made} times in ${seconds} s`], gaps: [] };
  }
  const few = `${component} called ${called} ${ticks.length} times in the ${seconds} s of the look, fewer than ${ticksMin}`;
  return { ticks: ticks.length, faults: [], gaps: ticks.length < ticksMin ? [few] : [] };
}

/** The looks that found a further call. */
function ticksOf(counts: readonly Count[]): readonly Count[] {
  return counts.filter(({ succeeded }, index) => succeeded > (counts[index - 1]?.succeeded ?? succeeded));
}

/** The looks since one last came too late: what happened before it, and when, was not seen. A busy machine looks late, and has to look for longer. */
function unbrokenOf(counts: readonly Count[]): readonly Count[] {
  const late = counts.findLastIndex(
    (count, index) => secondsBetween(counts[index - 1] ?? count, count) > lateSecondsMax,
  );
  return counts.slice(Math.max(0, late));
}

/** The longest time between two that follow each other, in seconds. */
function longest(counts: readonly Count[]): number {
  return Math.max(0, ...counts.map((count, index) => secondsBetween(counts[index - 1] ?? count, count)));
}
