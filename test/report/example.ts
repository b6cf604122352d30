/** A catalogue and a ledger made by code, of the size and the mixture of a real staging run: what the report tests and people look at. */
import { z } from "zod";
import type { Criterion, Limit } from "../../harness/criterion.ts";
import type { Ledger, LedgerRun } from "../../harness/ledger.ts";
import { fail, pass, read, unproven, type Fact, type NonEmpty, type Verdict } from "../../harness/verdict.ts";
import { buildLedger, type LedgerInput } from "../../reporters/ledger.ts";

export const exampleNow = new Date("2026-11-21T04:12:09.000Z");

const everywhere: Criterion["scope"] = {
  local: { in: true },
  kind: { in: true },
  "oke-staging": { in: true },
  "oke-production": { in: true },
};

/** A criterion that is in scope everywhere and has a check, unless told otherwise. */
export function exampleCriterion(id: string, changes: Partial<Criterion> = {}): Criterion {
  return {
    id,
    suite: "infra",
    area: "Cluster",
    must: `The part called ${id} MUST hold.`,
    limits: [],
    evidence: { samplesMin: 1, ageSecondsMax: 300 },
    severity: "normal",
    sources: [{ document: "roadmap", section: "Technical Metrics", quote: `${id} is healthy` }],
    scope: everywhere,
    check: "infra/example",
    ...changes,
  };
}

/** A criterion that nothing checks yet. */
export function uncheckedCriterion(id: string, changes: Partial<Criterion> = {}): Criterion {
  const { check: _check, ...rest } = exampleCriterion(id, changes);
  return rest;
}

export const exampleRun: LedgerRun = {
  id: "20261121T041030-oke-staging-4f1c",
  command: "gate",
  env: "oke-staging",
  clusterUid: "0f8a4c1e-6f0b-4b52-9a75-8d0f2c6f7c11",
  startedAt: "2026-11-21T04:10:30.000Z",
  finishedAt: exampleNow.toISOString(),
  gitSha: "b3c9a5f0c1de4b7a9f0e6d2c8a1b5f4e7d3c2b1a",
  versions: { node: "24.21.0", kubernetes: "v1.34.1" },
  notes: [],
};

/** One fact, fresh at `exampleNow`. */
export function exampleFact(what: string, value: Fact["value"], more: Partial<Fact> = {}): Fact {
  return { what, value, source: "nodes/worker-1", at: new Date(exampleNow.getTime() - 20_000).toISOString(), ...more };
}

/** The input of a finished run on the cluster it expected, in which nothing was recorded. */
export function exampleInput(changes: Partial<LedgerInput> = {}): LedgerInput {
  return {
    catalogue: [],
    environment: "oke-staging",
    run: exampleRun,
    selected: "all",
    verdicts: new Map(),
    notRunBecause: (id) => `the check of ${id} ended without leaving a verdict`,
    identity: read({ uid: exampleRun.clusterUid ?? "" }, "namespace kube-system", exampleNow),
    now: exampleNow,
    ...changes,
  };
}

/** area | suite | id | MUST sentence | what is measured | comparison | limit | unit | measured in the first round | measured later */
const table = `
Cluster | infra | nodes-healthy | Every node MUST be Ready and under no pressure. | | | | | 3 | 3
Cluster | infra | node-count | The cluster MUST have three nodes. | nodes | exactly | 3 | nodes | 3 | 3
Cluster | infra | cpu-below-limit | Each node's CPU MUST stay below 70 %. | CPU | below | 70 | % | 61.4 | 52.7
Cluster | infra | memory-below-limit | Each node's memory MUST stay below 75 %. | memory | below | 75 | % | 82.1 | 68.3
Workloads | infra | pods-running | Every pod MUST run with 0 restarts. | restarts | exactly | 0 | restarts | 0 | 0
Ingress | infra | certificates-valid | Every certificate MUST be valid for 21 days more. | days left | at least | 21 | days | 64 | 88
Ingress | infra | ingress-https-routed | Every host and path MUST reach its own backend by HTTPS. | | | | | 8 | 8
Storage | infra | volumes-below-limit | Each volume MUST be below 80 % full. | used | below | 80 | % | 43 | 71
Latency | performance | api-latency-p95 | The API's p95 latency MUST be at most 200 ms. | p95 | at most | 200 | ms | 148.2 | 97.4
Latency | performance | api-latency-p99 | The API's p99 latency MUST be at most 500 ms. | p99 | at most | 500 | ms | 612.9 | 301.5
Throughput | performance | concurrent-users | The API MUST serve 100 users at once. | users | at least | 100 | users | 250 | 500
Isolation | security | tenants-isolated | One tenant MUST NOT read another's data. | leaks | exactly | 0 | leaks | 0 | 0
Network policy | security | default-deny | Traffic that nothing allows MUST be blocked. | open paths | exactly | 0 | paths | 0 | 0
Backup | dr | restore-within-limit | A restore MUST take less than two hours. | restore | below | 7200 | s | 1834 | 2410
Cost | infra | cost-zero | The tenancy MUST cost 0 USD a month. | cost | exactly | 0 | USD a month | 0 | 0`;

