/** Dapr's metrics: each sidecar's and each control plane service's are in Prometheus, and grow. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { Sample } from "../../probes/observability/query.ts";
import { tooNew } from "./too-new.judge.ts";

/** Pods of one kind and their counter by pod: now, and a minute before. */
export type Counted = {
  /** "sidecar" or "control plane service". */
  readonly kind: string;
  readonly pods: Reading<readonly Pod[]>;
  readonly now: Reading<readonly Sample[]>;
  readonly before: Reading<readonly Sample[]>;
};

/** A minute between the two looks, and two scrapes before the first. */
const settleSeconds = 100;

/**
 * Every running pod's counter is there and larger than a minute ago: health checks and ticks reach each of them all the time.
 * A pod that is younger than the two looks need is a gap where it is missed.
 */
export function judgeDaprMetrics(counted: readonly Counted[], now: Date): Verdict {
  const judged = counted.map((one) => judgeKind(one, now));
  const pods = judged.flatMap(({ facts }) => facts);
  return conclude({
    faults: judged.flatMap(({ faults }) => faults),
    gaps: judged.flatMap(({ gaps }) => gaps),
    facts: pods,
    held: `the metrics of ${pods.length} sidecars and services of Dapr are in Prometheus and grow`,
  });
}

type Judged = { readonly faults: readonly string[]; readonly gaps: readonly string[]; readonly facts: readonly Fact[] };

function judgeKind({ kind, pods, now: counters, before }: Counted, now: Date): Judged {
  const unread = [pods, counters, before].flatMap((reading) => (reading.ok ? [] : [reading.why]));
  if (!pods.ok || !counters.ok || !before.ok) return { faults: [], gaps: unread, facts: [] };
  const running = pods.value.filter(({ phase, deletedAt }) => phase === "Running" && deletedAt === undefined);
  if (running.length === 0) return { faults: [], gaps: [`no ${kind} of Dapr was found`], facts: [] };
  const judged = running.map((pod) => {
    const name = `${kind} of ${pod.namespace}/${pod.name}`;
    const isYoung = now.getTime() - Date.parse(pod.readyAt ?? pod.createdAt) < settleSeconds * 1000;
    const growth = growthOf(pod, counters.value, before.value);
    const wrong =
      growth === undefined
        ? `no metrics of the ${name} are in Prometheus`
        : growth > 0
          ? undefined
          : `the metrics of the ${name} have not grown within a minute`;
    return {
      fault: isYoung ? undefined : wrong,
      gap: isYoung && wrong !== undefined ? `the ${name} ${tooNew} be counted yet` : undefined,
      fact: {
        what: `growth of the counter of the ${name} within a minute`,
        value: growth ?? "no metrics",
        limit: "above 0",
        source: counters.source,
        at: counters.at,
      },
    };
  });
  return {
    faults: judged.flatMap(({ fault }) => fault ?? []),
    gaps: judged.flatMap(({ gap }) => gap ?? []),
    facts: judged
      .toSorted((one, other) => Number(other.fault !== undefined) - Number(one.fault !== undefined))
      .map(({ fact }) => fact),
  };
}

/** How much the counter of a pod grew. A counter that was not there a minute ago grew from nothing, and one that is smaller began anew. */
function growthOf(pod: Pod, now: readonly Sample[], before: readonly Sample[]): number | undefined {
  const isOf = ({ labels }: Sample): boolean => labels["namespace"] === pod.namespace && labels["pod"] === pod.name;
  const last = now.find(isOf)?.value;
  if (last === undefined) return undefined;
  const first = before.find(isOf)?.value ?? 0;
  return last < first ? last : last - first;
}
