/** Containers that were away for a part of a span: what is averaged over it was not one platform. */
import type { ContainerRun } from "../../probes/kubernetes/container-runs.ts";
import { clockTime, type Span } from "./plateau.judge.ts";

export type Restart = {
  /** "namespace/pod, container name". */
  readonly name: string;
  readonly namespace: string;
  readonly workload: string;
  /** End of a sentence that begins with the name. */
  readonly what: string;
};

export function containerName({
  namespace,
  pod,
  container,
}: Pick<ContainerRun, "namespace" | "pod" | "container">): string {
  return `${namespace}/${pod}, container ${container}`;
}

/**
 * Restarted within the span, by two looks at all containers, one before it and one after. Where it cannot be told when a restart was, it counts.
 * Pods that came or went by scaling are no restarts; one that was replaced by another of its name is.
 */
export function restartsWithin(
  span: Span,
  before: readonly ContainerRun[],
  after: readonly ContainerRun[],
): readonly Restart[] {
  const earlier = new Map(before.map((run) => [containerName(run), run]));
  return after.flatMap((run) => {
    const name = containerName(run);
    const was = earlier.get(name);
    const what =
      was !== undefined && was.podUid !== run.podUid ? replaced(span, run) : restarted(span, run, was?.restarts ?? 0);
    return what === undefined ? [] : [{ name, namespace: run.namespace, workload: run.workload, what }];
  });
}

function replaced({ fromMs, untilMs }: Span, { createdAt }: ContainerRun): string | undefined {
  const madeMs = Date.parse(createdAt);
  return madeMs < fromMs || madeMs > untilMs ? undefined : `was replaced at ${clockTime(madeMs)}`;
}

function restarted({ fromMs, untilMs }: Span, run: ContainerRun, restartsBefore: number): string | undefined {
  const times = run.restarts - restartsBefore;
  if (times <= 0) return undefined;
  const ended = run.ends.map(({ at }) => Date.parse(at ?? "")).filter(Number.isFinite);
  const endedMs = ended.length === 0 ? Number.NEGATIVE_INFINITY : Math.max(...ended);
  const startedMs = run.startedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(run.startedAt);
  // Of several restarts the kubelet knows the last one's times only.
  const outside = times === 1 && (startedMs < fromMs || endedMs > untilMs);
  if (outside) return undefined;
  const reasons = run.ends.map(({ reason }) => reason).join(", ");
  return `restarted ${times} times${reasons === "" ? "" : ` (${reasons})`}${Number.isFinite(startedMs) ? `, runs since ${clockTime(startedMs)}` : ""}`;
}
