/** `oke-proof validate` and, with stricter rules, `oke-proof gate`. */
import { join, relative } from "node:path";
import { catalogue, criterionOf } from "../criteria/catalogue.ts";
import { builtInProfile, loadProfile } from "../environments/load.ts";
import type { LayerName } from "../environments/local/versions.ts";
import { projectRoot, readSettings } from "../environments/settings.ts";
import { weakerThan } from "../environments/weaker.ts";
import { drills } from "../fixtures/faults/drills.ts";
import { waitsForCutover } from "../harness/criterion.ts";
import { openKubeconfig } from "../probes/kubernetes/kubeconfig.ts";
import { aboutRun, openRunDirectory } from "./begin-run.ts";
import { carriedVerdicts, drillCriteria } from "./carried-drills.ts";
import { believesOthers, comesBeforeCutover, gateRefusals, profileNotes, rehearsalNotes } from "./gate-rules.ts";
import { reportRun } from "./report-run.ts";
import { runChecks, type RunRequest } from "./run.ts";
import { selectCriteria } from "./select.ts";
import { commandOf, soakBefore, soakMinutesOf } from "./soak.ts";

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
  const checked = selectCriteria(catalogue, named.name, asked);
  const isBeforeCutover = command === "gate" && comesBeforeCutover(named, new Date());
  // A gate asks for what drills decide too, and takes it over from their own runs.
  const decided = command === "gate" ? drillCriteria(catalogue, named.name).map(({ id }) => id) : [];
  const selected = [...checked, ...decided].filter(
    (id) => !isBeforeCutover || !waitsForCutover(criterionOf(id), named.name),
  );
  if (named.name === "local" && settings.kubeconfig === undefined) {
    const { readyLocalCluster } = await import("../environments/local/ready.ts");
    const { tellFirstVerdicts } = await import("./first-verdicts.ts");
    const onLayer = async (layer: LayerName) => tellFirstVerdicts(layer, checked, { ...context, settings });
    await readyLocalCluster({ ...context, settings, onLayer });
  }
  // Loaded again: a cluster that was just made has written down its identity.
  const profile = loadProfile(options.env, settings);
  // The run begins when the watch has ended: what it judges is as fresh as without one.
  const soak = soakMinutes === undefined ? undefined : await soakBefore(profile, { minutes: soakMinutes }, context);
  const wasCutOff = soak !== undefined && context.signal.aborted;
  const about = aboutRun(profile.name);
  const directory = openRunDirectory(about.id, options.out);
  context.say(
    `${command} ${profile.name}: ${selected.length} of ${catalogue.length} criteria, reports in ${relative(process.cwd(), directory) || "."}`,
  );
  const request: RunRequest = {
    command,
    profile,
    settings,
    selected,
    directory,
    isBeforeCutover,
    ...toldBeside({ command, profile, settings, isBeforeCutover }),
    ...(command === "gate"
      ? { carried: carriedVerdicts(catalogue, profile.name, join(projectRoot, "reports"), drills) }
      : {}),
    ...(soak === undefined ? {} : { soak }),
    about,
    ...context,
  };
  const exitCode = await reportRun(await runChecks(request), request);
  if (wasCutOff) context.say(`the soak goes on with the same command: ${commandOf(options)}`);
  return exitCode;
}

/** A gate refuses what any other run only tells. */
function toldBeside({
  command,
  profile,
  settings,
  isBeforeCutover,
}: Pick<RunRequest, "command" | "profile" | "settings"> & { readonly isBeforeCutover: boolean }): Pick<
  RunRequest,
  "refusals" | "notes"
> {
  const builtIn = builtInProfile(profile.name);
  const weaker = weakerThan(builtIn, profile);
  const { trustsBeside } = settings;
  if (command !== "gate") {
    const believed = believesOthers(profile, trustsBeside).map((line) => `${line}.`);
    return { refusals: [], notes: [...profileNotes(builtIn, profile, weaker), ...believed] };
  }
  const opened = openKubeconfig(profile.cluster);
  // A kubeconfig that cannot be opened reaches no cluster: that has its own reason in every line.
  const serverVerified = !opened.ok || opened.config.getCurrentCluster()?.skipTLSVerify !== true;
  const refusals = gateRefusals(catalogue, profile, { weaker, serverVerified, trustsBeside, isBeforeCutover });
  const notes = [...rehearsalNotes(profile), ...profileNotes(builtIn, profile, [])];
  return { refusals: refusals.map((line) => `The gate refuses: ${line}`), notes };
}
