/** One run: plan, preflight, checks or trials, ledger, reports. Used by `validate`, `gate` and `drill`. */
import { appendFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { catalogue, criterionOf } from "../criteria/catalogue.ts";
import type { Profile } from "../environments/profile.ts";
import { projectRoot, UsageError, type Settings } from "../environments/settings.ts";
import { graceMsMax } from "../fixtures/faults/drill-time.ts";
import { beginHeartbeat } from "../fixtures/undo/heartbeat.ts";
import type { Ledger, LedgerRun } from "../harness/ledger.ts";
import { readProgress } from "../harness/progress.ts";
import type { RunPlan } from "../harness/run-plan.ts";
import { systemClock } from "../harness/poll.ts";
import { unproven, type Reading } from "../harness/verdict.ts";
import { connect } from "../probes/kubernetes/cluster.ts";
import { readClusterIdentity, type ClusterIdentity } from "../probes/kubernetes/identity.ts";
import { buildLedger, writeLedger, type LedgerInput } from "../reporters/ledger.ts";
import { progressLine, stepLine } from "../reporters/terminal.ts";
import { readMadeAnew, type MadeAnew } from "./made-anew.ts";
import { interruptionOf } from "./signals.ts";
import { leaving, undoCutOff } from "./undo-cut-off.ts";
import { readVerdicts, type RecordedVerdict } from "./verdict-log.ts";
import { runVitest, type ChildEnd } from "./vitest-child.ts";
import { whyVitestDied } from "./vitest-end.ts";

export type RunRequest = {
  readonly command: "validate" | "gate" | "drill";
  readonly profile: Profile;
  readonly settings: Settings;
  /** Ids of the criteria to check; all in scope. */
  readonly selected: readonly string[];
  readonly directory: string;
  /** What is disturbed, as it was announced: the trials of the criteria run, in place of checks. */
  readonly drill?: DrillOfRun;
  /** Verdicts of earlier runs on this cluster that this one takes over, by criterion. */
  readonly carried?: (clusterUid: string) => ReadonlyMap<string, RecordedVerdict>;
  /** Why a gate may not say yes, whatever the checks say. Empty for `validate`. */
  readonly refusals: readonly string[];
  /** What must be known beside the criteria. */
  readonly notes: readonly string[];
  /** It is a gate that is asked before the cutover (`comesBeforeCutover`). */
  readonly isBeforeCutover?: boolean;
  /** What a soak before the checks has shown; absent where none was asked for. */
  readonly soak?: LedgerInput["soak"];
  readonly about: Pick<LedgerRun, "id" | "startedAt" | "gitSha" | "versions">;
  readonly say: (line: string) => void;
  /** Aborts with a reason that names the POSIX signal. */
  readonly signal: AbortSignal;
};

export type DrillOfRun = NonNullable<RunPlan["drill"]> & {
  /** Asked when the trials have ended: why what they saw cannot count. */
  whyVoid(): Promise<string | undefined>;
};

/** How often the verdict log is read while checks run. */
const followEveryMs = 250;
/**
 * Runs the checks and returns the finished ledger, written to the run's folder at every step, so that whatever kills the run
 * leaves a readable ledger without a pass that was not earned.
 * @throws UsageError where the cluster is not the one that the profile expects
 */
export async function runChecks(request: RunRequest): Promise<Ledger> {
  const state = new RunState(request);
  state.write("the run had not finished when this ledger was written");
  // A soak before it may have ended by a signal.
  if (request.signal.aborted) return state.finish("the run was interrupted before this check began");
  const identity = await readClusterIdentity(connect(request.profile, request.signal));
  state.identity = identity;
  refuseWrongCluster(request.profile, identity);
  if (!identity.ok) {
    request.say(`cluster identity not readable: ${identity.why}`);
    return state.finish(`not checked: the cluster's identity could not be read (${identity.why})`);
  }
  state.write("the run had not finished when this ledger was written");
  // Without a file to run Vitest would run them all.
  if (filesOf(request).length === 0) return state.finish("nothing was asked for");
  const end = await aliveDuring(request, async () => followChecks(request, state, identity.value.uid));
  state.madeAnew = await readMadeAnew(request, identity.value.uid);
  const died = request.signal.aborted
    ? "the run was interrupted before this check ended"
    : deathOf(end, request, state);
  // After what the child itself left was looked at: it does not stand behind a verdict that somebody else made void.
  await voidVerdicts(request);
  if (died === undefined && request.drill === undefined) {
    return state.finish("the check ended without leaving a verdict");
  }
  if (died === undefined) {
    const ledger = state.finish("the trial ended without leaving a verdict");
    return leaving(
      ledger,
      await undoCutOff(request, { clusterUid: identity.value.uid, hasDied: false }),
      request.directory,
    );
  }
  if (!request.signal.aborted) state.harnessError = died;
  // What had begun was not brought to its end by itself.
  return leaving(
    state.finish(died),
    await undoCutOff(request, { clusterUid: identity.value.uid, hasDied: true }),
    request.directory,
  );
}

/** Shows to `oke-proof undo`, from wherever it is called, that what this run makes is not to be taken away yet. */
async function aliveDuring<T>({ profile, about, say }: RunRequest, work: () => Promise<T>): Promise<T> {
  const heartbeat = await beginHeartbeat(profile, about.id);
  if (!heartbeat.ok) say(`no heartbeat, so that an undo may take this run for dead: ${heartbeat.why}`);
  try {
    return await work();
  } finally {
    if (heartbeat.ok) await heartbeat.stop();
  }
}

/** A pass of a drill that somebody else undid in the middle is none: of two verdicts on a criterion the worse one counts. */
async function voidVerdicts({ drill, about, selected, directory, say }: RunRequest): Promise<void> {
  const why = await drill?.whyVoid();
  if (why === undefined) return;
  say(why);
  const lines = selected.map((id) => ({ run: about.id, id, verdict: unproven(why), durationMs: 0 }));
  appendFileSync(join(directory, "verdicts.jsonl"), `\n${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
}

/** What a run knows so far; every change goes to disk at once. */
class RunState {
  identity: Reading<ClusterIdentity> | undefined;
  harnessError: string | undefined;
  /** The cluster that took the place of the one the run began with: what was seen was seen of it. */
  madeAnew: MadeAnew | undefined;
  readonly #request: RunRequest;
  #carried: ReadonlyMap<string, RecordedVerdict> | undefined;

  constructor(request: RunRequest) {
    this.#request = request;
  }

  verdicts(): ReturnType<typeof readVerdicts> {
    const { directory, about, carried } = this.#request;
    const made = readVerdicts(join(directory, "verdicts.jsonl"), about.id);
    if (carried === undefined || this.identity?.ok !== true) return made;
    this.#carried ??= carried(this.identity.value.uid);
    return new Map([...this.#carried, ...made]);
  }

  write(notRunBecause: string): Ledger {
    return this.#store(notRunBecause, null);
  }

  finish(notRunBecause: string): Ledger {
    return this.#store(notRunBecause, new Date());
  }

  #store(notRunBecause: string, finishedAt: Date | null): Ledger {
    const { profile, command, drill, about, selected, directory, refusals, soak, signal } = this.#request;
    const { isBeforeCutover = false } = this.#request;
    const notes = [...this.#request.notes, ...(this.madeAnew === undefined ? [] : [this.madeAnew.told])];
    const interruptedExitCode = interruptionOf(signal);
    const now = new Date();
    const identity = this.madeAnew?.identity ??
      this.identity ?? {
        ok: false,
        why: "not read yet",
        source: profile.cluster.kubeconfig,
        at: now.toISOString(),
      };
    const ledger = buildLedger({
      catalogue,
      environment: profile.name,
      run: {
        ...about,
        command: drill === undefined ? command : `${command} ${drill.name}`,
        notes,
        env: profile.name,
        clusterUid: identity.ok ? identity.value.uid : null,
        finishedAt: finishedAt === null ? null : finishedAt.toISOString(),
        versions: identity.ok ? { ...about.versions, kubernetes: identity.value.serverVersion } : about.versions,
      },
      selected,
      isBeforeCutover,
      verdicts: this.verdicts(),
      notRunBecause: () => notRunBecause,
      identity,
      now,
      refusals,
      ...(soak === undefined ? {} : { soak }),
      ...(interruptedExitCode === undefined ? {} : { interruptedExitCode }),
      ...(this.harnessError === undefined ? {} : { harnessError: this.harnessError }),
    });
    writeLedger(ledger, directory);
    return ledger;
  }
}

/**
 * Refuses a cluster that is not the expected one, before anything is judged.
 * @throws UsageError
 */
function refuseWrongCluster(profile: Profile, identity: Reading<ClusterIdentity>): void {
  const expected = profile.cluster.expectedUid;
  if (!identity.ok || expected === undefined || identity.value.uid === expected) return;
  throw new UsageError(
    `wrong cluster: kubeconfig ${profile.cluster.kubeconfig} reaches cluster ${identity.value.uid}, but the profile '${profile.name}' expects ${expected}`,
  );
}

async function followChecks(request: RunRequest, state: RunState, clusterUid: string): Promise<ChildEnd> {
  const { directory, profile, selected, say, drill } = request;
  const files = filesOf(request);
  const runFile = join(directory, "run.json");
  const plan: RunPlan = {
    id: request.about.id,
    directory,
    clusterUid,
    criteria: [...selected],
    profile,
    ...(drill === undefined ? {} : { drill: announcedOf(drill) }),
  };
  writeFileSync(runFile, JSON.stringify(plan));
  const deadline = AbortSignal.timeout(msMaxOf(request, files.length));
  const started = performance.now();
  const child = runVitest(files, {
    projects: drill === undefined ? ["check", "check-last", "check-load"] : ["trial"],
    runFile,
    logFile: join(directory, "vitest.log"),
    settings: request.settings,
    signal: AbortSignal.any([request.signal, deadline]),
  });
  const told = new Set<string>();
  let steps = 0;
  const follow = (): void => {
    const said = readProgress(directory);
    for (const step of said.slice(steps)) say(stepLine(step, performance.now() - started));
    steps = said.length;
    const verdicts = state.verdicts();
    const fresh = [...verdicts].filter(([id]) => !told.has(id));
    for (const [id, { verdict }] of fresh) {
      told.add(id);
      say(progressLine(id, verdict, performance.now() - started));
    }
    if (fresh.length > 0) state.write("the run had not finished when this ledger was written");
  };
  for (;;) {
    const end = await Promise.race([child, systemClock.sleep(followEveryMs).then(() => undefined)]);
    follow();
    if (end !== undefined) return end;
  }
}

/** What the child is told of the drill. */
function announcedOf(drill: DrillOfRun): NonNullable<RunPlan["drill"]> {
  const { name, targets, namespaces, singleReplica, replacesCluster = false, msMax } = drill;
  return { name, targets, namespaces, singleReplica, replacesCluster, msMax };
}

function msMaxOf({ profile, drill, selected }: RunRequest, files: number): number {
  // Every criterion of a drill may wait for it, and for its putting back.
  if (drill !== undefined) return 60_000 + (drill.msMax + graceMsMax) * selected.length;
  const { rampSeconds, plateauSeconds, recoverySeconds } = profile.load;
  const loadMs = (rampSeconds + plateauSeconds + recoverySeconds) * 1000;
  return 60_000 + loadMs + files * profile.timeouts.checkMs;
}

/** The files to run: of checks, or of trials where something is disturbed. What the other kind decides is not run. */
function filesOf({ selected, drill }: RunRequest): readonly string[] {
  const files = selected.map((id) => {
    const { check, trial } = criterionOf(id);
    if (drill !== undefined) return trial && `suites/${trial.topic}.trial.ts`;
    return check && `suites/${check}.check.ts`;
  });
  return [...new Set(files.filter((file) => file !== undefined))];
}

function deathOf(end: ChildEnd, request: RunRequest, state: RunState): string | undefined {
  const verdicts = state.verdicts();
  // What was taken over from another run is none of this child's.
  const run = request.drill === undefined ? request.selected.filter((id) => hasCheck(id)) : request.selected;
  const died = whyVitestDied(end, new Map(run.map((id) => [id, verdicts.get(id)?.verdict.outcome])));
  return died === undefined ? undefined : `${died} (${relative(projectRoot, join(request.directory, "vitest.log"))})`;
}

const hasCheck = (id: string): boolean => criterionOf(id).check !== undefined;
