/** From verdicts to the ledger: walks the catalogue, never the results, so that nothing can go missing in silence. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import {
  noCheckYet,
  notBeforeCutover,
  scopeOf,
  waitsForCutover,
  type Criterion,
  type EnvironmentName,
  type Scope,
} from "../harness/criterion.ts";
import type { Ledger, LedgerLine, LedgerRun } from "../harness/ledger.ts";
import { unproven, worst, type Outcome, type Reading, type Verdict } from "../harness/verdict.ts";
import { lineOf, notAskedFor } from "./ledger-line.ts";
import { ledgerSchema } from "./ledger-schema.ts";
import { weigh } from "./weigh.ts";
import { writeReport } from "./write-report.ts";

export type LedgerInput = {
  readonly catalogue: readonly Criterion[];
  readonly environment: EnvironmentName;
  readonly run: LedgerRun;
  /** Ids of the criteria that the run was asked to check. */
  readonly selected: readonly string[] | "all";
  /** It is a gate before the cutover: what can be known only after it is out of scope and named, unless it was seen to fail. */
  readonly isBeforeCutover?: boolean;
  readonly verdicts: ReadonlyMap<string, { readonly verdict: Verdict; readonly durationMs: number }>;
  /** Why a selected criterion has no verdict. */
  readonly notRunBecause: (id: string) => string;
  /** Which cluster answered. Without it nothing is a pass. */
  readonly identity: Reading<{ readonly uid: string }>;
  /** What broke in the harness itself: exit code 3, and never "go". */
  readonly harnessError?: string;
  /** Why nobody may say yes however well the checks went, a sentence each: notes, and never "go" nor exit code 0. */
  readonly refusals?: readonly string[];
  /** A watch that was asked for before the checks: it counts in the exit code as a criterion does, and its sentence is a note. Without its pass never "go". */
  readonly soak?: { readonly outcome: Outcome; readonly told: string };
  /** Exit code of the signal that ended the run: it goes before any other, and never "go". */
  readonly interruptedExitCode?: number;
  readonly now: Date;
};

/**
 * One line a criterion of the catalogue, a verdict over the whole scope and an exit code over what was asked for.
 * Exit code: that of a signal; else 3 harness error; else 1 something asked for failed; else 2 something asked for is unproven, nothing
 * was asked for, the yes is refused, or the run has not finished; else 0. The verdict is "go" only where every criterion in scope passed
 * in a finished run that nothing speaks against.
 */
export function buildLedger(input: LedgerInput): Ledger {
  const asked = input.selected === "all" ? undefined : new Set(input.selected);
  const criteria: LedgerLine[] = [];
  const askedOutcomes: Outcome[] = input.soak === undefined ? [] : [input.soak.outcome];
  for (const criterion of input.catalogue) {
    const scope = scopeIn(criterion, input);
    const isAsked = scope.in && (asked === undefined || asked.has(criterion.id) || waits(criterion, input));
    const line = lineOf(
      criterion,
      scope,
      settle(criterion, scope, isAsked, input),
      durationOf(criterion.id, isAsked, input),
    );
    criteria.push(line);
    if (isAsked) askedOutcomes.push(line.outcome);
  }
  const finished = input.run.finishedAt !== null;
  const { harnessError, refusals = [], interruptedExitCode, soak } = input;
  const undisturbed = harnessError === undefined && interruptedExitCode === undefined;
  const mayPass = finished && refusals.length === 0 && (soak === undefined || soak.outcome === "pass");
  return {
    schemaVersion: 1,
    run: {
      ...input.run,
      notes: [
        ...(soak === undefined ? [] : [soak.told]),
        ...input.run.notes,
        ...criteria.flatMap(({ id, because }) => (because === notBeforeCutover ? [`${id}: ${notBeforeCutover}`] : [])),
        ...refusals,
        ...(harnessError === undefined ? [] : [harnessError]),
      ],
    },
    verdict: verdictOf(criteria, mayPass && undisturbed),
    exitCode: interruptedExitCode ?? (harnessError === undefined ? exitCodeOf(worst(askedOutcomes), mayPass) : 3),
    criteria,
  };
}

/** Whether this run leaves a criterion to one after the cutover. */
function waits(criterion: Criterion, { isBeforeCutover = false, environment }: LedgerInput): boolean {
  return isBeforeCutover && waitsForCutover(criterion, environment);
}

/** A failure is never passed over, whether or not the run asked for it; a pass or a gap of what waits for the cutover counts for nothing before it. */
function scopeIn(criterion: Criterion, input: LedgerInput): Scope {
  const hasFailed = input.verdicts.get(criterion.id)?.verdict.outcome === "fail";
  if (waits(criterion, input) && !hasFailed) return { in: false, why: notBeforeCutover };
  return scopeOf(criterion, input.environment);
}

