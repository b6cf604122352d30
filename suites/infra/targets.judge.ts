/** Prometheus's targets: every one that the platform expects is known, up, and freshly scraped. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Node } from "../../probes/kubernetes/nodes.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { Target } from "../../probes/observability/targets.ts";
import { settleSeconds, tooNew } from "./too-new.judge.ts";

export type Scraped = {
  readonly job: string;
  readonly namespace: string;
  readonly selector: string;
  readonly pods: Reading<readonly Pod[]>;
};

export type TargetReadings = {
  readonly targets: Reading<readonly Target[]>;
  readonly nodes: Reading<readonly Node[]>;
  readonly workloads: readonly Scraped[];
  readonly pods: Reading<readonly Pod[]>;
};

/** "scraped within the last two minutes" (the criterion's sentence). */
const ageSecondsMax = 120;
const nodeJobs = ["kubelet", "cadvisor", "resource"] as const;
const shownAtMost = 50;

type Expected = { readonly job: string; readonly of: string; readonly labels: Readonly<Record<string, string>> };
type Judged = { readonly name: string; readonly fault?: string; readonly gap?: string; readonly ageSeconds?: number };

/**
 * Expected are the API server, each node's kubelet with its three pages, every running pod of the profile's workloads, and every Dapr
 * sidecar. A workload without a running pod is a fault: what should be watched is not there. A pod younger than a minute is a gap where it is missed.
 */
export function judgeTargetsUp(readings: TargetReadings, now: Date): Verdict {
  const { targets, nodes, pods } = readings;
  if (!targets.ok) return unproven(targets.why);
  if (!nodes.ok) return unproven(nodes.why);
  if (!pods.ok) return unproven(pods.why);
  const ofWorkloads = readings.workloads.map((workload) => expectedOf(workload));
  const sidecars = pods.value
    .filter((pod) => pod.containers.some(({ name }) => name === "daprd"))
    .flatMap((pod) => expectedPod("dapr-sidecars", pod));
  const expected: readonly Expected[] = [
    { job: "apiserver", of: "the API server", labels: {} },
    ...nodes.value.flatMap(({ name }) => nodeJobs.map((job) => ({ job, of: `node ${name}`, labels: { node: name } }))),
    ...ofWorkloads.flatMap((workload) => workload.expected),
    ...sidecars,
  ];
  const young = youngPods(readings, now);
  const judged = expected.map((one) => judgeOne(one, targets.value, young, now));
  const faulty = judged.filter(({ fault }) => fault !== undefined);
  const oldest = Math.max(...judged.flatMap(({ ageSeconds }) => ageSeconds ?? []));
  const { source, at } = targets;
  const facts: readonly Fact[] = [
    ...faulty.slice(0, shownAtMost).map(({ name, fault = "" }) => ({ what: name, value: fault, source, at })),
    {
      what: "expected targets missing or down",
      value: faulty.length,
      unit: "targets",
      limit: `0 of ${expected.length}`,
      source,
      at,
    },
    ...(Number.isFinite(oldest)
      ? [
          {
            what: "age of the oldest last scrape",
            value: Math.round(oldest),
            unit: "s",
            limit: `at most ${ageSecondsMax} s`,
            source,
            at,
          },
        ]
      : []),
  ];
  return conclude({
    faults: [
      ...faulty.map(({ name, fault = "" }) => `target ${name} ${fault}`),
      ...ofWorkloads.flatMap(({ fault }) => fault ?? []),
    ],
    gaps: [
      ...ofWorkloads.flatMap(({ gap }) => gap ?? []),
      ...judged.flatMap(({ name, gap }) => (gap === undefined ? [] : [`target ${name} ${gap}`])),
      ...(nodes.value.length === 0 ? ["no node was found"] : []),
    ],
    facts,
    held: `all ${expected.length} targets are up, the oldest scrape is ${Math.round(oldest)} s old`,
  });
}

function expectedOf(workload: Scraped): {
  readonly expected: readonly Expected[];
  readonly fault?: string;
  readonly gap?: string;
} {
  const { job, namespace, selector, pods } = workload;
  if (!pods.ok) return { expected: [], gap: pods.why };
  const expected = pods.value.flatMap((pod) => expectedPod(job, pod));
  return expected.length > 0
    ? { expected }
    : { expected, fault: `nothing of ${namespace} runs that carries ${selector}: nothing to scrape` };
}

function expectedPod(job: string, pod: Pod): readonly Expected[] {
  const { namespace, name, phase, deletedAt } = pod;
  if (phase !== "Running" || deletedAt !== undefined) return [];
  return [{ job, of: `${namespace}/${name}`, labels: { namespace, pod: name } }];
}

/** Names of pods whose first scrape may still lie ahead. */
function youngPods({ workloads, pods }: TargetReadings, now: Date): ReadonlySet<string> {
  const all = [
    ...workloads.flatMap((workload) => (workload.pods.ok ? workload.pods.value : [])),
    ...(pods.ok ? pods.value : []),
  ];
  const isYoung = ({ createdAt, readyAt }: Pod): boolean =>
    now.getTime() - Date.parse(readyAt ?? createdAt) < settleSeconds * 1000;
  return new Set(all.filter(isYoung).map(({ namespace, name }) => `${namespace}/${name}`));
}

function judgeOne(expected: Expected, targets: readonly Target[], young: ReadonlySet<string>, now: Date): Judged {
  const { job, of, labels } = expected;
  const name = `${job} of ${of}`;
  const found = targets.filter(
    (target) => target.job === job && Object.entries(labels).every(([key, value]) => target.labels[key] === value),
  );
  const isYoung = young.has(of);
  if (found.length === 0)
    return isYoung ? { name, gap: `${tooNew} be known yet` } : { name, fault: "is not known to Prometheus" };
  const down = found.find(({ health }) => health === "down");
  if (down !== undefined)
    return isYoung ? { name, gap: `${tooNew} answer` } : { name, fault: `is down: ${down.lastError}` };
  // A target that two configurations find is as fresh as the staler one.
  const ages = found.map(({ scrapedAt }) => (now.getTime() - Date.parse(scrapedAt ?? "")) / 1000);
  if (!ages.every((age) => Number.isFinite(age)))
    return { name, gap: isYoung ? `${tooNew} have been scraped` : "was never scraped yet" };
  const ageSeconds = Math.max(...ages);
  if (ageSeconds < -settleSeconds) return { name, gap: "was scraped in the future: set the clocks" };
  if (ageSeconds > ageSecondsMax)
    return { name, ageSeconds, fault: `was last scraped ${Math.round(ageSeconds)} s ago` };
  return found.every(({ health }) => health === "up") ? { name, ageSeconds } : { name, gap: "is of unknown health" };
}
