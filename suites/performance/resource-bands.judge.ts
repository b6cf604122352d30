/** How much of the nodes' processors and memory is used under load: both edges of a band, over exactly the plateau. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { ContainerRun } from "../../probes/kubernetes/container-runs.ts";
import type { NodeCapacity } from "../../probes/kubernetes/node-capacity.ts";
import type { NodeMetrics } from "../../probes/kubernetes/node-metrics.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import type { Series } from "../../probes/observability/range.ts";
import { averageOf, rateOf, scrapeGapOf, type Averaged } from "./coverage.judge.ts";
import type { Validity } from "./load.judge.ts";
import { plateauOf, type Span } from "./plateau.judge.ts";
import { restartsWithin } from "./restarts.judge.ts";

export type Band = { readonly from: number; readonly to: number };

/** `judged` is what the profile holds its nodes to, `why` the reason where that is not the roadmap's. */
export type BandLimits = { readonly roadmap: Band; readonly judged: Band; readonly why?: string };

export type NodeUse = {
  readonly load: LoadRun;
  readonly validity: Validity;
  readonly capacities: Reading<readonly NodeCapacity[]>;
  /** `up` of the kubelets' page that the other two come from. */
  readonly scrapes: Reading<readonly Series[]>;
  /** Seconds of processor time since the node was started, and bytes in use; by the label `node`. */
  readonly cpuSeconds: Reading<readonly Series[]>;
  readonly memoryBytes: Reading<readonly Series[]>;
  /** Looks at metrics-server during the load. */
  readonly witnesses: readonly Reading<readonly NodeMetrics[]>[];
  /** Containers of the platform, before the load and after it. */
  readonly containersBefore: Reading<readonly ContainerRun[]>;
  readonly containersAfter: Reading<readonly ContainerRun[]>;
};

/** Two ways of measuring the same thing at not quite the same moments; further apart one of them measures something else. */
const witnessPointsMax = 15;
/** Below this Oracle may take the instances away. */
const reclaimPercent = 20;
const reclaimRule = `Oracle stops Always Free instances that were idle for 7 days: 95th percentile of CPU below ${reclaimPercent} %, network below ${reclaimPercent} % and, of A1 shapes, memory below ${reclaimPercent} %`;
const restartsShownAtMost = 20;

type Kind = {
  readonly name: "CPU" | "memory";
  readonly measure: string;
  readonly average: (span: Span, points: Series["points"]) => Averaged;
  readonly series: (use: NodeUse) => Reading<readonly Series[]>;
  readonly has: (capacity: NodeCapacity) => number;
  readonly witnessed: (metrics: NodeMetrics) => number;
};

const cpu: Kind = {
  name: "CPU",
  measure: "node_cpu_usage_seconds_total of the kubelets' /metrics/resource, of the nodes' capacity",
  average: rateOf,
  series: ({ cpuSeconds }) => cpuSeconds,
  has: ({ cores }) => cores,
  witnessed: ({ cores }) => cores,
};

const memory: Kind = {
  name: "memory",
  measure: "node_memory_working_set_bytes of the kubelets' /metrics/resource, of the nodes' capacity",
  average: averageOf,
  series: ({ memoryBytes }) => memoryBytes,
  has: ({ memoryBytes }) => memoryBytes,
  witnessed: ({ memoryBytes }) => memoryBytes,
};

/**
 * cpu-utilization-band: what all nodes used together, of what they have together. A run of load that proves nothing makes it unproven, whatever the
 * nodes did.
 */
export function judgeCpuBand(use: NodeUse, limits: BandLimits): Verdict {
  return judgeBand(cpu, use, limits);
}

/** memory-utilization-band, by the same rules. */
export function judgeMemoryBand(use: NodeUse, limits: BandLimits): Verdict {
  return judgeBand(memory, use, limits);
}

