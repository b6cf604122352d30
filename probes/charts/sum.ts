/** The sum of what an Oracle environment would hold: its releases rendered, its Terraform evaluated. */
import type { Plan, PlannedBesides } from "../../environments/plan.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { parseQuantity } from "../kubernetes/quantity.ts";
import { readPlan, type TerraformPlan } from "../terraform/plan.ts";
import { footprintOf, type Asked, type Footprint } from "./footprint.ts";
import { times } from "./pod-request.ts";
import { renderRelease, type HelmProgram } from "./render.ts";

export type PlannedSum = {
  readonly environment: Plan["environment"];
  readonly terraform: Reading<TerraformPlan>;
  /** One reading a release; besides the charts of this project come the stated ones, as one. */
  readonly parts: readonly { readonly name: string; readonly footprint: Reading<Footprint> }[];
};

/** Renders and evaluates; nothing outside of this machine is asked. */
export async function readPlannedSum(helm: HelmProgram, plan: Plan, now: Date): Promise<PlannedSum> {
  const { environment, releases, besides } = plan;
  const terraform = await readPlan(
    plan.terraform.folder,
    { variableFiles: plan.terraform.variableFiles, values: {} },
    now,
  );
  const nodes = nodesOf(terraform, now);
  const parts: PlannedSum["parts"][number][] = [];
  for (const release of releases) {
    const rendered = await renderRelease(helm, release, now);
    parts.push({ name: release.name, footprint: summed(rendered, nodes, release.namespace) });
  }
  if (besides.length > 0) parts.push({ name: "besides", footprint: statedOf(besides, nodes, now) });
  return { environment, terraform, parts };
}

/** How many nodes there would be: DaemonSets count once on each. */
export function nodesOf(terraform: Reading<TerraformPlan>, now: Date): Reading<number> {
  if (!terraform.ok) return terraform;
  const { nodePools } = terraform.value;
  if (!nodePools.ok) return nodePools;
  const nodes = nodePools.value.reduce((total, pool) => total + pool.nodes, 0);
  return Number.isFinite(nodes) ? read(nodes, nodePools.source, now) : unread("no number", nodePools.source, now);
}

function summed(
  rendered: Awaited<ReturnType<typeof renderRelease>>,
  nodes: Reading<number>,
  namespace: string,
): Reading<Footprint> {
  if (!rendered.ok) return rendered;
  if (!nodes.ok) return nodes;
  return { ...rendered, value: footprintOf(rendered.value, { nodes: nodes.value, namespace }) };
}

function statedOf(besides: readonly PlannedBesides[], nodes: Reading<number>, now: Date): Reading<Footprint> {
  if (!nodes.ok) return nodes;
  const rows = besides.map((one): Asked => {
    const copies = one.everyNode ? nodes.value : 1;
    // What is no quantity becomes NaN, which no judgement takes for within a limit.
    const amount = { cpu: parseQuantity(one.cpu) ?? Number.NaN, memory: parseQuantity(one.memory) ?? Number.NaN };
    return {
      what: one.name,
      pods: copies,
      amount: times(amount, copies),
      claims: Array.from({ length: one.claims }, () => 0),
      loadBalancers: 0,
    };
  });
  return read({ rows, gaps: [] }, "stated in environments/plan.ts", now);
}
