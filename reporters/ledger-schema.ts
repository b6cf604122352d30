/** What a ledger file must look like: parsed at the door, and refused where it contradicts itself. */
import { z } from "zod";
import type { Ledger } from "../harness/ledger.ts";

const measured = z.strictObject({
  what: z.string(),
  value: z.union([z.number(), z.string(), z.boolean()]),
  unit: z.string(),
  limit: z.string().exactOptional(),
});

const evidence = z.strictObject({
  what: z.string(),
  source: z.string(),
  at: z.string(),
  file: z.string().exactOptional(),
});

const line = z
  .strictObject({
    id: z.string().min(1),
    must: z.string(),
    suite: z.enum(["infra", "performance", "security", "dr", "attested"]),
    area: z.string(),
    severity: z.enum(["blocker", "critical", "normal", "minor"]),
    source: z.array(z.string()),
    scope: z.enum(["in", "out"]),
    outcome: z.enum(["pass", "fail", "unproven"]),
    because: z.string(),
    measured: z.array(measured),
    evidence: z.array(evidence),
    durationMs: z.number().min(0),
  })
  .refine((row) => row.outcome === "unproven" || row.evidence.length > 0, "a pass or a fail without evidence")
  .refine((row) => row.scope === "in" || row.outcome === "unproven", "an outcome for a criterion that is out of scope");

/** Schema version 1 of `ledger.json`. "go" stands only over a finished run in which every criterion in scope passed. */
export const ledgerSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    run: z.strictObject({
      id: z.string(),
      command: z.string(),
      env: z.string(),
      clusterUid: z.string().nullable(),
      startedAt: z.string(),
      finishedAt: z.string().nullable(),
      gitSha: z.string(),
      versions: z.record(z.string(), z.string()),
      notes: z.array(z.string()),
    }),
    verdict: z.enum(["go", "no-go", "not-proven"]),
    exitCode: z.int().min(0).max(255),
    criteria: z.array(line),
  })
  .refine((ledger) => new Set(ledger.criteria.map(({ id }) => id)).size === ledger.criteria.length, "a criterion twice")
  .refine((ledger) => ledger.verdict !== "go" || mayGo(ledger), "'go' over something that is not proven");

function mayGo(ledger: Ledger): boolean {
  const inside = ledger.criteria.filter((row) => row.scope === "in");
  const proven = inside.length > 0 && inside.every((row) => row.outcome === "pass");
  return proven && ledger.exitCode === 0 && ledger.run.finishedAt !== null && ledger.run.clusterUid !== null;
}
