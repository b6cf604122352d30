/** `oke-proof validate` and, with stricter rules, `oke-proof gate`. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join, relative, resolve } from "node:path";
import { catalogue } from "../criteria/catalogue.ts";
import { builtInProfile, loadProfile } from "../environments/load.ts";
import type { LayerName } from "../environments/local/versions.ts";
import type { Profile } from "../environments/profile.ts";
import { projectRoot, readSettings } from "../environments/settings.ts";
import { weakerThan } from "../environments/weaker.ts";
import type { Ledger } from "../harness/ledger.ts";
import { openKubeconfig } from "../probes/kubernetes/kubeconfig.ts";
import { terminalTable } from "../reporters/terminal.ts";
import { gateRefusals, profileNotes, rehearsalNotes } from "./gate-rules.ts";
import { writeReports } from "./reports.ts";
import { makeRunDirectory, pointLatestAt } from "./run-directory.ts";
import { runChecks, type RunRequest } from "./run.ts";
import { selectCriteria } from "./select.ts";
import { commandOf, soakBefore, soakMinutesOf } from "./soak.ts";
import { withoutReports, writeLedger } from "../reporters/ledger.ts";

export type ValidateOptions = {
  readonly env: string;
  readonly suite?: readonly string[];
  readonly criterion?: readonly string[];
  readonly out?: string;
  /** Watch for so long before the checks, as `48h`. */
  readonly soak?: string;
};

/**
 * Watches first where a soak is asked for. Then runs the checks in scope, writes the reports, prints the table and the verdict line.
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
  const soakMinutes = options.soak === undefined ? undefined : soakMinutesOf(options.soak, asked.suites);
  const named = loadProfile(options.env, settings);
  const selected = selectCriteria(catalogue, named.name, asked);
  if (named.name === "local" && settings.kubeconfig === undefined) {
    const { readyLocalCluster } = await import("../environments/local/ready.ts");
    const { tellFirstVerdicts } = await import("./first-verdicts.ts");
    const onLayer = async (layer: LayerName) => tellFirstVerdicts(layer, selected, { ...context, settings });
    await readyLocalCluster({ ...context, settings, onLayer });
  }
  // Loaded again: a cluster that was just made has written down its identity.
  const profile = loadProfile(options.env, settings);
  // The run begins when the watch has ended: what it judges is as fresh as without one.
  const soak = soakMinutes === undefined ? undefined : await soakBefore(profile, { minutes: soakMinutes }, context);
  const wasCutOff = soak !== undefined && context.signal.aborted;
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
    ...toldBeside(command, profile),
    ...(soak === undefined ? {} : { soak }),
    about: { id, startedAt: startedAt.toISOString(), gitSha: gitSha(), versions: { node: process.versions.node } },
    ...context,
  };
  const ledger = await report(await runChecks(request), request);
  const columns = process.stdout.columns ?? 120;
  context.say(terminalTable(ledger, { width: columns, colour: process.stdout.isTTY }));
  if (wasCutOff) context.say(`the soak goes on with the same command: ${commandOf(options)}`);
  return ledger.exitCode;
}

/** A gate refuses what any other run only tells. */
function toldBeside(command: RunRequest["command"], profile: Profile): Pick<RunRequest, "refusals" | "notes"> {
  const builtIn = builtInProfile(profile.name);
  const weaker = weakerThan(builtIn, profile);
  if (command !== "gate") return { refusals: [], notes: profileNotes(builtIn, profile, weaker) };
  const opened = openKubeconfig(profile.cluster);
  // A kubeconfig that cannot be opened reaches no cluster: that has its own reason in every line.
  const serverVerified = !opened.ok || opened.config.getCurrentCluster()?.skipTLSVerify !== true;
  const refusals = gateRefusals(catalogue, profile, { weaker, serverVerified });
  const notes = [...rehearsalNotes(profile), ...profileNotes(builtIn, profile, [])];
  return { refusals: refusals.map((line) => `The gate refuses: ${line}`), notes };
}

/** Writes all reports. Where one cannot be written the others are written once more, so that none of them says more than the exit code. */
async function report(ledger: Ledger, { directory, profile }: RunRequest): Promise<Ledger> {
  const failed = await writeReports(ledger, directory, profile.pushgateway);
  if (failed.length === 0) return ledger;
  const told = withoutReports(ledger, failed);
  writeLedger(told, directory);
  await writeReports(told, directory, profile.pushgateway);
  return told;
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