function judgeBand(kind: Kind, use: NodeUse, limits: BandLimits): Verdict {
  const { capacities, scrapes, containersBefore, containersAfter, validity } = use;
  const series = kind.series(use);
  const { reasons, facts: ofLoad } = validity;
  if (reasons.length > 0) return conclude({ faults: [], gaps: reasons, facts: ofLoad, held: "" });
  if (!capacities.ok) return unproven(capacities.why);
  if (!scrapes.ok) return unproven(scrapes.why);
  if (!series.ok) return unproven(series.why);
  if (!containersBefore.ok) return unproven(containersBefore.why);
  if (!containersAfter.ok) return unproven(containersAfter.why);
  const span = plateauOf(use.load);
  const nodes = capacities.value.map((capacity) => nodeOf(kind, use, span, capacity, scrapes.value, series.value));
  const restarts = restartsWithin(span, containersBefore.value, containersAfter.value);
  const measured = nodes.filter((node) => node.average !== undefined);
  // An average of some nodes, or one that metrics-server contradicts, is neither inside nor outside of anything.
  const whole = nodes.length > 0 && nodes.every(({ gaps }) => gaps.length === 0);
  const percent = (100 * sum(measured, (node) => node.used)) / sum(measured, (node) => node.has);
  const { source, at } = series;
  const average = `average ${kind.name} utilization`;
  const facts: readonly Fact[] = [
    ...(whole
      ? averageFacts(kind, { percent, samples: sum(measured, ({ samples }) => samples), source, at }, limits)
      : []),
    ...measured.map(({ name, average: found }) => ({
      what: `${average} of node ${name}`,
      value: rounded2(found ?? Number.NaN),
      unit: "%",
      source,
      at,
    })),
    ...nodes.flatMap(({ name, witness }) =>
      witness === undefined
        ? []
        : [
            {
              what: `the same of node ${name} by metrics-server`,
              value: rounded2(witness),
              unit: "%",
              source: "metrics.k8s.io",
              at,
            },
          ],
    ),
    ...restarts.slice(0, restartsShownAtMost).map(({ name, what }) => ({
      what: `restart on the plateau: ${name}`,
      value: what,
      source: containersAfter.source,
      at: containersAfter.at,
    })),
  ];
  return conclude({
    faults: whole ? faultsOf(kind, percent, limits.judged) : [],
    gaps: [
      ...(nodes.length === 0 ? ["no node was found"] : []),
      ...nodes.flatMap(({ name, gaps }) => gaps.map((gap) => `node ${name} ${gap}`)),
      ...restarts.map(
        ({ name, what, namespace, workload }) =>
          `${name} ${what}: the average is not one of ${namespace}/${workload} at work`,
      ),
    ],
    facts,
    held: `the ${nodes.length} nodes' ${kind.name} averaged ${shown(percent, limits.judged)} % on the plateau (${words(limits.judged)})`,
  });
}

type NodeFound = {
  readonly name: string;
  readonly average?: number;
  readonly used: number;
  readonly has: number;
  readonly samples: number;
  readonly witness?: number;
  /** Ends of sentences that begin with the node's name. */
  readonly gaps: readonly string[];
};

function nodeOf(
  kind: Kind,
  use: NodeUse,
  span: Span,
  capacity: NodeCapacity,
  scrapes: readonly Series[],
  series: readonly Series[],
): NodeFound {
  const { node: name } = capacity;
  const has = kind.has(capacity);
  const ofNode = ({ labels }: Series): boolean => labels["node"] === name;
  const nothing = { name, has, used: 0, samples: 0 };
  const scrapeGap = scrapeGapOf(span, scrapes.find(ofNode));
  if (scrapeGap !== undefined) return { ...nothing, gaps: [`${scrapeGap}: its kubelet was not scraped`] };
  const found = series.filter(ofNode);
  const [one] = found;
  if (one === undefined) return { ...nothing, gaps: [`has no series of ${kind.name}`] };
  if (found.length > 1)
    return { ...nothing, gaps: [`has ${found.length} series of ${kind.name}: which one is true is not known`] };
  const averaged = kind.average(span, one.points);
  if (!averaged.ok) return { ...nothing, gaps: [`${averaged.why}: its ${kind.name} has no average`] };
  const average = (100 * averaged.value) / has;
  const { witness, gap } = witnessOf(kind, use.witnesses, span, capacity);
  const apart = witness === undefined ? 0 : Math.abs(witness - average);
  const disagree = `averages ${rounded2(average)} % ${kind.name} by Prometheus and ${rounded2(witness ?? 0)} % by metrics-server: they may be at most ${witnessPointsMax} percentage points apart`;
  return {
    name,
    has,
    average,
    used: averaged.value,
    samples: averaged.samples,
    ...(witness === undefined ? {} : { witness }),
    gaps: [...(gap === undefined ? [] : [gap]), ...(apart > witnessPointsMax ? [disagree] : [])],
  };
}

