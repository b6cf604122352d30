/** What nodes used and how many replicas there were, as a file: what the pictures beside the load's own are drawn of. */
import type { Reading } from "../../harness/verdict.ts";
import type { Point, Series } from "../../probes/observability/range.ts";
import { measuredGapSecondsMax } from "./coverage.judge.ts";
import { plateauOf } from "./plateau.judge.ts";
import type { BandLimits, NodeUse } from "./resource-bands.judge.ts";
import { timelinesOf, type Moment } from "./scaling-timeline.judge.ts";
import type { Look } from "./scaling-watch.ts";

/** Its name in the run's evidence folder. */
export const resourceEvidenceFile = "resource-use.json";

const nodesMax = 20;
const autoscalersMax = 10;
const pointsMax = 1_000;
const wordsMax = 300;
/** Looks that lie further apart than this have a hole between them. */
const lookGapMs = 6_000;

/** Seconds since the load began, and the number then; null is a hole: nothing was measured from there to the next one. */
export type Measured = readonly [seconds: number, value: number | null];
/** Seconds since the load began, pods ready and pods wanted; null where nobody looked. */
export type Replicas = readonly [seconds: number, ready: number | null, desired: number | null];

/**
 * Times are seconds since the load began, shares are percent of what a node has. At most 20 nodes with 1,000 points and 10 autoscalers with 1,000
 * changes are kept: the verdict is made of the readings, the file of what a picture can show.
 */
export function resourceEvidence(
  use: Pick<NodeUse, "load" | "validity" | "capacities" | "cpuSeconds" | "memoryBytes">,
  bands: { readonly cpu: BandLimits; readonly memory: BandLimits },
  looks: readonly Look[],
) {
  const { load, validity, capacities, cpuSeconds, memoryBytes } = use;
  const startedMs = Date.parse(load.startedAt);
  const { fromMs, untilMs } = plateauOf(load);
  const since = (ms: number): number | null => (Number.isFinite(ms) ? Math.round((ms - startedMs) / 100) / 10 : null);
  const nodes = capacities.ok ? capacities.value.slice(0, nodesMax) : [];
  return {
    schemaVersion: 1,
    startedAt: load.startedAt,
    plateau: { fromSeconds: since(fromMs), untilSeconds: since(untilMs) },
    endedSeconds: since(Date.parse(load.endedAt)),
    reasons: validity.reasons.slice(0, 1).map((reason) => reason.slice(0, wordsMax)),
    bands,
    nodes: nodes.map(({ node, cores, memoryBytes: has }) => ({
      node,
      cpuPercent: sharesOf(ratesOf(pointsOf(cpuSeconds, node)), startedMs, cores),
      memoryPercent: sharesOf(withHoles(pointsOf(memoryBytes, node)), startedMs, has),
    })),
    autoscalers: timelinesOf(looks)
      .slice(0, autoscalersMax)
      .map(({ name, moments }) => ({ name, replicas: stepsOf(moments, startedMs) })),
  };
}

export type ResourceEvidence = ReturnType<typeof resourceEvidence>;

function pointsOf(reading: Reading<readonly Series[]>, node: string): readonly Point[] {
  return reading.ok ? (reading.value.find(({ labels }) => labels["node"] === node)?.points ?? []) : [];
}

type Hollow = { readonly atSeconds: number; readonly value: number | null };

/** Growth a second from each point to the next, at the later one's time; a hole where they lie too far apart, or the counter began anew. */
function ratesOf(points: readonly Point[]): readonly Hollow[] {
  return points.flatMap(({ atSeconds, value }, index) => {
    const before = points[index - 1];
    if (before === undefined) return [];
    const seconds = atSeconds - before.atSeconds;
    const isWhole = seconds <= measuredGapSecondsMax && value >= before.value;
    return [{ atSeconds, value: isWhole ? (value - before.value) / seconds : null }];
  });
}

function withHoles(points: readonly Point[]): readonly Hollow[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    const isHole = before !== undefined && point.atSeconds - before.atSeconds > measuredGapSecondsMax;
    return isHole ? [{ atSeconds: before.atSeconds, value: null }, point] : [point];
  });
}

/** Of the time since the load began; what was before it is left out. */
function sharesOf(points: readonly Hollow[], startedMs: number, of: number): Measured[] {
  return points
    .map(({ atSeconds, value }): Measured => [
      Math.round(atSeconds * 10 - startedMs / 100) / 10,
      value === null ? null : Math.round((10_000 * value) / of) / 100,
    ])
    .filter(([seconds]) => seconds >= 0)
    .slice(0, pointsMax);
}

/** Where anything changed, and the last look. */
function stepsOf(moments: readonly Moment[], startedMs: number): Replicas[] {
  const steps = moments.flatMap(({ atMs, scale }, index): Replicas[] => {
    const [before, next] = [moments[index - 1], moments[index + 1]];
    const at = (ms: number): number => Math.round((ms - startedMs) / 100) / 10;
    const step: Replicas = [at(atMs), scale.ready, scale.desired];
    if (before !== undefined && atMs - before.atMs > lookGapMs) return [[at(before.atMs), null, null], step];
    const isSame = before !== undefined && before.scale.ready === scale.ready && before.scale.desired === scale.desired;
    return isSame && next !== undefined ? [] : [step];
  });
  return steps.slice(0, pointsMax);
}
