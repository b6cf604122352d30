/** What one container took during a load run, of its memory limit and of its processor time. */
import type { ContainerRun } from "../../probes/kubernetes/container-runs.ts";
import type { Point, Series } from "../../probes/observability/range.ts";
import { gapOf, measuredGapSecondsMax, pointsWithin, rateOf } from "./coverage.judge.ts";
import { containerName } from "./restarts.judge.ts";
import { rounded, type Span } from "./plateau.judge.ts";

export const mib = 2 ** 20;

/**
 * What a container may keep of a load, beyond what it had before: as much again, 64 MiB in any case, and what its memory request keeps for it,
 * which was promised to nobody else.
 * Garbage collectors let a heap grow to about double what lives in it before they look (Go's GOGC=100, V8's young generation), and give freed pages
 * back slowly or never; databases and brokers touch buffers of tens of MiB once, and keep them. Less than that says nothing. More than that is a
 * leak where it went on growing with the requests: steady growth has half of itself in the plateau's second half, and a first load that warms a
 * process up (MinIO took 110 MiB in its first 90 s, and 5 MiB in the next 200) hardly anything.
 */
const keptShareMax = 1;
const keptBytesMin = 64 * mib;
const lateShareMin = 0.25;

/**
 * Series of all containers. `memory` is the working set, which holds pages of files that the kernel takes back when it needs them: it is held against the limit and nothing else.
 * `anonymous` is what no kernel can take back without swap: only that can be kept. `throttled` and `periods` count the scheduler's periods of 100 ms in which a container with a CPU limit
 * ran out of it, or ran at all.
 */
export type ContainerSeries = {
  readonly memory: readonly Series[];
  readonly anonymous: readonly Series[];
  readonly throttled: readonly Series[];
  readonly periods: readonly Series[];
};

export type Spans = {
  /** Before the load; the plateau; from its begin to the end of its recovery; the end of that. */
  readonly before: Span;
  readonly plateau: Span;
  readonly whole: Span;
  readonly after: Span;
};

/** `lateBytes`: of `bytes`, what came after the middle of the plateau. */
export type Kept = {
  readonly bytes: number;
  readonly lateBytes: number;
  readonly allowedBytes: number;
  readonly beforeBytes: number;
};

export type ContainerUse = {
  readonly name: string;
  /** Of the memory limit, at its highest. */
  readonly memoryPercent?: number;
  readonly throttledPercent?: number;
  /** Anonymous bytes kept after the load beyond those before it; only of containers that ran all along. */
  readonly kept?: Kept;
  readonly samples: number;
  /** Ends of sentences that begin with the container's name. */
  readonly gaps: readonly string[];
};

/** Measures a container that runs. @param was the same container before the load; undefined where it was started since */
export function useOf(
  run: ContainerRun,
  was: ContainerRun | undefined,
  series: ContainerSeries,
  spans: Spans,
): ContainerUse {
  const name = containerName(run);
  const lived = since(spans.whole, run);
  // The first numbers of a container come as late as any others.
  if (lived.untilMs - lived.fromMs <= measuredGapSecondsMax * 1000) return { name, samples: 0, gaps: [] };
  const memory = onlyOne(series.memory, run);
  if (!memory.ok) return { name, samples: 0, gaps: [`${memory.why} of memory`] };
  const gap = gapOf(lived, memory.points, measuredGapSecondsMax);
  if (gap !== undefined) return { name, samples: 0, gaps: [`${gap}: its memory is not known`] };
  const within = pointsWithin(lived, memory.points);
  const highest = Math.max(...within.map(({ value }) => value));
  const throttling = throttlingOf(run, series, since(spans.plateau, run));
  const kept = was === undefined ? {} : keptOf(run, series.anonymous, spans);
  const { memoryLimitBytes } = run;
  return {
    name,
    samples: within.length,
    ...(memoryLimitBytes === undefined || memoryLimitBytes === 0
      ? {}
      : { memoryPercent: (100 * highest) / memoryLimitBytes }),
    ...(throttling.percent === undefined ? {} : { throttledPercent: throttling.percent }),
    ...(kept.kept === undefined ? {} : { kept: kept.kept }),
    gaps: [
      ...(memoryLimitBytes === undefined || memoryLimitBytes === 0 ? ["has no memory limit to stay within"] : []),
      ...[throttling.gap, kept.gap].filter((one) => one !== undefined),
    ],
  };
}

