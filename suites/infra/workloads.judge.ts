/** Workloads: what their containers must declare. Judged on the templates, so that every pod made from them later has it too. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Workload, WorkloadContainer } from "../../probes/kubernetes/workloads.ts";

type Readings = { readonly workloads: Reading<readonly Workload[]>; readonly namespaces: Reading<readonly string[]> };

const containersShownAtMost = 50;

/**
 * Every container that goes on running has a readiness and a liveness probe. Sidecars are such containers; init containers
 * end before anything could probe them. A startup probe is no substitute: it falls silent once the container has started.
 * @param namespaces those of the profile that must be so
 */
export function judgeProbes(readings: Readings, namespaces: readonly string[]): Verdict {
  return judgeContainers(readings, namespaces, {
    what: "containers without a readiness or a liveness probe",
    counts: (container, init) => !init || container.sidecar,
    lacks: (container) => [
      ...(container.readinessProbe ? [] : ["readiness probe"]),
      ...(container.livenessProbe ? [] : ["liveness probe"]),
    ],
    held: "have a readiness and a liveness probe",
  });
}

const amounts = ["cpu request", "memory request", "cpu limit", "memory limit"];

/**
 * Every container, init containers included, requests CPU and memory and has a limit for both, all above zero.
 * Source: T024, "resource requests and limits". A default that a LimitRange would add does not count: it is not the chart's.
 */
export function judgeResources(readings: Readings, namespaces: readonly string[]): Verdict {
  return judgeContainers(readings, namespaces, {
    what: "containers without requests or limits of CPU and memory",
    counts: () => true,
    lacks: (container) => amounts.filter((amount) => !container.declares.includes(amount)),
    held: "request CPU and memory and have limits for both",
  });
}

type Rule = {
  readonly what: string;
  readonly counts: (container: WorkloadContainer, init: boolean) => boolean;
  readonly lacks: (container: WorkloadContainer) => string[];
  readonly held: string;
};

function judgeContainers(
  { workloads, namespaces: existing }: Readings,
  namespaces: readonly string[],
  rule: Rule,
): Verdict {
  if (!workloads.ok) return unproven(workloads.why);
  const { source, at } = workloads;
  const faults: string[] = [];
  const gaps: string[] = existing.ok ? [] : [existing.why];
  const lacking: Fact[] = [];
  let containers = 0;
  for (const namespace of namespaces) {
    const inside = workloads.value.filter((workload) => workload.namespace === namespace);
    if (existing.ok && !existing.value.includes(namespace)) {
      faults.push(`namespace ${namespace} does not exist`);
      lacking.push({
        what: `namespace ${namespace}`,
        value: "does not exist",
        source: existing.source,
        at: existing.at,
      });
    } else if (inside.length === 0) {
      gaps.push(`namespace ${namespace} holds no workload: there is nothing to judge`);
    }
    for (const { workload, container } of inside.flatMap((each) => containersOf(each, rule))) {
      containers += 1;
      const lacks = rule.lacks(container);
      if (lacks.length === 0) continue;
      const name = `${workload.kind} ${workload.namespace}/${workload.name}, container ${container.name}`;
      faults.push(`${name} has no ${lacks.join(", no ")}`);
      lacking.push({ what: name, value: `no ${lacks.join(", no ")}`, source, at });
    }
  }
  const count: Fact = {
    what: rule.what,
    value: lacking.length,
    unit: "containers",
    limit: `0 of ${containers}`,
    source,
    at,
  };
  if (containers === 0) gaps.push("no container was looked at");
  const facts = [...lacking.slice(0, containersShownAtMost), count];
  return conclude({ faults, gaps, facts, held: `all ${containers} containers ${rule.held}` });
}

function containersOf(
  workload: Workload,
  rule: Rule,
): { readonly workload: Workload; readonly container: WorkloadContainer }[] {
  return [
    ...workload.containers.filter((container) => rule.counts(container, false)),
    ...workload.initContainers.filter((container) => rule.counts(container, true)),
  ].map((container) => ({ workload, container }));
}