const rowSchema = z
  .tuple([
    z.string(),
    z.enum(["infra", "performance", "security", "dr"]),
    z.string(),
    z.string(),
    z.string(),
    z.enum(["at most", "at least", "exactly", "below", ""]),
    z.coerce.number(),
    z.string(),
    z.coerce.number(),
    z.coerce.number(),
  ])
  .transform(([area, suite, topic, must, what, comparison, value, unit, first, later]) => {
    const bound: Limit | undefined = comparison === "" ? undefined : { what, comparison, value, unit };
    return { area, suite, topic, must, bound, first, later };
  });

const rows = table
  .trim()
  .split("\n")
  .map((line) => rowSchema.parse(line.split("|").map((cell) => cell.trim())));

function rowOf(index: number): z.infer<typeof rowSchema> {
  const row = rows[index % rows.length];
  if (row === undefined) throw new Error("the example has no rows");
  return row;
}

/** Ninety criteria in the areas of the table; the first round as written, later rounds as numbered siblings, half of them without a check. */
export function exampleCatalogue(): readonly Criterion[] {
  return Array.from({ length: 90 }, (_unused, index) => {
    const { area, suite, topic, must, bound } = rowOf(index);
    const round = Math.floor(index / rows.length);
    const severity = (["blocker", "critical", "normal", "minor"] as const)[(index * 7) % 4] ?? "normal";
    const id = round === 0 ? topic : `${topic}-${round + 1}`;
    const changes: Partial<Criterion> = { area, suite, must, severity, limits: bound === undefined ? [] : [bound] };
    if (round === 5) {
      const scope = { ...everywhere, "oke-staging": { in: false, why: "needs the production tenancy" } as const };
      return exampleCriterion(id, { ...changes, scope });
    }
    return round < 3 ? exampleCriterion(id, changes) : uncheckedCriterion(id, changes);
  });
}

/** The verdict that the example gives a criterion: two fails, a gap now and then, else pass. */
export function exampleVerdict(index: number): Verdict {
  const { topic, bound, first, later } = rowOf(index);
  const measured = index < rows.length ? first : later;
  const shown =
    bound === undefined ? {} : { unit: bound.unit, limit: `${bound.comparison} ${String(bound.value)} ${bound.unit}` };
  const facts: NonEmpty<Fact> = [
    exampleFact(bound?.what ?? topic, measured, {
      ...shown,
      source: "health-platform/health-api",
      file: `${topic}.json`,
    }),
    exampleFact("objects looked at", 12, { unit: "objects" }),
    exampleFact("detector shown to fail in this run", true),
  ];
  if (index === 3) return fail("node worker-2 uses 82.1 % of its memory, the limit is below 75 %", facts);
  if (index === 9) return fail("p99 of 612.9 ms over 4,210 requests, at most 500 ms are allowed", facts);
  if (index % 11 === 7) {
    return unproven("metrics.k8s.io answered 403 Forbidden: the harness may not read node metrics", []);
  }
  return pass(`${bound?.what ?? topic} within the limit on all 12 objects`, facts);
}

/** The ledger of the example's run: fails, gaps and passes, two checks that left no verdict, and forty-five criteria out of scope. */
export function exampleLedger(changes: Partial<LedgerInput> = {}): Ledger {
  const catalogue = exampleCatalogue();
  const verdicts = new Map(
    catalogue
      .map(
        (criterion, index) =>
          [criterion.id, { verdict: exampleVerdict(index), durationMs: 300 + index * 137 }] as const,
      )
      .filter((_entry, index) => index % 20 !== 13),
  );
  return buildLedger(exampleInput({ catalogue, verdicts, ...changes }));
}
