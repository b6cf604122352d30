/** workloads-within-requests: every container within its memory limit, hardly throttled, and back to what it had once the load is over. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { ContainerRun } from "../../probes/kubernetes/container-runs.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import type { Series } from "../../probes/observability/range.ts";
import { isLeak, keptWords, mib, useOf, type ContainerUse, type Spans } from "./container-use.judge.ts";
import { measuredGapSecondsMax, scrapeGapOf } from "./coverage.judge.ts";
import type { Validity } from "./load.judge.ts";
import { clockTime, plateauOf, rounded, type Span } from "./plateau.judge.ts";
import { containerName, restartsWithin } from "./restarts.judge.ts";

export type WorkloadUse = {
  readonly load: LoadRun;
  readonly validity: Validity;
  /** End of the recovery, ISO: up to then memory may be given back. */
  readonly watchedUntil: string;
  /** Containers of the platform's namespaces, before the load and at the end of its recovery. */
  readonly containersBefore: Reading<readonly ContainerRun[]>;
  readonly containersAfter: Reading<readonly ContainerRun[]>;
  /** `up` of the kubelets' pages of cAdvisor, by the label `node`. */
  readonly scrapes: Reading<readonly Series[]>;
  /** By the labels namespace, pod and container, from a minute before the load on: the working set, and of it what is no page of a file. */
  readonly memoryBytes: Reading<readonly Series[]>;
  readonly anonymousBytes: Reading<readonly Series[]>;
  readonly throttledPeriods: Reading<readonly Series[]>;
  readonly periods: Reading<readonly Series[]>;
  /** `container_oom_events_total`: also of processes that died in a container that lived on. Empty where it is not collected. */
  readonly memoryKills: Reading<readonly Series[]>;
};

export type WorkloadLimits = {
  /** Exclusive, of a container's time. */
  readonly throttledPercentBelow: number;
};

const shownAtMost = 5;

/**
 * Growth is judged over one run: what a container still has at the end of the recovery, beyond what it had before the load. That one run shows a leak
 * only where it is larger than what caches and garbage collectors keep, and went on growing (container-use.judge.ts); a pass says so much and no more.
 */
export function judgeWorkloadLimits(use: WorkloadUse, limits: WorkloadLimits): Verdict {
  const { validity, containersBefore, containersAfter, scrapes, memoryBytes, anonymousBytes } = use;
  const { throttledPeriods, periods, memoryKills } = use;
  const { reasons, facts: ofLoad } = validity;
  if (reasons.length > 0) return conclude({ faults: [], gaps: reasons, facts: ofLoad, held: "" });
  for (const reading of [
    containersBefore,
    containersAfter,
    scrapes,
    memoryBytes,
    anonymousBytes,
    throttledPeriods,
    periods,
    memoryKills,
  ])
    if (!reading.ok) return unproven(reading.why);
  if (!containersBefore.ok || !containersAfter.ok || !scrapes.ok || !memoryKills.ok)
    return unproven("nothing was read");
  if (!memoryBytes.ok || !anonymousBytes.ok || !throttledPeriods.ok || !periods.ok) return unproven("nothing was read");
  const spans = spansOf(use);
  const before = new Map(containersBefore.value.map((run) => [`${run.podUid} ${run.container} ${run.restarts}`, run]));
  const running = containersAfter.value.filter(({ startedAt }) => startedAt !== undefined);
  const series = {
    memory: memoryBytes.value,
    anonymous: anonymousBytes.value,
    throttled: throttledPeriods.value,
    periods: periods.value,
  };
  const found = running.map((run) =>
    useOf(run, before.get(`${run.podUid} ${run.container} ${run.restarts}`), series, spans),
  );
  // What was started in the last minute has no numbers yet: nothing is said of it.
  const measured = found.filter(({ samples }) => samples > 0).length;
  const killed = [
    ...killsOf(spans.whole, containersBefore.value, containersAfter.value),
    ...eventsOf(spans.whole, memoryKills.value),
  ];
  const restarted = restartsWithin(spans.whole, containersBefore.value, containersAfter.value);
  return conclude({
    faults: [...killed, ...found.flatMap((one) => faultsOf(one, limits))],
    gaps: [
      ...(measured === 0 ? ["no container was measured"] : []),
      ...(scrapes.value.length === 0 ? ["no node's containers were scraped"] : []),
      ...scrapes.value.flatMap((up) => {
        const gap = scrapeGapOf(spans.whole, up);
        return gap === undefined ? [] : [`node ${up.labels["node"] ?? "?"} ${gap}: its containers were not measured`];
      }),
      ...evictedOf(containersBefore.value, containersAfter.value),
      ...restarted.map(({ name, what }) => `${name} ${what}: what it had taken is not known`),
      ...found.flatMap(({ name, gaps }) => gaps.map((gap) => `${name} ${gap}`)),
    ],
    facts: factsOf(found, killed.length, limits, memoryBytes),
    held: `${measured} containers stayed within their memory limits, none was throttled for ${limits.throttledPercentBelow} % of its time or kept what it had taken`,
  });
}