/** The verdict that counts for one criterion, whatever was recorded for it. */
function settle(criterion: Criterion, scope: Scope, isAsked: boolean, input: LedgerInput): Verdict {
  if (!scope.in) return unproven(scope.why);
  if (!isAsked) return unproven(notAskedFor);
  const recorded = input.verdicts.get(criterion.id);
  if (recorded === undefined) return unproven(input.notRunBecause(criterion.id));
  return weigh(recorded.verdict, {
    rule: criterion.evidence,
    identity: input.identity,
    clusterUid: input.run.clusterUid,
    now: input.now,
  });
}

function durationOf(id: string, isAsked: boolean, input: LedgerInput): number {
  const durationMs = isAsked ? (input.verdicts.get(id)?.durationMs ?? 0) : 0;
  return Number.isFinite(durationMs) && durationMs > 0 ? durationMs : 0;
}

function verdictOf(criteria: readonly LedgerLine[], sound: boolean): Ledger["verdict"] {
  const outcome = worst(criteria.filter((line) => line.scope === "in").map((line) => line.outcome));
  if (outcome === "fail") return "no-go";
  return outcome === "pass" && sound ? "go" : "not-proven";
}

function exitCodeOf(outcome: LedgerLine["outcome"], mayPass: boolean): number {
  if (outcome === "fail") return 1;
  return outcome === "pass" && mayPass ? 0 : 2;
}

/**
 * The ledger of a run whose reports could not all be written: exit code 3 in place of 0, never "go", and each reason a note,
 * so that what stands on disk and the exit code say the same.
 * @param failed one line a report that is missing
 */
export function withoutReports(ledger: Ledger, failed: readonly string[]): Ledger {
  return {
    ...ledger,
    run: { ...ledger.run, notes: [...ledger.run.notes, ...failed.map((line) => `Report not written: ${line}`)] },
    verdict: ledger.verdict === "go" ? "not-proven" : ledger.verdict,
    exitCode: ledger.exitCode === 0 ? 3 : ledger.exitCode,
  };
}

/** The name of the ledger's file in a run's folder. */
export const ledgerFileName = "ledger.json";

/** Writes `ledger.json` at once or not at all; a ledger that contradicts itself is refused before it is on disk. */
export function writeLedger(ledger: Ledger, directory: string): void {
  writeReport(directory, ledgerFileName, `${JSON.stringify(ledgerSchema.parse(ledger), undefined, 2)}\n`);
}

/**
 * Reads a ledger and refuses one that contradicts itself.
 * @throws Error that names the file and what is wrong with it, with the cause
 */
export function readLedger(file: string): Ledger {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`ledger ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  const ledger = ledgerSchema.safeParse(parsed);
  if (ledger.success) return ledger.data;
  const why = z
    .prettifyError(ledger.error)
    .replaceAll(/\s*\n\s*/g, " ")
    .slice(0, 500);
  throw new Error(`ledger ${file} is not a ledger of schema version 1: ${why}`, { cause: ledger.error });
}

export type Headline = {
  readonly total: number;
  readonly inScope: number;
  readonly passed: number;
  readonly failed: number;
  readonly unproven: number;
  readonly outOfScope: number;
  /** Of those out of scope: nobody wrote a check yet. */
  readonly noCheckYet: number;
  /** Of those out of scope: a gate before the cutover leaves them to one after it. */
  readonly notBeforeCutover: number;
  /** "12 of 84 criteria in scope: 11 passed, 0 failed, 1 unproven (72 out of scope, 70 of them without a check yet)" */
  readonly text: string;
};

/** The numbers that every report opens with. */
export function headline(ledger: Ledger): Headline {
  const inside = ledger.criteria.filter((line) => line.scope === "in");
  const outside = ledger.criteria.filter((line) => line.scope === "out");
  const count = (outcome: LedgerLine["outcome"]): number => inside.filter((line) => line.outcome === outcome).length;
  const because = (reason: string): number => outside.filter((line) => line.because === reason).length;
  const numbers = {
    total: ledger.criteria.length,
    inScope: inside.length,
    passed: count("pass"),
    failed: count("fail"),
    unproven: count("unproven"),
    outOfScope: outside.length,
    noCheckYet: because(noCheckYet),
    notBeforeCutover: because(notBeforeCutover),
  };
  const { total, inScope, passed, failed, outOfScope } = numbers;
  const text =
    `${inScope} of ${total} criteria in scope: ${passed} passed, ${failed} failed, ${numbers.unproven} unproven` +
    ` (${outOfScope} out of scope, ${numbers.noCheckYet} of them without a check yet` +
    (numbers.notBeforeCutover === 0 ? ")" : `, ${numbers.notBeforeCutover} only after the cutover)`);
  return { ...numbers, text };
}
