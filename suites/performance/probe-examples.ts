/** A week of probes from outside, for tests. */
import type { ProbeSeries } from "../../probes/observability/availability.ts";

export const from = "2026-11-10T00:00:00.000Z";
export const until = "2026-11-17T00:00:00.000Z";
export const window = { from: new Date(from), until: new Date(until) };
export const control = "https://nobody.example/";
export const probed = { targets: ["https://health.example/", "https://todo.example/"], control };

/** One address from one vantage point. */
export function series(
  target: string,
  samples: ProbeSeries["samples"],
  changes: Partial<ProbeSeries> = {},
): ProbeSeries {
  return { target, vantage: "frankfurt", samples, ...changes };
}

/**
 * So many samples in each minute of the week, the first of them failed.
 * @param options.without minutes that have no sample
 */
export function weekOf(
  each: number,
  options: { readonly failed?: number; readonly without?: readonly number[] } = {},
): ProbeSeries["samples"] {
  const { failed = 0, without = [] } = options;
  const missing = new Set(without);
  const times = Array.from({ length: 10_080 * each }, (_, index) => ({
    minute: Math.floor(index / each),
    atMs: Math.round(Date.parse(from) + ((index + 0.5) * 60_000) / each),
  })).filter(({ minute }) => !missing.has(minute));
  return times.map(({ atMs }, index) => ({ atMs, isAnswered: index >= failed }));
}
