/** `oke-proof drill`: lists the drills, or makes one of them, guarded. */
import { relative } from "node:path";
import { loadProfile } from "../environments/load.ts";
import { readSettings, UsageError } from "../environments/settings.ts";
import { drillOf, drills } from "../fixtures/faults/drills.ts";
import { startDeadMan } from "../fixtures/undo/dead-man/start.ts";
import { holdDrillLease, type DrillLease } from "../fixtures/undo/drill-lease.ts";
import type { Ledger } from "../harness/ledger.ts";
import { aboutRun, openRunDirectory } from "./begin-run.ts";
import { criteriaVersion } from "./criteria-version.ts";
import { drillLines } from "./drill-lines.ts";
import { prepareDrill, whyNothing, type Prepared } from "./prepare-drill.ts";
import { reportRun } from "./report-run.ts";
import { runChecks, type RunRequest } from "./run.ts";

export type DrillOptions = {
  readonly env: string;
  readonly dryRun: boolean;
  readonly out?: string;
  readonly singleReplica: boolean;
  /** UID of the cluster that is meant: what a drill that deletes it asks for besides the permit. */
  readonly clusterUid?: string;
};
type Context = { readonly say: (line: string) => void; readonly signal: AbortSignal };

/**
 * Without a name lists all drills; with one makes it, or says what it would do.
 * @returns 0 survived, listed or told; 1 not survived; 2 unproven; 4 something is left; 130/143 interrupted and undone
 * @throws UsageError where the drill must not be made: nothing was touched then
 */
export async function runDrill(name: string | undefined, options: DrillOptions, context: Context): Promise<number> {
  const settings = readSettings();
  const profile = loadProfile(options.env, settings);
  if (name === undefined) {
    for (const line of drillLines(drills, profile)) context.say(line);
    return 0;
  }
  const about = aboutRun(profile.name);
  const prepared = await prepareDrill({ name, profile, runId: about.id, ...options }, context.signal);
  for (const line of prepared.lines) context.say(line);
  if (options.dryRun) {
    context.say("dry run: nothing was touched");
    return prepared.planned.ok ? 0 : 2;
  }
  if (!prepared.planned.ok) {
    context.say(`unproven: nothing was touched: ${prepared.planned.why}`);
    return 2;
  }
  const { decided } = prepared;
  if (decided.length === 0) {
    throw new UsageError(`drill ${name}: nothing was touched: it decides ${whyNothing(drillOf(name))}`);
  }
  const versions = { ...about.versions, criteria: criteriaVersion(decided) };
  const guarded = await holdDrillLease(profile, about.id, context.signal);
  if (!guarded.ok) throw new UsageError(`drill ${name}: nothing was touched: ${guarded.why}`);
  let isClean = true;
  try {
    const directory = openRunDirectory(about.id, options.out);
    context.say(`reports in ${relative(process.cwd(), directory) || "."}`);
    const request = {
      command: "drill" as const,
      profile,
      settings,
      directory,
      refusals: [],
      // One note: the verdict is looked for first, and this after it.
      notes: [prepared.lines.join("\n")],
      selected: decided.map(({ id }) => id),
      about: { ...about, versions },
      say: context.say,
      signal: AbortSignal.any([context.signal, guarded.lost]),
    };
    isClean = false;
    const ledger = await underDeadMan(request, prepared, guarded);
    isClean = ledger.exitCode !== 4;
    return await reportRun(ledger, request);
  } finally {
    await guarded.stop(isClean);
  }
}

/** Begins only when the dead man watches, and sends it away when nothing is left to undo. */
async function underDeadMan(
  request: Omit<RunRequest, "drill">,
  { drill }: Prepared,
  lease: DrillLease,
): Promise<Ledger> {
  const { profile, about, say, signal } = request;
  if (drill.withoutDeadMan !== undefined) {
    say(`no Job in the cluster undoes it: ${drill.withoutDeadMan}`);
    return runChecks({ ...request, drill: { ...drill.announced, whyVoid: async () => lossOf(lease) } });
  }
  const deadMan = await startDeadMan(profile, about.id, lease, signal);
  if (!deadMan.ok) {
    // It disturbed nothing, so that the lease need not stay for undo to be through.
    await lease.stop(true);
    throw new UsageError(`drill ${drill.announced.name}: nothing was disturbed: ${deadMan.why}`);
  }
  const whyVoid = async (): Promise<string | undefined> => lossOf(lease) ?? deadMan.whyNotIdle();
  const ledger = await runChecks({ ...request, drill: { ...drill.announced, whyVoid } });
  if (ledger.exitCode === 4) say("the dead man's Job stays: it goes on to undo what is left");
  else await deadMan.stop().catch((error: unknown) => say(`the dead man's Job ends by itself: ${String(error)}`));
  return ledger;
}

function lossOf({ lost }: DrillLease): string | undefined {
  if (!lost.aborted) return undefined;
  return lost.reason instanceof Error ? lost.reason.message : "the lease of the drill was lost";
}
