/** Whether what the charts ask for fits the free allowance, and the nodes that Terraform would make. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Footprint } from "../../probes/charts/footprint.ts";
import type { PlannedSum } from "../../probes/charts/sum.ts";
import type { Allowance } from "../../probes/terraform/allowance.ts";

const gib = 2 ** 30;

/** One line of the sum: what is asked for and the most that may be. A value that is not finite was not measured. */
export type Line = { readonly what: string; readonly unit: string; readonly value: number; readonly most: number };
export type Sum = {
  readonly lines: readonly Line[];
  readonly faults: readonly string[];
  readonly gaps: readonly string[];
};

/**
 * The lines of one environment: processors and memory of the nodes against the allowance, those requested against the smaller of nodes and allowance,
 * volumes with each claim at the driver's smallest size, and load balancers. The claims that Terraform was told of must be those that the charts make.
 */
export function sumOf({ environment, terraform, parts }: PlannedSum, allowance: Allowance): Sum {
  const gaps = parts.flatMap(({ name, footprint }) =>
    (footprint.ok ? footprint.value.gaps : [footprint.why]).map((gap) => `${environment}: ${name}: ${gap}`),
  );
  if (!terraform.ok) return { lines: [], faults: [], gaps: [...gaps, `${environment}: ${terraform.why}`] };
  const { ocpusTotal, memoryGbTotal, bootVolumeGbTotal, blockVolumeGbTotal, volumeClaims, loadBalancer } =
    terraform.value;
  const unread = [ocpusTotal, memoryGbTotal, bootVolumeGbTotal, blockVolumeGbTotal, volumeClaims, loadBalancer];
  const rows = parts.flatMap(({ footprint }) => (footprint.ok ? footprint.value.rows : []));
  const total = (of: (row: Footprint["rows"][number]) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  const claims = rows.flatMap((row) => row.claims);
  const claimGb = claims.reduce((sum, bytes) => sum + Math.max(allowance.volumeClaimGb, Math.ceil(bytes / gib)), 0);
  const cores = valueOf(ocpusTotal);
  const memoryGb = valueOf(memoryGbTotal);
  const lines: Line[] = [
    { what: "processors of the nodes", unit: "OCPU", value: cores, most: allowance.ocpus },
    { what: "memory of the nodes", unit: "GB", value: memoryGb, most: allowance.memoryGb },
    {
      what: "processors requested",
      unit: "OCPU",
      value: rounded(total(({ amount }) => amount.cpu)),
      most: Math.min(cores, allowance.ocpus),
    },
    {
      what: "memory requested",
      unit: "GB",
      value: rounded(total(({ amount }) => amount.memory) / gib),
      most: Math.min(memoryGb, allowance.memoryGb),
    },
    {
      what: "boot volumes, block volumes and claims",
      unit: "GB",
      value: valueOf(bootVolumeGbTotal) + valueOf(blockVolumeGbTotal) + claimGb,
      most: allowance.blockVolumeGb,
    },
    {
      what: "load balancers",
      unit: "load balancers",
      value: total(({ loadBalancers }) => loadBalancers) + (loadBalancer.ok ? loadBalancer.value.declared : Number.NaN),
      most: allowance.loadBalancers,
    },
  ];
  const told = valueOf(volumeClaims);
  return {
    lines,
    faults: [
      ...lines
        .filter(({ value, most }) => value > most)
        .map(({ what, unit, value, most }) => `${environment}: ${what}: ${value} ${unit}, ${most} at most`),
      ...(told === claims.length || Number.isNaN(told) || gaps.length > 0
        ? []
        : [`${environment}: the charts make ${claims.length} volume claims, Terraform's volume_claims says ${told}`]),
    ],
    gaps: [
      ...gaps,
      ...unread.flatMap((reading) => (reading.ok ? [] : [`${environment}: ${reading.why}`])),
      ...lines
        .filter(({ value, most }) => !Number.isFinite(value) || !Number.isFinite(most))
        .map(({ what }) => `${environment}: ${what}: not known`),
      ...(rows.length === 0 ? [`${environment}: the charts ask for nothing: there is nothing to judge`] : []),
    ],
  };
}

/** Every environment fits by itself: a tenancy has one allowance, so that two at once do not. */
export function judgeRequestsFit(sums: readonly PlannedSum[], allowance: Allowance, now: Date): Verdict {
  const found = sums.map((planned) => ({ planned, ...sumOf(planned, allowance) }));
  const lines = found
    .flatMap(({ planned, lines: own }) => own.map((line) => ({ ...line, environment: planned.environment })))
    .toSorted((one, other) => Number(other.value > other.most) - Number(one.value > one.most));
  const facts = lines.map(({ environment, what, value, unit, most }): Fact => ({
    what: `${environment}: ${what}`,
    value,
    unit,
    limit: `at most ${most}`,
    source: `charts and Terraform of ${environment}, ${allowance.name}`,
    at: now.toISOString(),
  }));
  return conclude({
    faults: found.flatMap(({ faults }) => faults),
    gaps: [...found.flatMap(({ gaps }) => gaps), ...(sums.length === 0 ? ["no plan is stated"] : [])],
    facts,
    held: `${sums.map(({ environment }) => environment).join(" and ")} fit ${allowance.name}, each by itself`,
  });
}

function valueOf(reading: Reading<number>): number {
  return reading.ok ? reading.value : Number.NaN;
}

/** Three decimals, upwards: a sum is never shown as less than it is. Floating-point dust is taken off first. */
function rounded(value: number): number {
  return Math.ceil(Number((value * 1000).toFixed(6))) / 1000;
}
