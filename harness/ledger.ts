/** The ledger: one line a criterion of the catalogue, whatever was asked for. Schema version 1. */
import type { Suite } from "./criterion.ts";
import type { Outcome } from "./verdict.ts";

export type Measured = {
  readonly what: string;
  readonly value: number | string | boolean;
  readonly unit: string;
  readonly limit?: string;
};

export type Evidence = { readonly what: string; readonly source: string; readonly at: string; readonly file?: string };

export type LedgerLine = {
  readonly id: string;
  readonly must: string;
  readonly suite: Suite;
  readonly area: string;
  readonly severity: "blocker" | "critical" | "normal" | "minor";
  readonly source: readonly string[];
  readonly scope: "in" | "out";
  readonly outcome: Outcome;
  readonly because: string;
  readonly measured: readonly Measured[];
  readonly evidence: readonly Evidence[];
  readonly durationMs: number;
};

export type LedgerRun = {
  readonly id: string;
  readonly command: string;
  readonly env: string;
  /** Null where the cluster's identity could not be read: then nothing in the ledger is a pass. */
  readonly clusterUid: string | null;
  readonly startedAt: string;
  /** Null while the run goes on, or where it was cut off. */
  readonly finishedAt: string | null;
  readonly gitSha: string;
  readonly versions: Readonly<Record<string, string>>;
  /** What must be known beside the criteria: why a gate refuses, what broke in the harness. Empty after an ordinary run. */
  readonly notes: readonly string[];
};

export type Ledger = {
  readonly schemaVersion: 1;
  readonly run: LedgerRun;
  readonly verdict: "go" | "no-go" | "not-proven";
  readonly exitCode: number;
  readonly criteria: readonly LedgerLine[];
};
