/** `oke-proof validate` and, with stricter rules, `oke-proof gate`. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join, relative, resolve } from "node:path";
import { catalogue } from "../criteria/catalogue.ts";
import { loadProfile } from "../environments/load.ts";
import { projectRoot, readSettings } from "../environments/settings.ts";
import type { Ledger } from "../harness/ledger.ts";
import { terminalTable } from "../reporters/terminal.ts";
import { gateRefusals } from "./gate-rules.ts";
import { writeReports } from "./reports.ts";
import { makeRunDirectory, pointLatestAt } from "./run-directory.ts";
import { runChecks, type RunRequest } from "./run.ts";
import { selectCriteria } from "./select.ts";
import { interruptionOf } from "./signals.ts";
import { writeLedger } from "../reporters/ledger.ts";

export type ValidateOptions = {
  readonly env: string;
  readonly suite?: readonly string[];
  readonly criterion?: readonly string[];
  readonly out?: string;
};

/**
 * Runs the checks in scope, writes the reports, prints the table and the verdict line.
 * @returns the exit code of the run
 * @throws UsageError for bad input and for the wrong cluster
 */
export async function validate(
  command: "validate" | "gate",
  options: ValidateOptions,
  context: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  const settings = readSettings();
  const asked = { suites: options.suite ?? [], ids: options.criterion ?? [] };
  const named = loadProfile(options.env, settings);
  const selected = selectCriteria(catalogue, named.name, asked);
  if (named.name === "local" && settings.kubeconfig === undefined) {
    const { readyLocalCluster } = await import("../environments/local/ready.ts");
    await readyLocalCluster({ ...context, settings });
  }
  // Loaded again: a cluster that was just made has written down its identity.
  const profile = loadProfile(options.env, settings);
  const startedAt = new Date();
  const id = `${startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${profile.name}-${randomBytes(4).toString("hex")}`;
  const directory = resolve(options.out ?? join(projectRoot, "reports", id));
  makeRunDirectory(directory);
  if (options.out === undefined) pointLatestAt(directory);
  context.say(
    `${command} ${profile.name}: ${selected.length} of ${catalogue.length} criteria, reports in ${relative(process.cwd(), directory) || "."}`,
  );
  const request: RunRequest = {
    command,
    profile,
    settings,
    selected,
    directory,
    about: { id, startedAt: startedAt.toISOString(), gitSha: gitSha(), versions: { node: process.versions.node } },
    ...context,
  };
  const judged = await runChecks(request);
  const ledger = settle(command === "gate" ? refuse(judged, request) : judged, context.signal);
  writeLedger(ledger, directory);
  const failed = await writeReports(ledger, directory, profile.pushgateway);
  const columns = process.stdout.columns ?? 120;
  context.say(terminalTable(ledger, { width: columns, colour: process.stdout.isTTY }));
  for (const line of failed) context.say(`report not written: ${line}`);
  return failed.length > 0 && ledger.exitCode === 0 ? 3 : ledger.exitCode;
}

/** A gate says no to more than a failed check: to all that nobody checks and to a cluster nobody named. */
function refuse(ledger: Ledger, request: RunRequest): Ledger {
  const refusals = gateRefusals(catalogue, request.profile).map((line) => `The gate refuses: ${line}`);
  const told = { ...ledger, run: { ...ledger.run, notes: [...ledger.run.notes, ...refusals] } };
  if (refusals.length === 0 || ledger.exitCode !== 0) return told;
  return { ...told, verdict: "not-proven", exitCode: 2 };
}

/** An interrupted run keeps its ledger and takes the exit code of the signal. */
function settle(ledger: Ledger, signal: AbortSignal): Ledger {
  const exitCode = interruptionOf(signal);
  if (exitCode === undefined) return ledger;
  return { ...ledger, exitCode, verdict: ledger.verdict === "go" ? "not-proven" : ledger.verdict };
}

function gitSha(): string {
  try {
    const sha = git("rev-parse", "HEAD");
    return git("status", "--porcelain") === "" ? sha : `${sha}-dirty`;
  } catch {
    return "unknown";
  }
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, {
    cwd: projectRoot,
    encoding: "utf8",
    timeout: 5_000,
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}
