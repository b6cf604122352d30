/** The windows that checks of availability ask for. */
import type { Window } from "./minutes.judge.ts";

const minuteMs = 60_000;
/** What was probed and evaluated is in Prometheus by then, also what came from outside. */
const settledMs = 2 * minuteMs;

/** The last so many days, to a whole minute that is settled. */
export function lastDays(days: number, now: Date): Window {
  const until = settled(now);
  return { from: new Date(until - days * 24 * 60 * minuteMs), until: new Date(until) };
}

/** So many days from an instant on, or as many as are settled; empty where it lies ahead. */
export function daysFrom(from: Date, days: number, now: Date): Window {
  const until = Math.min(from.getTime() + days * 24 * 60 * minuteMs, settled(now));
  return { from, until: new Date(Math.max(from.getTime(), until)) };
}

function settled(now: Date): number {
  return Math.floor((now.getTime() - settledMs) / minuteMs) * minuteMs;
}
