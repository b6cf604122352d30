/** steady state -> inject -> felt? -> observe -> remove (always) -> verify. Observes and records; `judgeSurvival` decides. */
import { watchSteady } from "./experiment-watch.ts";
import { writeAhead, type JournalRecord, type JournalStore } from "./journal.ts";
import { poll, systemClock, within, type Clock, type Look } from "./poll.ts";
import { untilPass } from "./until-pass.ts";
import { unread, type Fact, type Outcome, type Reading } from "./verdict.ts";

/** A disturbance that knows how to undo itself. */
export type Fault = {
  readonly name: string;
  readonly disturbance: string;
  /** What it will touch, by name, read before anything is touched. */
  readonly targets: Reading<readonly string[]>;
  /** All that `remove` needs, for the undo record. */
  readonly undo: Readonly<Record<string, string>>;
  /** @param signal aborts when the injection is to stop where it is: the removal follows */
  inject(signal: AbortSignal): Promise<void>;
  /** Proof that it bit, or why it did not. */
  felt(): Promise<Reading<Fact>>;
  /** Puts things back. Safe to call twice, and on a fault that was half injected; throws where it could not. */
  remove(): Promise<void>;
};

/** One look at the steady state, `atMs` after the experiment's start. */
export type SteadySample = { readonly atMs: number; readonly outcome: Outcome; readonly because: string };

export type ExperimentPlan = {
  readonly runId: string;
  readonly fault: Fault;
  readonly steady: () => Promise<{ readonly outcome: Outcome; readonly because: string }>;
  readonly journals: readonly JournalStore[];
  /** How long the fault is left in once it is felt. */
  readonly observeMs: number;
  readonly everyMs: number;
  /** How long the steady state is waited for before: an autoscaler may be adding a pod, or a rollout ending. Default: it must be there at the first look. */
  readonly steadyWithinMs?: number;
  readonly feltWithinMs: number;
  readonly recoverWithinMs: number;
  /** The steady state lost for longer than this in all: the fault is removed at once. */
  readonly lostMsMax: number;
  /** How long one look may take, at the steady state or for the fault; what takes longer could not tell. Default: 10 s. */
  readonly lookMsMax?: number;
  /** How long injecting may take, and removing, each. Default: 2 min. */
  readonly actMsMax?: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Told of every step as it is taken, for whoever waits. */
  readonly say?: (step: string) => void;
};

/** What happened, on one time axis (milliseconds since the start). `undefined` means that it did not happen. */
export type Observed = {
  readonly fault: string;
  readonly targets: Reading<readonly string[]>;
  readonly before: SteadySample;
  readonly injectedAtMs: number | undefined;
  readonly injectError: string | undefined;
  readonly felt: Reading<Fact> | undefined;
  readonly feltAtMs: number | undefined;
  readonly during: readonly SteadySample[];
  /** The observation was cut short: what was not seen cannot be claimed. */
  readonly interrupted: boolean;
  /** Why it was cut short, where it was. */
  readonly cutBecause: string | undefined;
  readonly removedAtMs: number | undefined;
  readonly removeError: string | undefined;
  readonly recoveredAtMs: number | undefined;
  readonly after: SteadySample | undefined;
};

const actMsMaxDefault = 120_000;
const lookMsMaxDefault = 10_000;
const lastLookMs = 2_000;

/**
 * Runs one experiment. Never throws for what the fault or the cluster does: all of it is in the result.
 * Nothing is injected unless the targets are known, the steady state passes and the undo record is written.
 * The steady state is looked at from the injection on, through all of it, until the fault is removed.
 * @throws Error where the undo record could not be written (nothing was injected then)
 */