/** What metrics-server said on the plateau, on average. */
function witnessOf(
  kind: Kind,
  witnesses: NodeUse["witnesses"],
  span: Span,
  capacity: NodeCapacity,
): { readonly witness?: number; readonly gap?: string } {
  const looks = witnesses.flatMap((reading) => (reading.ok ? reading.value : []));
  const onPlateau = looks.filter(({ node, at }) => {
    const atMs = Date.parse(at);
    return node === capacity.node && atMs >= span.fromMs && atMs <= span.untilMs;
  });
  // Two looks within its 15 s get the same answer: it counts once.
  const answers = new Map(onPlateau.map((metrics) => [metrics.at, kind.witnessed(metrics)]));
  if (answers.size === 0) {
    const [why] = witnesses.flatMap((reading) => (reading.ok ? [] : [reading.why]));
    return { gap: `was not measured by metrics-server on the plateau${why === undefined ? "" : `: ${why}`}` };
  }
  return { witness: (100 * sum([...answers.values()], (value) => value)) / answers.size / kind.has(capacity) };
}

function averageFacts(
  kind: Kind,
  {
    percent,
    samples,
    source,
    at,
  }: { readonly percent: number; readonly samples: number; readonly source: string; readonly at: string },
  { judged, roadmap, why }: BandLimits,
): readonly Fact[] {
  const what = `average ${kind.name} utilization of the nodes`;
  const isRoadmap = judged.from === roadmap.from && judged.to === roadmap.to;
  return [
    { what, value: shown(percent, judged), unit: "%", limit: words(judged), samples, source, at },
    ...(isRoadmap
      ? []
      : [
          {
            what: `${what}, beside the roadmap's band`,
            value: shown(percent, roadmap),
            unit: "%",
            limit: words(roadmap),
            samples,
            source,
            at,
          },
          {
            what: "why the roadmap's band does not judge here",
            value: why ?? "the profile says no reason",
            source: "the profile",
            at,
          },
        ]),
    { what: "measured as", value: kind.measure, source, at },
  ];
}

function faultsOf(kind: Kind, percent: number, band: Band): string[] {
  const averaged = `the nodes' ${kind.name} averaged ${shown(percent, band)} % on the plateau (${words(band)})`;
  if (percent > band.to) return [`${averaged}: the platform is too small for this load`];
  if (percent >= band.from) return [];
  const reclaimed = kind.name === "CPU" && percent < reclaimPercent ? `; ${reclaimRule}` : "";
  return [`${averaged}: the platform is larger than this load needs${reclaimed}`];
}

const words = ({ from, to }: Band): string => `between ${from} and ${to} %`;

/** One decimal, away from the band where it lies outside: 70.04 % is shown as 70.1 %. */
function shown(percent: number, { from, to }: Band): number {
  const tenths = percent * 10;
  if (percent > to) return Math.ceil(tenths) / 10;
  return (percent < from ? Math.floor(tenths) : Math.round(tenths)) / 10;
}

function rounded2(percent: number): number {
  return Math.round(percent * 100) / 100;
}

function sum<T>(list: readonly T[], value: (one: T) => number): number {
  return list.reduce((total, one) => total + value(one), 0);
}
