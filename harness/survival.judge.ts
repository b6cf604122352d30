/** Decides what an experiment has shown. The order of the questions is the method: see docs/method.md. */
import type { Observed } from "./experiment.ts";
import { lostTime } from "./lost-time.judge.ts";
import { fail, pass, unproven, type Fact, type NonEmpty, type Verdict } from "./verdict.ts";

export type SurvivalLimits = {
  /** How long the steady state may be lost in all while the fault stands, counted from the last good look to the next. */
  readonly lostMsMax: number;
  /** How long after the removal the steady state may take to come back. */
  readonly recoverMsMax: number;
};

/**
 * Asks, in this order: not removable -> fail; not steady before -> unproven; not injected or not felt -> unproven;
 * the steady state lost beyond its budget -> fail; seen only in part -> unproven; not recovered in time -> fail; else pass.
 * @param now when the experiment ended, for the facts
 */
export function judgeSurvival(observed: Observed, limits: SurvivalLimits, now: Date): Verdict {
  const fact = factOf(observed, now);
  if (observed.removeError !== undefined) {
    const facts: NonEmpty<Fact> = [fact("fault removed", false)];
    return fail(`${observed.fault} could not be removed: ${observed.removeError}`, facts);
  }
  if (!observed.targets.ok)
    return unproven(`the targets of ${observed.fault} could not be read: ${observed.targets.why}`);
  if (observed.targets.value.length === 0) return unproven(`${observed.fault} has no target: nothing was injected`);
  if (observed.before.outcome !== "pass") {
    return unproven(`not steady before ${observed.fault}, nothing was injected: ${observed.before.because}`);
  }
  if (observed.injectedAtMs === undefined) {
    return unproven(`${observed.fault} was not injected: ${observed.injectError ?? "interrupted"}`);
  }
  if (observed.felt === undefined || !observed.felt.ok) {
    const why = observed.felt === undefined ? "" : ` (${observed.felt.why})`;
    return unproven(`${observed.fault} was injected but not felt: surviving it shows nothing${why}`);
  }
  const lostMs = lostTime(observed.before, observed.during, observed.removedAtMs ?? observed.injectedAtMs);
  const lost = fact("steady state lost", Math.round(lostMs), "ms", `at most ${limits.lostMsMax} ms`);
  const felt = observed.felt.value;
  if (lostMs > limits.lostMsMax) {
    const first = observed.during.find((sample) => sample.outcome === "fail");
    return fail(`steady state lost for ${Math.round(lostMs)} ms under ${observed.fault}: ${first?.because ?? ""}`, [
      lost,
      felt,
    ]);
  }
  if (observed.interrupted) {
    const why = observed.cutBecause ?? "interrupted";
    return unproven(`the observation of ${observed.fault} was cut short: ${why}`, [lost, felt]);
  }
  const blind = observed.during.filter((sample) => sample.outcome === "unproven").length;
  if (observed.during.length === 0 || blind > 0) {
    return unproven(
      `the steady state could not be read in ${blind} of ${observed.during.length} looks under ${observed.fault}`,
      [lost, felt],
    );
  }
  const { feltAtMs = Infinity } = observed;
  if (!observed.during.some(({ atMs }) => atMs >= feltAtMs)) {
    return unproven(`the steady state was not looked at while ${observed.fault} was felt`, [lost, felt]);
  }
  return judgeRecovery(observed, limits, [lost, felt], fact);
}

function judgeRecovery(observed: Observed, limits: SurvivalLimits, facts: NonEmpty<Fact>, fact: FactMaker): Verdict {
  const { removedAtMs, recoveredAtMs, after } = observed;
  if (removedAtMs === undefined || after === undefined)
    return unproven(`the recovery from ${observed.fault} was not observed`, facts);
  if (recoveredAtMs === undefined && after.outcome === "unproven") {
    return unproven(`the recovery from ${observed.fault} could not be read: ${after.because}`, facts);
  }
  const recoverMs = (recoveredAtMs ?? after.atMs) - removedAtMs;
  const recovery = fact("recovery after the fault", Math.round(recoverMs), "ms", `at most ${limits.recoverMsMax} ms`);
  if (recoveredAtMs === undefined || recoverMs > limits.recoverMsMax) {
    return fail(`not recovered from ${observed.fault} within ${limits.recoverMsMax} ms: ${after.because}`, [
      recovery,
      ...facts,
    ]);
  }
  return pass(`survived ${observed.fault}, recovered after ${Math.round(recoverMs)} ms`, [recovery, ...facts]);
}

type FactMaker = (what: string, value: number | boolean, unit?: string, limit?: string) => Fact;

function factOf(observed: Observed, now: Date): FactMaker {
  return (what, value, unit, limit) => ({
    what,
    value,
    ...(unit === undefined ? {} : { unit }),
    ...(limit === undefined ? {} : { limit }),
    source: observed.fault,
    at: now.toISOString(),
  });
}
