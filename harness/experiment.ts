/** steady state -> inject -> felt? -> observe -> remove (always) -> verify. Observes and records; `judgeSurvival` decides. */
import { writeAhead, type JournalRecord, type JournalStore } from "./journal.ts";
import { poll, systemClock, type Clock } from "./poll.ts";
import type { Fact, Outcome, Reading } from "./verdict.ts";

/** A disturbance that knows how to undo itself. */
export type Fault = {
  readonly name: string;
  readonly disturbance: string;
  /** What it will touch, by name, read before anything is touched. */
  readonly targets: Reading<readonly string[]>;
  /** All that `remove` needs, for the undo record. */
  readonly undo: Readonly<Record<string, string>>;
  inject(): Promise<void>;
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
  readonly feltWithinMs: number;
  readonly recoverWithinMs: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
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
  readonly removedAtMs: number | undefined;
  readonly removeError: string | undefined;
  readonly recoveredAtMs: number | undefined;
  readonly after: SteadySample | undefined;
};

const samplesMax = 10_000;

/**
 * Runs one experiment. Never throws for what the fault or the cluster does: all of it is in the result.
 * Nothing is injected unless the targets are known, the steady state passes and the undo record is written.
 * @throws Error where the undo record could not be written (nothing was injected then)
 */
export async function experiment(plan: ExperimentPlan): Promise<Observed> {
  const clock = plan.clock ?? systemClock;
  const startedAt = clock.now();
  const elapsed = (): number => clock.now() - startedAt;
  const sample = async (): Promise<SteadySample> => {
    try {
      const { outcome, because } = await plan.steady();
      return { atMs: elapsed(), outcome, because };
    } catch (error) {
      return { atMs: elapsed(), outcome: "unproven", because: `the steady state could not be read: ${text(error)}` };
    }
  };
  const before = await sample();
  const untouched = { fault: plan.fault.name, targets: plan.fault.targets, before, ...nothingHappened };
  if (!plan.fault.targets.ok || plan.fault.targets.value.length === 0 || before.outcome !== "pass") return untouched;
  const record = recordOf(plan, plan.fault.targets.value);
  await writeAhead(plan.journals, record);
  const acted = await act(plan, clock, elapsed, sample);
  const removal = await removeFault(plan, record, elapsed);
  const recovery = await awaitRecovery(plan, clock, sample);
  return { ...untouched, ...acted, ...removal, ...recovery };
}

const nothingHappened = {
  injectedAtMs: undefined,
  injectError: undefined,
  felt: undefined,
  feltAtMs: undefined,
  during: [],
  interrupted: false,
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

type Acted = Pick<Observed, "injectedAtMs" | "injectError" | "felt" | "feltAtMs" | "during" | "interrupted">;

async function act(
  plan: ExperimentPlan,
  clock: Clock,
  elapsed: () => number,
  sample: () => Promise<SteadySample>,
): Promise<Acted> {
  const during: SteadySample[] = [];
  try {
    await plan.fault.inject();
  } catch (error) {
    return {
      injectedAtMs: undefined,
      injectError: text(error),
      felt: undefined,
      feltAtMs: undefined,
      during,
      interrupted: false,
    };
  }
  const injectedAtMs = elapsed();
  let felt: Reading<Fact> | undefined;
  let feltAtMs: number | undefined;
  const observed = await poll(
    async () => {
      felt ??= await feltOrUndefined(plan.fault);
      if (felt !== undefined) feltAtMs ??= elapsed();
      during.push(await sample());
      const until = feltAtMs === undefined ? injectedAtMs + plan.feltWithinMs : feltAtMs + plan.observeMs;
      if (elapsed() >= until) return { state: "yes", value: true };
      // What comes after would not be seen: an observation that is not whole claims nothing.
      if (during.length >= samplesMax) return { state: "never", why: `more than ${samplesMax} looks` };
      return { state: "not yet", seen: "the time of observation is not over" };
    },
    {
      what: `observing ${plan.fault.name}`,
      timeoutMs: plan.feltWithinMs + plan.observeMs + plan.everyMs * 2,
      everyMs: plan.everyMs,
      clock,
      ...(plan.signal === undefined ? {} : { signal: plan.signal }),
    },
  );
  return { injectedAtMs, injectError: undefined, felt, feltAtMs, during, interrupted: !observed.ok };
}

async function feltOrUndefined(fault: Fault): Promise<Reading<Fact> | undefined> {
  try {
    const felt = await fault.felt();
    return felt.ok ? felt : undefined;
  } catch {
    return undefined;
  }
}

async function removeFault(
  plan: ExperimentPlan,
  record: JournalRecord,
  elapsed: () => number,
): Promise<Pick<Observed, "removedAtMs" | "removeError">> {
  try {
    await plan.fault.remove();
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
  await poll(
    async () => {
      after = await sample();
      return after.outcome === "pass" ? { state: "yes", value: true } : { state: "not yet", seen: after.because };
    },
    { what: `recovery from ${plan.fault.name}`, timeoutMs: plan.recoverWithinMs, everyMs: plan.everyMs, clock },
  );
  return { recoveredAtMs: after?.outcome === "pass" ? after.atMs : undefined, after };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