export async function experiment(plan: ExperimentPlan): Promise<Observed> {
  const clock = plan.clock ?? systemClock;
  const startedAt = clock.now();
  const elapsed = (): number => clock.now() - startedAt;
  const { lookMsMax = lookMsMaxDefault } = plan;
  const sample = async (): Promise<SteadySample> => {
    try {
      const { outcome, because } = await within(lookMsMax, plan.steady);
      return { atMs: elapsed(), outcome, because };
    } catch (error) {
      return { atMs: elapsed(), outcome: "unproven", because: `the steady state could not be read: ${text(error)}` };
    }
  };
  const before = await awaitBefore(plan, clock, sample);
  const untouched = { fault: plan.fault.name, targets: plan.fault.targets, before, ...nothingHappened };
  if (!plan.fault.targets.ok || plan.fault.targets.value.length === 0 || before.outcome !== "pass") return untouched;
  if (plan.signal?.aborted === true) return { ...untouched, injectError: "interrupted before anything was injected" };
  const say = plan.say ?? silence;
  const record = recordOf(plan, plan.fault.targets.value);
  say(`steady before; ${plan.fault.name} is being injected`);
  await writeAhead(plan.journals, record);
  const watch = watchSteady({ ...plan, before, clock, elapsed, sample });
  const signal = plan.signal === undefined ? watch.cut : AbortSignal.any([plan.signal, watch.cut]);
  const injecting = injectFault(plan, signal);
  const acted = await act(plan, { clock, elapsed, signal, injected: injecting.done });
  say(`${plan.fault.name} is being removed`);
  const removal = await removeFault(plan, { record, elapsed, unfinished: injecting.unfinished });
  say(removal.removeError ?? `${plan.fault.name} is removed; waiting for the steady state`);
  const [during, recovery] = await Promise.all([watch.stop(), awaitRecovery(plan, clock, sample)]);
  const cutBecause = acted.interrupted ? (watch.cutBecause() ?? "interrupted") : undefined;
  say(recovery.recoveredAtMs === undefined ? "not steady again" : "steady again");
  const injectError = acted.injectError === undefined ? undefined : (cutBecause ?? acted.injectError);
  return { ...untouched, ...acted, ...removal, ...recovery, injectError, during, cutBecause };
}

async function awaitBefore(
  { fault, steadyWithinMs: timeoutMs = 0, everyMs, signal, say }: ExperimentPlan,
  clock: Clock,
  sample: () => Promise<SteadySample>,
): Promise<SteadySample> {
  let before = await sample();
  if (before.outcome === "pass" || timeoutMs === 0) return before;
  say?.(`waiting up to ${timeoutMs / 1000} s for the steady state: ${before.because}`);
  const look = async (): Promise<SteadySample> => {
    before = await sample();
    return before;
  };
  const until = signal === undefined ? {} : { signal };
  await untilPass(look, { what: `steady before ${fault.name}`, timeoutMs, everyMs, clock, ...until });
  return before;
}

const silence = (): undefined => undefined;

const nothingHappened = {
  injectedAtMs: undefined,
  injectError: undefined,
  felt: undefined,
  feltAtMs: undefined,
  during: [],
  interrupted: false,
  cutBecause: undefined,
  removedAtMs: undefined,
  removeError: undefined,
  recoveredAtMs: undefined,
  after: undefined,
} as const;

function recordOf(plan: ExperimentPlan, targets: readonly string[]): JournalRecord {
  return {
    schemaVersion: 1,
    runId: plan.runId,
    fault: plan.fault.name,
    targets: [...targets],
    undo: { ...plan.fault.undo },
    writtenAt: new Date().toISOString(),
  };
}

type Injecting = {
  /** Resolves with why it was not injected, or with nothing. */
  readonly done: Promise<string | undefined>;
  /** The injection itself, where it goes on though nobody waits for it any more. */
  readonly unfinished: () => Promise<unknown> | undefined;
};

function injectFault({ fault, actMsMax = actMsMaxDefault }: ExperimentPlan, signal: AbortSignal): Injecting {
  let isOver = false;
  const injection = fault.inject(signal).finally(() => {
    isOver = true;
  });
  const done = within(actMsMax, () => injection, signal).then(() => undefined, text);
  return { done, unfinished: () => (isOver ? undefined : injection) };
}

