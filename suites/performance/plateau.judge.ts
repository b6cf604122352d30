/** The plateau of a load run: which of its numbers belong to it, and where they have holes. */
import type { LoadRun, Sample } from "../../probes/load/load-run.ts";

/** From its first millisecond to the one after its last. */
export type Span = { readonly fromMs: number; readonly untilMs: number };

/** The plateau by plan and by the harness's clock; NaN where its times cannot be read. */
export function plateauOf({ plateauFrom, plateauUntil }: LoadRun): Span {
  return { fromMs: Date.parse(plateauFrom), untilMs: Date.parse(plateauUntil) };
}

export function secondsOf({ fromMs, untilMs }: Span): number {
  return (untilMs - fromMs) / 1000;
}

/** What happened within a span, by its time stamp. */
export function during<T extends { readonly atMs: number }>(span: Span, list: readonly T[]): readonly T[] {
  return list.filter(({ atMs }) => atMs >= span.fromMs && atMs < span.untilMs);
}

/** Requests with a readable time and duration. What else there is, is counted by the validity of a run (`load.judge.ts`). */
export function isWhole({ atMs, durationMs }: Sample): boolean {
  return Number.isFinite(atMs) && Number.isFinite(durationMs) && durationMs >= 0;
}

/** The longest time without any of these, edges of the span included. */
export function longestHole(
  span: Span,
  list: readonly { readonly atMs: number }[],
): { readonly seconds: number; readonly fromMs: number } {
  const times = Float64Array.from(during(span, list), ({ atMs }) => atMs).toSorted();
  let [last, longest, fromMs] = [span.fromMs, -1, span.fromMs];
  for (const time of [...times, span.untilMs]) {
    if (time - last > longest) [longest, fromMs] = [time - last, last];
    last = time;
  }
  return { seconds: longest / 1000, fromMs };
}

/** The arithmetic mean; NaN of nothing, which no limit holds. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** For people, with one decimal; verdicts are made of the numbers themselves. */
export function rounded(value: number, decimals = 1): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

/** `12:03:10`, in UTC as everywhere in reports. */
export function clockTime(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().slice(11, 19) : "an unreadable time";
}
