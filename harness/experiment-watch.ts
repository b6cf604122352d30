/** The steady state while a fault stands: looked at all the time, and the experiment cut short where it is lost for too long. */
import type { ExperimentPlan, SteadySample } from "./experiment.ts";
import { lostTime } from "./lost-time.judge.ts";
import { poll, type Clock } from "./poll.ts";

const samplesMax = 10_000;
const watchMsMax = 24 * 3600_000;

export type Watch = {
  /** Aborts where the budget is used up, or where no more looks are kept: the fault must be removed. */
  readonly cut: AbortSignal;
  cutBecause(): string | undefined;
  /** Ends the watch. @returns all looks, in their order, with the one that was under way: what began while the fault stood counts */
  stop(): Promise<readonly SteadySample[]>;
};

/** Begins to look, every `everyMs` from the end of one look to the next. */
export function watchSteady(
  watched: Pick<ExperimentPlan, "everyMs" | "lostMsMax" | "fault"> & {
    readonly before: SteadySample;
    readonly clock: Clock;
    readonly elapsed: () => number;
    readonly sample: () => Promise<SteadySample>;
  },
): Watch {
  const { before, clock, elapsed, sample, everyMs, lostMsMax, fault } = watched;
  const cut = new AbortController();
  const stopping = new AbortController();
  const during: SteadySample[] = [];
  let because: string | undefined;
  const cutOff = (why: string): void => {
    because ??= why;
    cut.abort();
  };
  const watching = poll<never>(
    async () => {
      const look = await sample();
      during.push(look);
      const lostMs = lostTime(before, during, elapsed());
      if (lostMs > lostMsMax) cutOff(`the steady state was lost for ${Math.round(lostMs)} ms of ${lostMsMax} ms`);
      // What comes after would not be seen: an observation that is not whole claims nothing.
      if (during.length < samplesMax) return { state: "not yet", seen: look.because };
      cutOff(`more than ${samplesMax} looks`);
      return { state: "never", why: "no more looks are kept" };
    },
    // A bound of its own is in each look.
    { what: `watching under ${fault.name}`, timeoutMs: watchMsMax, everyMs, clock, signal: stopping.signal },
  );
  return {
    cut: cut.signal,
    cutBecause: () => because,
    async stop() {
      stopping.abort();
      await watching;
      return during;
    },
  };
}