type Acted = Pick<Observed, "injectedAtMs" | "injectError" | "felt" | "feltAtMs" | "interrupted">;
type Acting = {
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly signal: AbortSignal;
  readonly injected: Promise<string | undefined>;
};

async function act(plan: ExperimentPlan, { clock, elapsed, signal, injected }: Acting): Promise<Acted> {
  const { fault, everyMs, lookMsMax = lookMsMaxDefault } = plan;
  const injectError = await injected;
  const nothing = { injectedAtMs: undefined, felt: undefined, feltAtMs: undefined };
  if (injectError !== undefined) return { ...nothing, injectError, interrupted: signal.aborted };
  const injectedAtMs = elapsed();
  const look = async (): Promise<Look<Reading<Fact>>> => {
    const found = await fault.felt();
    return found.ok ? { state: "yes", value: found } : { state: "not yet", seen: found.why };
  };
  const options = { what: `${fault.name} felt`, everyMs, clock };
  let felt = await poll(look, { ...options, timeoutMs: plan.feltWithinMs, lookMsMax, signal });
  // Cut off before it could be felt: one short look more, since what the fault did may have shown at the steady state first.
  if (!felt.ok && signal.aborted) felt = await poll(look, { ...options, timeoutMs: 0, lookMsMax: lastLookMs });
  const acted = { injectedAtMs, injectError: undefined };
  if (!felt.ok) {
    // What was seen last tells why it was not felt.
    const notFelt = unread<Fact>(felt.why, fault.name, new Date());
    return { ...acted, felt: notFelt, feltAtMs: undefined, interrupted: signal.aborted };
  }
  const feltAtMs = elapsed();
  plan.say?.(`felt; left in for ${plan.observeMs / 1000} s`);
  const observed = await poll<true>(
    async (): Promise<Look<true>> =>
      elapsed() >= feltAtMs + plan.observeMs
        ? { state: "yes", value: true }
        : { state: "not yet", seen: "the time of observation is not over" },
    { what: `observing ${fault.name}`, timeoutMs: plan.observeMs * 2 + everyMs * 2, everyMs, clock, signal },
  );
  return { ...acted, felt: felt.value, feltAtMs, interrupted: !observed.ok || signal.aborted };
}

type Removing = Pick<Injecting, "unfinished"> & { readonly record: JournalRecord; readonly elapsed: () => number };

async function removeFault(
  plan: ExperimentPlan,
  { record, elapsed, unfinished }: Removing,
): Promise<Pick<Observed, "removedAtMs" | "removeError">> {
  const { fault, actMsMax = actMsMaxDefault } = plan;
  try {
    await within(actMsMax, () => fault.remove());
    const injection = unfinished();
    if (injection !== undefined) {
      // It goes on behind our back, and may have disturbed again what was just put back.
      await within(actMsMax, () => injection.catch(() => undefined));
      await within(actMsMax, () => fault.remove());
    }
  } catch (error) {
    // The record stays: `oke-proof undo` finds it.
    return { removedAtMs: undefined, removeError: text(error) };
  }
  const removedAtMs = elapsed();
  for (const store of plan.journals) {
    try {
      await store.forget(record);
    } catch (error) {
      return { removedAtMs, removeError: `removed, but the undo record stays in ${store.name}: ${text(error)}` };
    }
  }
  return { removedAtMs, removeError: undefined };
}

async function awaitRecovery(
  plan: ExperimentPlan,
  clock: Clock,
  sample: () => Promise<SteadySample>,
): Promise<Pick<Observed, "recoveredAtMs" | "after">> {
  let after: SteadySample | undefined;
  const look = async (): Promise<SteadySample> => {
    after = await sample();
    return after;
  };
  const { fault, recoverWithinMs: timeoutMs, everyMs } = plan;
  await untilPass(look, { what: `recovery from ${fault.name}`, timeoutMs, everyMs, clock });
  return { recoveredAtMs: after?.outcome === "pass" ? after.atMs : undefined, after };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
