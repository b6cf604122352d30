/** How much of a span a series of Prometheus covers: an average over holes is an average of something else. */
import type { Point, Series } from "../../probes/observability/range.ts";
import { clockTime, rounded, type Span } from "./plateau.judge.ts";

/** `scrape_interval` of helm/health-platform/charts/observability (templates/prometheus-config.yaml). */
export const scrapeSeconds = 15;

/** A gap of more than two scrapes; scrapes themselves come up to a second late on a busy machine. */
export const scrapeGapSecondsMax = 2 * scrapeSeconds + 1;

/**
 * Kubelets give numbers with the time of their own measurement, which they take every 10 to 15 s and put off by up to as much again
 * (cAdvisor's housekeeping, with jitter). What was scraped without a gap may so lie this much further apart.
 */
const measuredAgeSecondsMax = 30;
export const measuredGapSecondsMax = scrapeGapSecondsMax + measuredAgeSecondsMax;

/** The points of a span, edges included. */
export function pointsWithin({ fromMs, untilMs }: Span, points: readonly Point[]): readonly Point[] {
  return points.filter(({ atSeconds }) => atSeconds * 1000 >= fromMs && atSeconds * 1000 <= untilMs);
}

/**
 * The first hole of a series within a span, as the end of a sentence that begins with its name; a series that begins late or ends early has one too.
 * @param gapSecondsMax what may lie between two points, and between an edge of the span and the nearest point
 */
export function gapOf(span: Span, points: readonly Point[], gapSecondsMax: number): string | undefined {
  const { fromMs, untilMs } = span;
  // Written so that a time that is none has no coverage.
  if (!(fromMs < untilMs)) return "is asked for a span that is none";
  const times = pointsWithin(span, points).map(({ atSeconds }) => atSeconds * 1000);
  const edges = [fromMs, ...times, untilMs];
  const at =
    times.length === 0 ? 0 : edges.findIndex((ms, index) => (edges[index + 1] ?? ms) - ms > gapSecondsMax * 1000);
  if (at < 0) return undefined;
  const [begin, end] = times.length === 0 ? [fromMs, untilMs] : [edges[at] ?? fromMs, edges[at + 1] ?? untilMs];
  return `has no sample from ${clockTime(begin)} to ${clockTime(end)} (${rounded((end - begin) / 1000)} s, at most ${gapSecondsMax} s may lie between two)`;
}

/** Of the series `up` of a target: its scrapes that failed are holes as well. */
export function scrapeGapOf(span: Span, up: Series | undefined): string | undefined {
  if (up === undefined) return "was never scraped";
  return gapOf(
    span,
    up.points.filter(({ value }) => value === 1),
    scrapeGapSecondsMax,
  );
}

export type Averaged =
  | { readonly ok: true; readonly value: number; readonly samples: number }
  | { readonly ok: false; readonly why: string };

/** Mean of a value that goes up and down, over a span that it covers. `why` is the end of a sentence that begins with the series' name. */
export function averageOf(span: Span, points: readonly Point[]): Averaged {
  const gap = gapOf(span, points, measuredGapSecondsMax);
  if (gap !== undefined) return { ok: false, why: gap };
  const values = pointsWithin(span, points).map(({ value }) => value);
  return { ok: true, value: values.reduce((sum, value) => sum + value, 0) / values.length, samples: values.length };
}

/** Growth of a counter a second, from its first point of a span to its last. A counter that went back has begun anew: what it counted is lost. */
export function rateOf(span: Span, points: readonly Point[]): Averaged {
  const gap = gapOf(span, points, measuredGapSecondsMax);
  if (gap !== undefined) return { ok: false, why: gap };
  const found = pointsWithin(span, points);
  const [first, last] = [found[0], found.at(-1)];
  if (first === undefined || last === undefined || first.atSeconds === last.atSeconds)
    return { ok: false, why: "has one sample only: a rate needs two" };
  const fallen = found.find((one, index) => one.value < (found[index - 1]?.value ?? one.value));
  if (fallen !== undefined) return { ok: false, why: `began anew at ${clockTime(fallen.atSeconds * 1000)}` };
  const value = (last.value - first.value) / (last.atSeconds - first.atSeconds);
  return { ok: true, value, samples: found.length };
}
