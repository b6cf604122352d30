/** Whether each minute of a window has its sample: one without may hide the very outage. */

/** A window of time, from its first instant to before its last. */
export type Window = { readonly from: Date; readonly until: Date };

export type Coverage = {
  readonly minutes: number;
  readonly missing: number;
  /** When the first minute without a sample begins. */
  readonly firstMissing?: string;
  /** Minutes at the beginning of the window before the first sample. */
  readonly before: number;
};

const minuteMs = 60_000;
const minutesADay = 1440;

/** How many whole minutes a window has. */
export function minutesIn({ from, until }: Window): number {
  return Math.floor((until.getTime() - from.getTime()) / minuteMs);
}

/** The minute of the window that an instant lies in, from 0; undefined outside of it. */
export function minuteOf(atMs: number, window: Window): number | undefined {
  const minute = Math.floor((atMs - window.from.getTime()) / minuteMs);
  return minute >= 0 && minute < minutesIn(window) ? minute : undefined;
}

/** Which minutes of a window have a sample. @param timesMs times of the samples, in any order */
export function coverageOf(timesMs: readonly number[], window: Window): Coverage {
  const covered = new Set(timesMs.flatMap((atMs) => minuteOf(atMs, window) ?? []));
  const minutes = minutesIn(window);
  const numbers = Array.from({ length: minutes }, (_, minute) => minute);
  const first = numbers.find((minute) => !covered.has(minute));
  const begin = numbers.find((minute) => covered.has(minute)) ?? minutes;
  return {
    minutes,
    missing: minutes - covered.size,
    ...(first === undefined ? {} : { firstMissing: new Date(window.from.getTime() + first * minuteMs).toISOString() }),
    before: begin,
  };
}

/** What is missing, in words; nothing where every minute has its sample. @param what is sampled, as "probes of https://x" */
export function gapsOf(what: string, { minutes, missing, firstMissing, before }: Coverage): readonly string[] {
  if (missing === 0) return minutes > 0 ? [] : [`${what}: the window has no minute`];
  if (missing === minutes) return [`${what}: there are none in the window`];
  const days = `${daysOf(minutes - before)} of ${daysOf(minutes)} days`;
  if (missing === before) return [`${what}: there are ${days}, the first minute without is ${firstMissing}`];
  const since = before > 0 ? `, which begins ${before} minutes late` : "";
  return [`${what}: ${missing} of ${minutes} minutes have none, the first is ${firstMissing}${since}`];
}

/** Days to a hundredth, rounded down: 6.999 days are not 7. */
export function daysOf(minutes: number): number {
  return Math.floor((minutes / minutesADay) * 100) / 100;
}
