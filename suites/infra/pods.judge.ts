/** Pods: running, ready, never restarted, as many as their owners want. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Job } from "../../probes/kubernetes/owners.ts";
import type { NodeLease } from "../../probes/kubernetes/nodes.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { Workload } from "../../probes/kubernetes/workloads.ts";
import { isDone, wrongWith } from "./pod-state.judge.ts";
import { replacedPods, type Origins } from "./replaced-pods.judge.ts";
import { silentNodes } from "./silent-nodes.judge.ts";

export type Readings = Origins & {
  readonly pods: Reading<readonly Pod[]>;
  readonly namespaces: Reading<readonly string[]>;
  readonly jobs: Reading<readonly Job[]>;
  readonly leases: Reading<readonly NodeLease[]>;
};

export type Limits = {
  readonly namespaces: "all" | readonly string[];
  readonly replacedWithinSeconds: number;
  /** The platform's own namespaces: looked at in any case, and something must run in each, by each of its workloads. */
  readonly platform: readonly string[];
};

/** One thing that is wrong: `what` names the object, `value` is the rest of the sentence. */
type Finding = { readonly what: string; readonly value: string };

const findingsShownAtMost = 50;

/**
 * Every pod of the namespaces is Running and Ready with no restart of any of its containers, and none replaced another within the
 * profile's window, and its node still reports; every Deployment, StatefulSet and DaemonSet has as many ready pods as it wants, so that a pod that was never
 * made counts too. Pods of completed Jobs do not count. A namespace that does not exist is a fault; one without pods is a gap, and so is
 * a workload of the platform that wants no pod: what was scaled away was not seen to run.
 */
export function judgePods(readings: Readings, limits: Limits, now: Date): Verdict {
  const { pods, workloads, jobs, namespaces } = readings;
  if (!pods.ok) return unproven(pods.why);
  const within = ({ namespace }: { readonly namespace: string }): boolean =>
    limits.namespaces === "all" || limits.namespaces.includes(namespace) || limits.platform.includes(namespace);
  const judged = pods.value.filter(within).filter((pod) => !isDone(pod, jobs));
  const { replaced, gaps: untold } = replacedPods(judged, readings, limits.replacedWithinSeconds, now);
  const wanted = workloads.ok ? workloads.value.filter(within) : [];
  const findings = [
    ...podFindings(judged, jobs, now),
    ...replaced.map((pod) => ({ what: nameOf(pod), value: `replaced another pod at ${pod.createdAt}` })),
    ...wanted.flatMap(shortOf),
    ...missingNamespaces(limits, namespaces),
  ];
  const gaps = [
    ...[workloads, namespaces, jobs].flatMap((reading) => (reading.ok ? [] : [reading.why])),
    ...wanted
      .filter(({ observed }) => !observed)
      .map((workload) => `${titleOf(workload)} has just changed: its state is not known yet`),
    ...wanted
      .filter((workload) => workload.wanted === 0 && limits.platform.includes(workload.namespace))
      .map((workload) => `${titleOf(workload)} wants no pod: there is nothing to judge`),
    ...judged
      .filter(({ phase, containers }) => phase === "Running" && containers.length === 0)
      .map((pod) => `${nameOf(pod)} does not report its containers`),
    ...emptyNamespaces(limits, judged, namespaces),
    ...untold,
    ...silentNodes(judged, readings.nodes, readings.leases, now),
  ];
  const { source, at } = pods;
  return conclude({
    faults: findings.map(({ what, value }) => `${what} ${value}`),
    gaps,
    facts: [
      ...findings.slice(0, findingsShownAtMost).map((finding) => ({ ...finding, source, at })),
      ...countsOf(judged, replaced.length).map((count) => ({ ...count, source, at })),
    ],
    held: `all ${judged.length} pods are running and ready, with 0 restarts`,
  });
}

function podFindings(judged: readonly Pod[], jobs: Reading<readonly Job[]>, now: Date): Finding[] {
  return judged.flatMap((pod) => {
    // Whether its Job completed after all cannot be told without the Jobs; that they could not be read is a gap of its own.
    if (pod.phase === "Failed" && pod.owner?.kind === "Job" && !jobs.ok) return [];
    const wrong = wrongWith(pod, now);
    return wrong.length === 0 ? [] : [{ what: nameOf(pod), value: wrong.join(", ") }];
  });
}

function nameOf(pod: Pod): string {
  return `pod ${pod.namespace}/${pod.name}`;
}

function titleOf({ kind, namespace, name }: Workload): string {
  return `${kind} ${namespace}/${name}`;
}

function shortOf(workload: Workload): Finding[] {
  const { ready, wanted } = workload;
  return ready >= wanted ? [] : [{ what: titleOf(workload), value: `has ${ready} of ${wanted} pods ready` }];
}

function missingNamespaces(limits: Limits, namespaces: Reading<readonly string[]>): Finding[] {
  if (!namespaces.ok) return [];
  return namedBy(limits)
    .filter((name) => !namespaces.value.includes(name))
    .map((name) => ({ what: `namespace ${name}`, value: "does not exist" }));
}

/** The namespaces that the profile names one by one. */
function namedBy({ namespaces, platform }: Limits): string[] {
  return [...new Set([...(namespaces === "all" ? [] : namespaces), ...platform])];
}

/** Where nothing runs nothing was proven to run: neither in the cluster as a whole nor in a namespace that is named. */
function emptyNamespaces(limits: Limits, judged: readonly Pod[], namespaces: Reading<readonly string[]>): string[] {
  const empty = namedBy(limits)
    .filter((name) => !namespaces.ok || namespaces.value.includes(name))
    .filter((name) => !judged.some((pod) => pod.namespace === name))
    .map((name) => `namespace ${name} holds no pod that should run: there is nothing to judge`);
  return judged.length === 0 ? ["the cluster holds no pod that should run", ...empty] : empty;
}

function countsOf(judged: readonly Pod[], replaced: number): Pick<Fact, "what" | "value" | "unit" | "limit">[] {
  const containers = judged.flatMap((pod) => [...pod.initContainers, ...pod.containers]);
  const restarts = containers.reduce((sum, container) => sum + container.restarts, 0);
  const running = judged.filter(({ phase, ready }) => phase === "Running" && ready).length;
  return [
    { what: "pods running and ready", value: running, unit: "pods", limit: `all ${judged.length}` },
    { what: "restarts of containers", value: restarts, unit: "restarts", limit: "0" },
    { what: "replaced pods", value: replaced, unit: "pods", limit: "0" },
  ];
}
