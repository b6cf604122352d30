/** A restore as a file: what its picture is drawn of. */
import type { FoundPart, RestoreRun } from "../../probes/restore/restore-run.ts";
import { statesOf } from "./restore.judge.ts";

const wordsMax = 120;

/** Its name in the run's evidence folder. @param kind `run` for a namespace, `rebuild` for the whole cluster */
export function restoreEvidenceFile(kind: "run" | "rebuild"): string {
  return `restore-${kind}.json`;
}

/**
 * Stages are seconds since the loss was declared, in the order of `stages`; null where nobody saw when. Ages are those at the loss.
 * @param criteria ids of those that the picture stands beside
 */
export function restoreEvidence(
  run: RestoreRun,
  {
    criteria,
    stages,
    secondsMax,
  }: { readonly criteria: readonly string[]; readonly stages: readonly string[]; readonly secondsMax: number },
) {
  const reached = new Map(run.stages.map((stage) => [stage.name, stage.reached?.ms]));
  const declaredMs = reached.get(stages[0] ?? "");
  const since = (ms: number | undefined): number | null =>
    ms === undefined || declaredMs === undefined || ms < declaredMs ? null : inTenths(ms - declaredMs);
  const before = run.markers.filter(({ accepted }) => accepted.ms <= run.lossBegan.ms);
  const found = statesOf(run);
  const isBack = ({ id, parts }: RestoreRun["markers"][number]): boolean =>
    parts.every((part) => found.get(`${id} ${part}`)?.state === "intact");
  const ageOf = (markers: RestoreRun["markers"]): number | null => {
    const newest = markers.reduce((latest, { accepted }) => Math.max(latest, accepted.ms), Number.NEGATIVE_INFINITY);
    return markers.length === 0 ? null : inTenths(run.lossBegan.ms - newest);
  };
  const due = run.markers
    .filter(({ accepted }) => accepted.ms < run.backup.requested.ms)
    .flatMap(({ id, parts }) => parts.map((part) => found.get(`${id} ${part}`)?.state ?? "unread"));
  const count = (state: FoundPart["state"]): number => due.filter((one) => one === state).length;
  return {
    schemaVersion: 1,
    criteria,
    what: run.what.slice(0, wordsMax),
    stages: stages.map((name) => ({ name, seconds: since(reached.get(name)) })),
    secondsMax,
    /** When all pods were of their own templates again, which is after the last stage and no part of it. */
    renewedSeconds: since(run.renewed?.ms),
    newestBackSeconds: ageOf(before.filter(isBack)),
    newestAcceptedSeconds: ageOf(before),
    parts: { verified: count("intact"), lost: count("missing"), altered: count("altered"), unread: count("unread") },
    /** The run itself, for who wants to judge it again. */
    run,
  };
}

function inTenths(ms: number): number {
  return Math.round(ms / 100) / 10;
}
