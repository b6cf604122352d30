/** The ledger as metrics: a text file for any collector, and a push where the profile names a Pushgateway. */
import { Gauge, Pushgateway, Registry } from "prom-client";
import { z } from "zod";
import type { Ledger, LedgerLine } from "../harness/ledger.ts";
import { cut, printable } from "./text.ts";
import { writeReport } from "./write-report.ts";

const outcomes = ["pass", "fail", "unproven"] as const;
const verdicts = ["go", "no-go", "not-proven"] as const;
const scopes = ["in", "out"] as const;

/** Columns of a label value, and measured values of one criterion, that are handed on: a gateway keeps every series for ever. */
const labelLengthMax = 120;
const measuredAtMost = 20;

/**
 * Gauges of one run in a registry of their own.
 * A criterion out of scope has an outcome (unproven) and no duration; a value that is no number has no series at all, rather than a 0.
 */
export function toRegistry(ledger: Ledger): Registry {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name, help, labelNames, registers });
  const verdict = gauge("oke_proof_run_verdict", "1 for the verdict of the run, 0 for the others", [
    "command",
    "verdict",
  ]);
  // Only a gate's "go" opens a gate: without the command, that of a `validate` would read the same.
  const { command } = ledger.run;
  for (const name of verdicts) verdict.set({ command, verdict: name }, name === ledger.verdict ? 1 : 0);
  gauge("oke_proof_run_exit_code", "Exit code of the run", []).set(ledger.exitCode);
  const ended = Date.parse(ledger.run.finishedAt ?? "");
  // A pushed value never expires: whoever alerts looks at this first. A run that was cut off has none.
  if (Number.isFinite(ended)) {
    gauge("oke_proof_run_timestamp_seconds", "Unix time at which the run ended", []).set(ended / 1000);
  }
  const criteria = gauge("oke_proof_criteria", "Number of criteria by scope and outcome", ["scope", "outcome"]);
  for (const scope of scopes) {
    for (const outcome of outcomes) {
      const count = ledger.criteria.filter((line) => line.scope === scope && line.outcome === outcome).length;
      criteria.set({ scope, outcome }, count);
    }
  }
  const outcomeOf = gauge("oke_proof_criterion_outcome", "1 for the outcome of the criterion, 0 for the others", [
    "criterion",
    "suite",
    "scope",
    "outcome",
  ]);
  const duration = gauge("oke_proof_criterion_duration_seconds", "How long the check of the criterion took", [
    "criterion",
    "suite",
  ]);
  const measured = gauge("oke_proof_measured", "A measured value", ["criterion", "what", "unit"]);
  for (const line of ledger.criteria) {
    const { id: criterion, suite, scope } = line;
    for (const outcome of outcomes)
      outcomeOf.set({ criterion, suite, scope, outcome }, outcome === line.outcome ? 1 : 0);
    if (scope === "in") duration.set({ criterion, suite }, line.durationMs / 1000);
    setMeasured(measured, line);
  }
  return registry;
}

/** Judges put the faulty objects first: where two values share all labels, the first one is shown. */
function setMeasured(measured: Gauge<"criterion" | "what" | "unit">, line: LedgerLine): void {
  const seen = new Set<string>();
  for (const { what, value, unit } of line.measured.slice(0, measuredAtMost)) {
    const labels = { criterion: line.id, what: bounded(what), unit: bounded(unit) };
    const key = JSON.stringify(labels);
    if (typeof value !== "number" || seen.has(key)) continue;
    seen.add(key);
    measured.set(labels, value);
  }
}

function bounded(value: string): string {
  return cut(printable(value).toWellFormed(), labelLengthMax);
}

/** Writes `metrics.prom` into the run's folder. */
export async function writeMetrics(registry: Registry, directory: string): Promise<void> {
  writeReport(directory, "metrics.prom", await registry.metrics());
}

const answer = z.looseObject({ statusCode: z.number() });

/** The push did not arrive. The reports on disk are not touched by it. */
export class PushFailedError extends Error {
  override name = "PushFailedError";
}

/**
 * Replaces the group {job="oke-proof", environment} at a Pushgateway by this run's metrics.
 * @param url base address of the gateway, without /metrics
 * @throws PushFailedError that names the address, with the cause: refused, answered other than 2xx, or not done within `timeoutMs`
 */
export async function pushMetrics(
  registry: Registry,
  url: string,
  options: { readonly timeoutMs: number; readonly environment: string },
): Promise<void> {
  const { timeoutMs, environment } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  const gateway = new Pushgateway(url, { timeout: timeoutMs, signal }, registry);
  // An answer that has begun and never ends is not an error to the client, even when the request is aborted.
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`not done within ${timeoutMs} ms`)), { once: true });
  });
  try {
    const { resp } = await Promise.race([gateway.push({ jobName: "oke-proof", groupings: { environment } }), late]);
    const { statusCode } = answer.parse(resp);
    if (statusCode < 200 || statusCode > 299) throw new Error(`answered with status ${statusCode}`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new PushFailedError(`metrics not pushed to ${url}: ${why.slice(0, 300)}`, { cause });
  }
}
