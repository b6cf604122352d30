/** Pods: running, ready, never restarted, as many as their owners want. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Job } from "../../probes/kubernetes/owners.ts";
import type { Container, Pod } from "../../probes/kubernetes/pods.ts";
import type { Workload } from "../../probes/kubernetes/workloads.ts";
import { replacedPods, type Origins } from "./replaced-pods.judge.ts";

export type Readings = Origins & {
  readonly pods: Reading<readonly Pod[]>;
  readonly namespaces: Reading<readonly string[]>;
  readonly workloads: Reading<readonly Workload[]>;
  readonly jobs: Reading<readonly Job[]>;
};

export type Limits = {
  readonly namespaces: "all" | readonly string[];
  readonly replacedWithinSeconds: number;
};

/** A pod of a Job may take this long to start: a task that begins is no service that is down. */
const taskStartSecondsMax = 120;
/** Past the end of its grace period a pod that is still there is stuck. */
const stuckSeconds = 60;
const factsShownAtMost = 50;

/**
 * Every pod of the namespaces is Running and Ready with no restart of any of its containers, and none replaced another within the
 * profile's window; every Deployment, StatefulSet and DaemonSet has as many ready pods as it wants, so that a pod that was never
 * made counts too. Pods of completed Jobs do not count. A namespace that does not exist is a fault; one without pods is a gap.
 */
export function judgePods(readings: Readings, limits: Limits, now: Date): Verdict {
  const { pods, workloads, jobs, namespaces } = readings;
  if (!pods.ok) return unproven(pods.why);
  const faults: { what: string; value: string }[] = [];
  const gaps = [workloads, namespaces, jobs].flatMap((reading) => (reading.ok ? [] : [reading.why]));
  const within = ({ namespace }: { readonly namespace: string }): boolean =>
    limits.namespaces === "all" || limits.namespaces.includes(namespace);
  const judged = pods.value.filter(within).filter((pod) => !isDone(pod, jobs));
  for (const pod of judged) {
    const wrong = wrongWith(pod, now);
    if (wrong.length > 0) faults.push({ what: `pod ${pod.namespace}/${pod.name}`, value: wrong.join(", ") });
  }
  const replacement = replacedPods(judged, readings, limits.replacedWithinSeconds, now);
  gaps.push(...replacement.gaps);
  for (const pod of replacement.replaced) {
    const value = `replaced another pod of its ${pod.owner?.kind ?? "owner"} at ${pod.createdAt}`;
    faults.push({ what: `pod ${pod.namespace}/${pod.name}`, value });
  }
  for (const workload of workloads.ok ? workloads.value.filter(within) : []) {
    const name = `${workload.kind} ${workload.namespace}/${workload.name}`;
    if (!workload.observed) gaps.push(`${name} has changed and its controller has not looked at it yet`);
    if (workload.ready >= workload.wanted) continue;
    faults.push({ what: name, value: `has ${workload.ready} of ${workload.wanted} pods ready` });
  }
  for (const missing of missingNamespaces(limits, namespaces)) {
    faults.push({ what: `namespace ${missing}`, value: "does not exist" });
  }
  gaps.push(...emptyNamespaces(limits, judged, namespaces));
  const facts = factsOf(judged, { faults, replaced: replacement.replaced.length, reading: pods });
  const held = `all ${judged.length} pods are running and ready, with 0 restarts`;
  return conclude({ faults: faults.map(({ what, value }) => `${what} ${value}`), gaps, facts, held });
}

/** A pod whose task is done: it, or a sibling of its Job, has completed. A pod of a Job that has not yet is judged like any other. */
function isDone(pod: Pod, jobs: Reading<readonly Job[]>): boolean {
  if (pod.owner?.kind !== "Job") return false;
  return (
    pod.phase === "Succeeded" || (jobs.ok && jobs.value.some(({ uid, complete }) => complete && uid === pod.owner?.uid))
  );
}

function wrongWith(pod: Pod, now: Date): string[] {
  if (pod.deletedAt !== undefined) {
    const overdueSeconds = Math.round((now.getTime() - Date.parse(pod.deletedAt)) / 1000);
    return overdueSeconds > stuckSeconds ? [`is stuck in Terminating, ${overdueSeconds} s past its end`] : [];
  }
  const containers = [...pod.initContainers, ...pod.containers];
  const troubles = containers.flatMap(troubleOf);
  const ageSeconds = (now.getTime() - Date.parse(pod.createdAt)) / 1000;
  if (
    pod.phase === "Pending" &&
    pod.owner?.kind === "Job" &&
    troubles.length === 0 &&
    ageSeconds <= taskStartSecondsMax
  )
    return [];
  const reason = pod.reason === "" ? "" : ` (${pod.reason})`;
  if (pod.phase !== "Running") return [`is ${pod.phase}${reason}`, ...troubles];
  return pod.ready ? troubles : [`is not Ready${reason}`, ...troubles];
}

/** Restarts, the end of an earlier instance, and what a container waits for. The beginning of a first start is no trouble of its own. */
function troubleOf(container: Container): string[] {
  const waiting = ["", "ContainerCreating", "PodInitializing"].includes(container.waiting ?? "")
    ? []
    : [container.waiting];
  const before = container.endedBefore === undefined ? "" : ` (last end: ${container.endedBefore})`;
  const restarted = container.restarts > 0 || before !== "" ? [`restarted ${container.restarts} times${before}`] : [];
  const ended =
    container.ended === undefined || container.ended.endsWith("exit code 0") ? [] : [`ended (${container.ended})`];
  const all = [...waiting, ...restarted, ...ended];
  return all.length === 0 ? [] : [`container ${container.name} ${all.join(", ")}`];
}

function missingNamespaces(limits: Limits, namespaces: Reading<readonly string[]>): string[] {
  if (limits.namespaces === "all" || !namespaces.ok) return [];
  return limits.namespaces.filter((name) => !namespaces.value.includes(name));
}

/** Where nothing runs nothing was proven to run; with "all" that is a question of the whole cluster only. */
function emptyNamespaces(limits: Limits, judged: readonly Pod[], namespaces: Reading<readonly string[]>): string[] {
  if (limits.namespaces === "all")
    return judged.length === 0 ? ["the cluster holds no pod: nothing was looked at"] : [];
  return limits.namespaces
    .filter(
      (name) => (!namespaces.ok || namespaces.value.includes(name)) && !judged.some((pod) => pod.namespace === name),
    )
    .map((name) => `namespace ${name} holds no pod that should run: there is nothing to judge`);
}

function factsOf(
  judged: readonly Pod[],
  found: {
    readonly faults: readonly { what: string; value: string }[];
    readonly replaced: number;
    readonly reading: Reading<readonly Pod[]>;
  },
): Fact[] {
  const { source, at } = found.reading;
  const containers = judged.flatMap((pod) => [...pod.initContainers, ...pod.containers]);
  const restarts = containers.reduce((sum, { restarts: times }) => sum + times, 0);
  const running = judged.filter(
    ({ phase, ready, deletedAt }) => phase === "Running" && ready && deletedAt === undefined,
  );
  return [
    ...found.faults.slice(0, factsShownAtMost).map((fault) => ({ ...fault, source, at })),
    { what: "pods running and ready", value: running.length, unit: "pods", limit: `${judged.length}`, source, at },
    { what: "restarts of containers", value: restarts, unit: "restarts", limit: "0", source, at },
    { what: "replaced pods", value: found.replaced, unit: "pods", limit: "0", source, at },
  ];
}