function since({ fromMs, untilMs }: Span, { startedAt }: ContainerRun): Span {
  return { fromMs: Math.max(fromMs, Date.parse(startedAt ?? "")), untilMs };
}

type Found = { readonly ok: true; readonly points: readonly Point[] } | { readonly ok: false; readonly why: string };

/** After a restart a container has a series for each of its lives. */
function onlyOne(all: readonly Series[], run: ContainerRun): Found {
  const found = all.filter(
    ({ labels }) =>
      labels["namespace"] === run.namespace && labels["pod"] === run.pod && labels["container"] === run.container,
  );
  const [one] = found;
  if (one === undefined) return { ok: false, why: "has no series" };
  return found.length === 1 ? { ok: true, points: one.points } : { ok: false, why: `has ${found.length} series` };
}

/** Without a CPU limit nothing is throttled, and there is no series. */
function throttlingOf(
  run: ContainerRun,
  series: ContainerSeries,
  span: Span,
): { readonly percent?: number; readonly gap?: string } {
  if (run.cpuLimitCores === undefined || run.cpuLimitCores === 0) return {};
  if (!(span.untilMs - span.fromMs > measuredGapSecondsMax * 1000)) return {};
  const [throttled, periods] = [onlyOne(series.throttled, run), onlyOne(series.periods, run)];
  if (!throttled.ok) return { gap: `${throttled.why} of throttled periods` };
  if (!periods.ok) return { gap: `${periods.why} of periods` };
  const [slowed, all] = [rateOf(span, throttled.points), rateOf(span, periods.points)];
  if (!slowed.ok) return { gap: `${slowed.why}: its throttling is not known` };
  if (!all.ok) return { gap: `${all.why}: its throttling is not known` };
  // A container that did not run was not held up.
  return { percent: all.value === 0 ? 0 : (100 * slowed.value) / all.value };
}

/** Highest before and lowest after: what was given back was given back, and noise is no growth. */
function keptOf(
  run: ContainerRun,
  anonymous: readonly Series[],
  { before, plateau, after }: Spans,
): Pick<ContainerUse, "kept"> & { readonly gap?: string } {
  const found = onlyOne(anonymous, run);
  if (!found.ok) return { gap: `${found.why} of anonymous memory` };
  const firstHalf = { fromMs: plateau.fromMs, untilMs: (plateau.fromMs + plateau.untilMs) / 2 };
  const [had, early, has] = [before, firstHalf, after].map((span) =>
    pointsWithin(span, found.points).map(({ value }) => value),
  );
  if (had === undefined || had.length === 0)
    return { gap: "has no number from before the load: what it gave back is not known" };
  if (early === undefined || early.length === 0)
    return { gap: "has no number from the plateau's first half: whether it went on growing is not known" };
  if (has === undefined || has.length === 0)
    return { gap: "has no number from after the load: what it gave back is not known" };
  const beforeBytes = Math.max(...had);
  const allowedBytes = Math.max(keptBytesMin, beforeBytes * keptShareMax, (run.memoryRequestBytes ?? 0) - beforeBytes);
  const keptBytes = Math.min(...has);
  const lateBytes = keptBytes - Math.max(beforeBytes, ...early);
  return { kept: { bytes: keptBytes - beforeBytes, lateBytes, allowedBytes, beforeBytes } };
}

/** Whether it kept more than it may, and had not had most of that by the middle of the plateau. */
export function isLeak({ bytes, lateBytes, allowedBytes }: Kept): boolean {
  return bytes > allowedBytes && lateBytes >= bytes * lateShareMin;
}

/** "kept 70 MiB beyond the 40 MiB from before it, at most 64 MiB are no growth, and took 30 MiB of them late". */
export function keptWords({ bytes, lateBytes, allowedBytes, beforeBytes }: Kept): string {
  const [more, late, allowed, had] = [bytes, lateBytes, allowedBytes, beforeBytes].map((amount) =>
    rounded(amount / mib),
  );
  return `kept ${more} MiB beyond the ${had} MiB from before it, at most ${allowed} MiB are no growth, and took ${late} MiB of them in the plateau's second half`;
}
