import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { Footprint } from "../../probes/charts/footprint.ts";
import type { PlannedSum } from "../../probes/charts/sum.ts";
import { allowance202105, allowance202606 } from "../../probes/terraform/allowance.ts";
import type { TerraformPlan } from "../../probes/terraform/plan.ts";
import { judgeRequestsFit } from "./allowance.judge.ts";

const now = new Date("2026-11-22T04:00:00.000Z");
const reading = <T>(value: T): Reading<T> => read(value, "a test", now);
const missing = unread<never>("it is not written", "a test", now);
const gib = 2 ** 30;

function terraform(changes: Partial<TerraformPlan> = {}): TerraformPlan {
  return {
    nodePools: reading([]),
    ocpusTotal: reading(2),
    memoryGbTotal: reading(12),
    bootVolumeGbTotal: reading(100),
    blockVolumeGbTotal: reading(0),
    volumeClaims: reading(1),
    clusterTypes: reading([]),
    loadBalancer: reading({ declared: 0, shape: "flexible", mbpsMin: 10, mbpsMax: 10 }),
    vcns: reading(1),
    paidResourceTypes: reading([]),
    budgets: reading([]),
    quota: reading([]),
    buckets: reading([]),
    openings: reading([]),
    remoteState: reading({ backend: "s3", locked: true }),
    secretsInVariables: reading([]),
    ...changes,
  };
}

type Row = Footprint["rows"][number];
const row = (changes: Partial<Row> = {}): Row => ({
  what: "Deployment a/b",
  pods: 1,
  amount: { cpu: 2, memory: 12 * gib },
  claims: [gib],
  loadBalancers: 1,
  ...changes,
});

function plan(rows: readonly Row[], gaps: readonly string[] = [], changes: Partial<TerraformPlan> = {}): PlannedSum {
  const footprint = reading({ rows, gaps });
  return { environment: "oke-staging", terraform: reading(terraform(changes)), parts: [{ name: "all", footprint }] };
}

test.each<readonly [string, PlannedSum, Outcome, RegExp]>([
  ["everything at its limit", plan([row()]), "pass", /^oke-staging fit always-free-2026-06/],
  [
    "a thousandth of a core more",
    plan([row({ amount: { cpu: 2.001, memory: gib } })]),
    "fail",
    /^oke-staging: processors requested: 2.001 OCPU, 2 at most$/,
  ],
  [
    "a byte more",
    plan([row({ amount: { cpu: 1, memory: 12 * gib + 1 } })]),
    "fail",
    /memory requested: 12.001 GB, 12 at most$/,
  ],
  ["a second balancer", plan([row({ loadBalancers: 2 })]), "fail", /load balancers: 2/],
  [
    "one of Terraform's beside",
    plan([row()], [], { loadBalancer: reading({ declared: 1, shape: "f", mbpsMin: 10, mbpsMax: 10 }) }),
    "fail",
    /load balancers: 2/,
  ],
  ["two small claims", plan([row({ claims: [gib, gib] })], [], { volumeClaims: reading(2) }), "pass", /fit/],
  [
    "three small claims",
    plan([row({ claims: [gib, gib, gib] })], [], { volumeClaims: reading(3) }),
    "fail",
    /claims: 250 GB, 200 at most$/,
  ],
  ["a claim of 100 GB", plan([row({ claims: [100 * gib] })]), "pass", /fit/],
  ["a claim of a byte more", plan([row({ claims: [100 * gib + 1] })]), "fail", /201 GB/],
  ["a volume of Terraform's beside", plan([row()], [], { blockVolumeGbTotal: reading(51) }), "fail", /201 GB/],
  [
    "claims that Terraform was not told of",
    plan([row({ claims: [] })]),
    "fail",
    /make 0 volume claims, Terraform's volume_claims says 1/,
  ],
  [
    "nodes larger than the allowance",
    plan([row()], [], { ocpusTotal: reading(4) }),
    "fail",
    /processors of the nodes: 4 OCPU, 2 at most/,
  ],
  [
    "more memory than the allowance",
    plan([row()], [], { memoryGbTotal: reading(24) }),
    "fail",
    /memory of the nodes: 24 GB, 12 at most/,
  ],
  [
    "nodes smaller than what is asked for",
    plan([row()], [], { ocpusTotal: reading(1) }),
    "fail",
    /processors requested: 2 OCPU, 1 at most/,
  ],
  ["an object that could not be summed", plan([row()], ["Farm a/b: what it makes is not known"]), "unproven", /Farm/],
  ["nothing asked for", plan([], [], { volumeClaims: reading(0) }), "unproven", /ask for nothing/],
  [
    "a sum that is no number",
    plan([row({ amount: { cpu: Number.NaN, memory: 1 } })]),
    "unproven",
    /processors requested: not known/,
  ],
  ...(
    ["ocpusTotal", "memoryGbTotal", "bootVolumeGbTotal", "blockVolumeGbTotal", "volumeClaims", "loadBalancer"] as const
  ).map(
    (field) =>
      [`${field} not known`, plan([row()], [], { [field]: missing }), "unproven", /it is not written/] as const,
  ),
  ["Terraform not readable", { ...plan([row()]), terraform: missing }, "unproven", /it is not written/],
  [
    "a chart that does not render",
    { ...plan([row()]), parts: [{ name: "all", footprint: missing }] },
    "unproven",
    /all: it is not written/,
  ],
])("%s", (_, planned, outcome, because) => {
  const verdict = judgeRequestsFit([planned], allowance202606, now);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("each environment is judged, and none is no pass", () => {
  const production = { ...plan([row({ loadBalancers: 2 })]), environment: "oke-production" as const };
  expect(judgeRequestsFit([plan([row()]), production], allowance202606, now)).toMatchObject({
    outcome: "fail",
    because: "oke-production: load balancers: 2 load balancers, 1 at most",
  });
  expect(judgeRequestsFit([], allowance202606, now).outcome).toBe("unproven");
});

test("the allowance decides: the roadmap's nodes fitted until June 2026", () => {
  const roadmap = plan([row()], [], { ocpusTotal: reading(4), memoryGbTotal: reading(24) });
  expect(judgeRequestsFit([roadmap], allowance202105, now).outcome).toBe("pass");
  expect(judgeRequestsFit([roadmap], allowance202606, now).outcome).toBe("fail");
});
