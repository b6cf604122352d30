/** Autoscalers: able to work, and bounded by what is free. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Autoscaler, ScaleTarget } from "../../probes/kubernetes/autoscalers.ts";
import type { Allowance } from "../../probes/terraform/allowance.ts";

export type AutoscalerReadings = {
  readonly autoscalers: Reading<readonly Autoscaler[]>;
  readonly targets: Reading<readonly ScaleTarget[]>;
};

const nameOf = ({ namespace, name }: Autoscaler): string => `autoscaler ${namespace}/${name}`;
const none = "no autoscaler was found: there is nothing to judge";
/** metrics-server looks every 15 s and needs two looks, the controller comes by every 15 s. */
const firstLookSecondsMax = 120;

/** Every autoscaler has a target that exists, says that it can scale it, and has a value for each of its rules. */
export function judgeAutoscalersReady({ autoscalers, targets }: AutoscalerReadings, now: Date): Verdict {
  if (!autoscalers.ok) return unproven(autoscalers.why);
  if (!targets.ok) return unproven(targets.why);
  const { source, at } = autoscalers;
  const found = autoscalers.value.map((one) => ({
    one,
    wrong: wrongWith(one, targets.value),
    hasTarget: targetOf(one, targets.value) !== undefined,
  }));
  const ill = found.filter(({ wrong }) => wrong.length > 0);
  // Not yet and not at all differ: one that was just made has had no time to measure.
  const isFresh = ({ createdAt }: Autoscaler): boolean =>
    !(now.getTime() - Date.parse(createdAt) > firstLookSecondsMax * 1000);
  const fresh = ill.filter(({ one, hasTarget }) => hasTarget && isFresh(one));
  const faulty = ill.filter((each) => !fresh.includes(each));
  return conclude({
    faults: faulty.map(({ one, wrong }) => `${nameOf(one)} ${wrong.join(", ")}`),
    gaps: [
      ...fresh.map(({ one, wrong }) => `${nameOf(one)} was made at ${one.createdAt}, and ${wrong.join(", ")} as yet`),
      ...(found.length === 0 ? [none] : []),
    ],
    facts: [
      ...faulty.map(({ one, wrong }): Fact => ({
        what: nameOf(one),
        value: wrong.join(", "),
        limit: "ready",
        source,
        at,
      })),
      {
        what: "autoscalers without a target or without a current metric",
        value: ill.length,
        unit: "autoscalers",
        limit: `0 of ${found.length}`,
        source,
        at,
      },
    ],
    held: `${found.length} autoscalers have their target and a current value for each rule`,
  });
}

function targetOf({ namespace, target }: Autoscaler, targets: readonly ScaleTarget[]): ScaleTarget | undefined {
  return targets.find((one) => one.kind === target.kind && one.namespace === namespace && one.name === target.name);
}

/** Ends of a sentence that begins with the autoscaler's name. */
function wrongWith(one: Autoscaler, targets: readonly ScaleTarget[]): string[] {
  const { kind, name } = one.target;
  if (targetOf(one, targets) === undefined) return [`has no target: there is no ${kind} ${name}`];
  const conditions = ["AbleToScale", "ScalingActive"].flatMap((type) => {
    const condition = one.conditions.find((each) => each.type === type);
    if (condition?.status === "True") return [];
    return [
      condition === undefined ? `does not say ${type}` : `says ${type} ${condition.status} (${condition.reason})`,
    ];
  });
  const silent = one.rules.filter((rule) => !one.measured.includes(rule)).map((rule) => `has no value of ${rule}`);
  return [...conditions, ...silent, ...(one.rules.length === 0 ? ["has no rule"] : [])];
}

const gib = 2 ** 30;

/**
 * All autoscalers at their maximum together ask for no more than the allowance grants, and an autoscaler of nodes has a bound of its own that it carries:
 * a node has one processor at least. A target whose pods ask for nothing has no bound that can be held against anything.
 */
export function judgeAutoscalingBounded({ autoscalers, targets }: AutoscalerReadings, allowance: Allowance): Verdict {
  if (!autoscalers.ok) return unproven(autoscalers.why);
  if (!targets.ok) return unproven(targets.why);
  const { source, at } = autoscalers;
  const most = autoscalers.value.map((one) => {
    const target = targetOf(one, targets.value);
    const amount = target?.amount ?? { cpu: Number.NaN, memory: Number.NaN };
    return { one, target, cpu: amount.cpu * one.replicasMax, memoryGb: (amount.memory * one.replicasMax) / gib };
  });
  const known = most.filter(({ target }) => target !== undefined && target.unknown.length === 0);
  const cpu = known.reduce((sum, each) => sum + each.cpu, 0);
  const memoryGb = known.reduce((sum, each) => sum + each.memoryGb, 0);
  const over = cpu > allowance.ocpus || memoryGb > allowance.memoryGb;
  const largest = known
    .toSorted((left, right) => right.cpu - left.cpu || right.memoryGb - left.memoryGb)
    .slice(0, 3)
    .map(
      (each) =>
        `${each.one.namespace}/${each.one.name} ${each.one.replicasMax} pods, ${shown(each.cpu)} OCPU, ${shown(each.memoryGb)} GB`,
    );
  const facts: Fact[] = [
    {
      what: "processors of all autoscalers at their maximum",
      value: shown(cpu),
      unit: "OCPU",
      limit: `at most ${allowance.ocpus}`,
      source,
      at,
    },
    {
      what: "memory of all autoscalers at their maximum",
      value: shown(memoryGb),
      unit: "GB",
      limit: `at most ${allowance.memoryGb}`,
      source,
      at,
    },
  ];
  return conclude({
    faults: [
      ...(over
        ? [
            `all autoscalers at their maximum ask for ${shown(cpu)} OCPU and ${shown(memoryGb)} GB, of ${allowance.ocpus} and ${allowance.memoryGb}: ${largest.join("; ")}`,
          ]
        : []),
      ...targets.value.flatMap((target) => unboundedNodes(target, allowance)),
    ],
    gaps: [
      ...most.flatMap(({ one, target }) =>
        target === undefined
          ? [`${nameOf(one)} has no target to take its pods' requests from`]
          : target.unknown.map((why) => `${nameOf(one)}: ${why}: its maximum has no size`),
      ),
      ...known
        .filter((each) => !Number.isFinite(each.cpu) || !Number.isFinite(each.memoryGb))
        .map(({ one }) => `${nameOf(one)}: what its pods ask for is no quantity: its maximum has no size`),
      ...(most.length === 0 ? [none] : []),
    ],
    facts,
    held: `${most.length} autoscalers ask for ${shown(cpu)} OCPU and ${shown(memoryGb)} GB at their maximum`,
  });
}

/** An autoscaler of nodes, known by its image, and what its bound is. */
function unboundedNodes({ kind, namespace, name, programs }: ScaleTarget, { ocpus }: Allowance): string[] {
  return programs
    .filter(({ image }) => /cluster-autoscaler|karpenter/.test(image))
    .flatMap(({ words }) => {
      const bounds = words.flatMap((word) => /^--nodes=\d+:(\d+):/.exec(word)?.[1] ?? []).map(Number);
      const nodes = bounds.reduce((sum, bound) => sum + bound, 0);
      if (bounds.length === 0) return [`${kind} ${namespace}/${name} adds nodes without a bound (--nodes)`];
      return nodes > ocpus ? [`${kind} ${namespace}/${name} may make ${nodes} nodes, ${ocpus} are free at most`] : [];
    });
}

/** Three decimals, upwards. */
function shown(value: number): number {
  return Math.ceil(Number((value * 1000).toFixed(6))) / 1000;
}
