/** What nodes and containers used during the load run of load-examples.ts, as the tests of the judges need it: good, changed where a row says so. */
import { read } from "../../harness/verdict.ts";
import type { ContainerRun } from "../../probes/kubernetes/container-runs.ts";
import type { NodeMetrics } from "../../probes/kubernetes/node-metrics.ts";
import type { Point, Series } from "../../probes/observability/range.ts";
import { loadRun, plateauMs, startedMs } from "./load-examples.ts";
import type { NodeUse } from "./resource-bands.judge.ts";

export const gib = 2 ** 30;
export const mib = 2 ** 20;
/** When the example's readings were taken: a minute after the load. */
export const lookedAt = new Date(plateauMs.until + 60_000);

/** A minute before the load, and a minute after it. */
export const watchedMs = { from: startedMs - 60_000, until: plateauMs.until + 60_000 };

/** Points every 15 s from a minute before the load to a minute after it. @param value by seconds since the load began */
export function points(value: (seconds: number) => number): Point[] {
  const times = Array.from(
    { length: 1 + (watchedMs.until - watchedMs.from) / 15_000 },
    (_, index) => watchedMs.from + index * 15_000,
  );
  return times.map((ms) => ({ atSeconds: ms / 1000, value: value((ms - startedMs) / 1000) }));
}

/** A series without the points that lie between two times, in milliseconds, ends not included. */
export function without(series: Series, fromMs: number, untilMs: number): Series {
  const isOutside = ({ atSeconds }: Point): boolean => atSeconds * 1000 <= fromMs || atSeconds * 1000 >= untilMs;
  return { ...series, points: series.points.filter(isOutside) };
}

export const exampleNodes = ["worker", "worker2"] as const;

/** The plateau's seconds, so that the use before and after it shows in no average. */
const isLoaded = (seconds: number): boolean => seconds >= 60 && seconds <= 240;

export type Use = { readonly cpuPercent?: number; readonly memoryPercent?: number };

/** Two nodes of two cores and 12 GiB each, that use 60 % of their processors and 70 % of their memory on the plateau. */
export function nodeUse(used: Partial<Record<string, Use>> = {}, changes: Partial<NodeUse> = {}): NodeUse {
  const of = (node: string) => ({ cpuPercent: 60, memoryPercent: 70, ...used[node] });
  const cores = (node: string): number => (2 * of(node).cpuPercent) / 100;
  const bytes = (node: string): number => (12 * gib * of(node).memoryPercent) / 100;
  const idleCores = 0.1;
  const series = (value: (node: string, seconds: number) => number): Series[] =>
    exampleNodes.map((node) => ({ labels: { node }, points: points((seconds) => value(node, seconds)) }));
  // A counter that began long ago: what it grows by on the plateau, on top of what it grows by at all times.
  const counted = (node: string, seconds: number): number =>
    5000 + idleCores * seconds + (cores(node) - idleCores) * Math.min(Math.max(seconds - 60, 0), 180);
  const witness = (node: string, ms: number): NodeMetrics => ({
    node,
    at: new Date(ms).toISOString(),
    windowSeconds: 15,
    cores: cores(node),
    memoryBytes: bytes(node),
  });
  const witnessed = [30_000, 60_000, 90_000].map((ms) =>
    read(
      exampleNodes.map((node) => witness(node, plateauMs.from + ms)),
      "metrics.k8s.io",
      lookedAt,
    ),
  );
  const containers = read([containerRun()], "pods", lookedAt);
  return {
    load: loadRun(),
    validity: { reasons: [], facts: [] },
    capacities: read(
      exampleNodes.map((node) => ({ node, cores: 2, memoryBytes: 12 * gib })),
      "nodes",
      lookedAt,
    ),
    scrapes: read(
      series(() => 1),
      "Prometheus",
      lookedAt,
    ),
    cpuSeconds: read(series(counted), "Prometheus", lookedAt),
    memoryBytes: read(
      series((node, seconds) => (isLoaded(seconds) ? bytes(node) : gib)),
      "Prometheus",
      lookedAt,
    ),
    witnesses: witnessed,
    containersBefore: containers,
    containersAfter: containers,
    ...changes,
  };
}

/** A container of the Deployment api that has run for a day, with a limit of 256 MiB and half a core. */
export function containerRun(changes: Partial<ContainerRun> = {}): ContainerRun {
  const dayBefore = new Date(startedMs - 86_400_000).toISOString();
  return {
    namespace: "health-platform",
    pod: "api-1-a",
    podUid: "uid-a",
    podReason: "",
    container: "main",
    workload: "api",
    createdAt: dayBefore,
    restarts: 0,
    startedAt: dayBefore,
    ends: [],
    memoryRequestBytes: undefined,
    memoryLimitBytes: 256 * mib,
    cpuLimitCores: 0.5,
    ...changes,
  };
}