/** Numbers come at most a minute apart: one of them lies in each minute before the load and at the end of its recovery. */
function spansOf({ load, watchedUntil }: WorkloadUse): Spans {
  const [startedMs, untilMs] = [Date.parse(load.startedAt), Date.parse(watchedUntil)];
  const lookMs = measuredGapSecondsMax * 1000;
  return {
    before: { fromMs: startedMs - lookMs, untilMs: startedMs },
    plateau: plateauOf(load),
    whole: { fromMs: startedMs, untilMs },
    after: { fromMs: Math.max(untilMs - lookMs, Date.parse(load.endedAt)), untilMs },
  };
}

/** Containers that the kernel ended for their memory, by what the kubelet says of their last ends. */
function killsOf({ fromMs, untilMs }: Span, before: readonly ContainerRun[], after: readonly ContainerRun[]): string[] {
  const restarts = new Map(before.map((run) => [`${run.podUid} ${run.container}`, run.restarts]));
  return after.flatMap((run) => {
    const isNew = run.restarts > (restarts.get(`${run.podUid} ${run.container}`) ?? 0);
    const kill = run.ends.find(({ reason, at }) => {
      if (reason !== "OOMKilled") return false;
      // The kubelet does not always know when: then one that came with a restart counts.
      return at === undefined ? isNew : Date.parse(at) >= fromMs && Date.parse(at) <= untilMs;
    });
    if (kill === undefined) return [];
    return [
      `${containerName(run)} was killed for its memory${kill.at === undefined ? "" : ` at ${clockTime(Date.parse(kill.at))}`}`,
    ];
  });
}

function eventsOf({ fromMs, untilMs }: Span, events: readonly Series[]): string[] {
  return events.flatMap(({ labels, points }) => {
    const values = points
      .filter(({ atSeconds }) => atSeconds * 1000 >= fromMs && atSeconds * 1000 <= untilMs)
      .map(({ value }) => value);
    const [first = 0, last = 0] = [values[0], values.at(-1)];
    const name = `${labels["namespace"] ?? "?"}/${labels["pod"] ?? "?"}, container ${labels["container"] ?? "?"}`;
    return last > first ? [`${name} lost ${last - first} processes to its memory limit`] : [];
  });
}

/** A node that runs short of memory puts pods out, and so does one that runs short of disk. */
function evictedOf(before: readonly ContainerRun[], after: readonly ContainerRun[]): string[] {
  const earlier = new Set(before.filter(({ podReason }) => podReason === "Evicted").map(({ podUid }) => podUid));
  const pods = after.filter(({ podReason, podUid }) => podReason === "Evicted" && !earlier.has(podUid));
  return [
    ...new Set(
      pods.map(({ namespace, pod }) => `${namespace}/${pod} was put out by its node: whether for memory is not known`),
    ),
  ];
}

function faultsOf(
  { name, memoryPercent, throttledPercent, kept }: ContainerUse,
  { throttledPercentBelow }: WorkloadLimits,
): string[] {
  return [
    ...(memoryPercent !== undefined && memoryPercent >= 100 ? [`${name} took all of its memory limit`] : []),
    ...(throttledPercent !== undefined && throttledPercent >= throttledPercentBelow
      ? [`${name} was throttled for ${shown(throttledPercent)} % of its time (below ${throttledPercentBelow} %)`]
      : []),
    ...(kept !== undefined && isLeak(kept) ? [`${name} ${keptWords(kept)}`] : []),
  ];
}

function factsOf(
  found: readonly ContainerUse[],
  killed: number,
  { throttledPercentBelow }: WorkloadLimits,
  { source, at }: Reading<unknown>,
): readonly Fact[] {
  const by = (
    of: (use: ContainerUse) => number | undefined,
  ): readonly { readonly name: string; readonly value: number }[] =>
    found
      .flatMap((use) => {
        const value = of(use);
        return value === undefined ? [] : [{ name: use.name, value }];
      })
      .toSorted((left, right) => right.value - left.value)
      .slice(0, shownAtMost);
  const throttled = by(({ throttledPercent }) => throttledPercent);
  const growing = found.filter(({ kept }) => kept !== undefined && isLeak(kept)).length;
  const samples = found.reduce((sum, use) => sum + use.samples, 0);
  const told = { source, at };
  return [
    {
      what: "containers killed for memory, or that kept what they had taken",
      value: killed + growing,
      unit: "containers",
      limit: `0 of ${found.filter((use) => use.samples > 0).length}`,
      samples,
      ...told,
    },
    ...throttled.map(({ name, value }) => ({
      what: `time throttled of ${name}`,
      value: shown(value),
      unit: "%",
      limit: `below ${throttledPercentBelow} %`,
      ...told,
    })),
    ...by(({ memoryPercent }) => memoryPercent).map(({ name, value }) => ({
      what: `memory of its limit of ${name}`,
      value: shown(value),
      unit: "%",
      limit: "below 100 %",
      ...told,
    })),
    ...by(({ kept }) => kept?.bytes).map(({ name, value }) => ({
      what: `memory kept after the load by ${name}`,
      value: rounded(value / mib),
      unit: "MiB",
      ...told,
    })),
  ];
}

/** One decimal, never rounded up to a limit: 4.96 % is shown as 4.9 %. */
function shown(percent: number): number {
  return Math.floor(percent * 10) / 10;
}
