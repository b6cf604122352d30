/** One line of the ledger. */
import type { Criterion, Scope, Source } from "../harness/criterion.ts";
import type { LedgerLine, Measured } from "../harness/ledger.ts";
import type { Fact, Verdict } from "../harness/verdict.ts";

/** The reason of a criterion in scope that `--suite` or `--criterion` left out. */
export const notAskedFor = "not asked for in this run";

/** Facts kept of one verdict; judges put the faulty objects first. */
export const factsKeptAtMost = 200;

/** The line of one criterion; `measured` and `evidence` are two views of the same facts, in the same order. */
export function lineOf(criterion: Criterion, scope: Scope, verdict: Verdict, durationMs: number): LedgerLine {
  const facts = verdict.evidence.slice(0, factsKeptAtMost);
  const left = verdict.evidence.length - facts.length;
  return {
    id: criterion.id,
    must: criterion.must,
    suite: criterion.suite,
    area: criterion.area,
    severity: criterion.severity,
    source: criterion.sources.map(sourceText),
    scope: scope.in ? "in" : "out",
    outcome: verdict.outcome,
    because:
      left > 0
        ? `${verdict.because} (${facts.length} of ${verdict.evidence.length} facts are kept here)`
        : verdict.because,
    measured: facts.map(measuredOf),
    evidence: facts.map(({ what, source, at, file }) => ({
      what,
      source,
      at,
      ...(file === undefined ? {} : { file }),
    })),
    durationMs,
  };
}

/** `roadmap, Technical Metrics: "Cluster Status: All nodes healthy"` */
export function sourceText(source: Source): string {
  return `${source.document}, ${source.section}: "${source.quote}"`;
}

/** JSON has no NaN: a number that is none is kept as its name, so that it cannot come back as nothing or as 0. */
function measuredOf(fact: Fact): Measured {
  const value = typeof fact.value === "number" && !Number.isFinite(fact.value) ? String(fact.value) : fact.value;
  return { what: fact.what, value, unit: fact.unit ?? "", ...(fact.limit === undefined ? {} : { limit: fact.limit }) };
}
