/** A drill as one plain object: when what happened, and what users met. It is what the picture of the drill is drawn of. */
import type { Ask, Sort, WatchRecord } from "../../fixtures/watch/record.ts";
import { detectedBy } from "./detected.judge.ts";
import type { WatchedDrill } from "./watched-drill.ts";

const stepsMax = 300;
const wordsMax = 300;

/** The name of a timeline in the run's evidence folder. @param criterion the criterion that the drill decides */
export function timelineEvidenceFile(criterion: string): string {
  return `timeline-${criterion}.json`;
}

/**
 * Times are seconds since the experiment began, null where it did not happen. `requests` counts what users asked from the last look before the injection on;
 * `steps` are all of the watch, each with what came of the requests that began in it.
 */
export function drillTimeline(criterion: string, drill: WatchedDrill) {
  const { observed, watch, beganMs } = drill;
  const detected = detectedBy(drill);
  const record = watch.ok ? watch.value : undefined;
  const injectedMs = observed.injectedAtMs;
  const since = (record?.asks ?? []).filter(
    ({ atMs }) => injectedMs !== undefined && atMs - beganMs >= observed.before.atMs,
  );
  const fates = (fate: string): number => (record?.accepted ?? []).filter((one) => one.fate === fate).length;
  return {
    schemaVersion: 1,
    criterion,
    fault: observed.fault.slice(0, wordsMax),
    targets: (observed.targets.ok ? observed.targets.value : []).slice(0, 20).map((name) => name.slice(0, wordsMax)),
    startedAt: record?.startedAt ?? drill.now.toISOString(),
    injectedSeconds: seconds(injectedMs),
    feltSeconds: seconds(observed.feltAtMs),
    detectedSeconds: seconds(detected?.atMs),
    detectedBy: detected?.alert.slice(0, wordsMax) ?? null,
    removedSeconds: seconds(observed.removedAtMs),
    recoveredSeconds: seconds(observed.recoveredAtMs),
    requests: countsOf(since),
    writes: {
      accepted: record?.accepted.length ?? 0,
      lost: fates("lost"),
      altered: fates("altered"),
      unread: fates("unread"),
    },
    ...stepsOf(record, beganMs),
  };
}

export type DrillTimeline = ReturnType<typeof drillTimeline>;

function countsOf(asks: readonly Ask[]): Record<Sort, number> {
  const counts = { right: 0, refused: 0, wrong: 0, unanswered: 0, unseen: 0 };
  for (const { sort } of asks) counts[sort] += 1;
  return counts;
}

/** Whole seconds a step, at most 300 of them. */
function stepsOf(record: WatchRecord | undefined, beganMs: number) {
  if (record === undefined || record.asks.length === 0) return { stepSeconds: 1, steps: [] };
  const fromMs = -beganMs;
  const untilMs = record.endedMs - beganMs;
  const stepSeconds = Math.max(1, Math.ceil((untilMs - fromMs) / 1000 / stepsMax));
  const stepMs = stepSeconds * 1000;
  const grouped = Map.groupBy(record.asks, ({ atMs }) => Math.floor(atMs / stepMs));
  const steps = Array.from({ length: Math.min(Math.floor(record.endedMs / stepMs) + 1, stepsMax + 1) }, (_, step) => ({
    fromSeconds: seconds(fromMs + step * stepMs) ?? 0,
    ...countsOf(grouped.get(step) ?? []),
  }));
  return { stepSeconds, steps };
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined || !Number.isFinite(ms) ? null : Math.round(ms / 100) / 10;
}
