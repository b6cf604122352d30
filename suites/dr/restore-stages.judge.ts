/** The stages of a restore: each has its time, they follow each other, and the last one comes in time. */
import type { Fact } from "../../harness/verdict.ts";
import type { Moment, RestoreRun, Stage } from "../../probes/restore/restore-run.ts";

/** What speaks against a run, what could not be seen, and what was measured. */
export type Found = { readonly faults: string[]; readonly gaps: string[]; readonly facts: Fact[] };

/** The two clocks may part so far within a stage. */
const partMsMax = 2_000;

/**
 * Late is a fault. A stage without a time is one, too, once the limit has passed when the drill ended; before that it is a gap, as are stages out
 * of their order and a clock that stepped.
 * @param limits.secondsMax may not be reached
 */
export function weighStages(
  run: RestoreRun,
  { stages, secondsMax }: { readonly stages: readonly string[]; readonly secondsMax: number },
): Found {
  const named = new Map(run.stages.map((stage) => [stage.name, stage]));
  const inOrder = stages.map((name): Stage => named.get(name) ?? { name });
  const [first] = inOrder;
  const declared = first?.reached;
  if (declared === undefined) return { faults: [], gaps: ["nobody noted when the loss was declared"], facts: [] };
  const gaps = [...orderGaps(inOrder), ...strayGaps(run, stages)];
  const facts = inOrder.flatMap(({ name, reached }, index): Fact[] => {
    const before = inOrder[index - 1]?.reached;
    return reached === undefined || before === undefined
      ? []
      : [factOf(run, `from ${inOrder[index - 1]?.name ?? ""} to ${name}`, inSeconds(reached.ms - before.ms))];
  });
  const last = inOrder.at(-1)?.reached;
  const takenMs = (last ?? run.ended).ms - declared.ms;
  const whole = {
    ...factOf(run, "time from declared to data verified", inSeconds(takenMs)),
    limit: `below ${secondsMax}`,
  };
  const missing = inOrder.filter(({ reached }) => reached === undefined).map(({ name }) => name);
  const faults: string[] = [];
  if (last === undefined) {
    const sentence = `${missing.join(", ")}: not reached ${inSeconds(takenMs)} s after it was declared`;
    if (takenMs >= secondsMax * 1000) faults.push(`${sentence}, below ${secondsMax} s`);
    else gaps.push(sentence);
  } else {
    if (takenMs >= secondsMax * 1000)
      faults.push(`it took ${inSeconds(takenMs)} s from declared to data verified, below ${secondsMax} s`);
    if (missing.length > 0) gaps.push(`nobody saw when these were reached: ${missing.join(", ")}`);
  }
  const after =
    run.renewed === undefined || last === undefined
      ? []
      : [factOf(run, "afterwards, until all pods were of their own templates", inSeconds(run.renewed.ms - last.ms))];
  return { faults, gaps, facts: [whole, ...facts, ...after] };
}

/** Stages that were reached before the one that comes before them, and clocks that part. */
function orderGaps(stages: readonly Stage[]): string[] {
  const reached = stages.flatMap(({ name, reached: moment }) => (moment === undefined ? [] : [{ name, moment }]));
  return reached.flatMap(({ name, moment }, index) => {
    const before = reached[index - 1];
    if (before === undefined) return [];
    const [ms, wallMs] = [moment.ms - before.moment.ms, wallBetween(before.moment, moment)];
    if (!(ms >= 0)) return [`${name} was reached before ${before.name}`];
    return Math.abs(wallMs - ms) <= partMsMax ? [] : [`the clock stepped between ${before.name} and ${name}`];
  });
}

/** Stages that nobody knows, and stages that stand there twice. */
function strayGaps({ stages }: RestoreRun, known: readonly string[]): string[] {
  const names = stages.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => !known.includes(name) || names.indexOf(name) !== index))].map(
    (name) => `the stage '${name}' is not known, or stands there twice`,
  );
}

/** NaN where one of them is no time, which is no comparison's friend. */
function wallBetween(from: Moment, until: Moment): number {
  const ms = Date.parse(until.at) - Date.parse(from.at);
  return Number.isFinite(ms) ? ms : Number.POSITIVE_INFINITY;
}

function factOf({ what: source, ended, file }: RestoreRun, what: string, value: number): Fact {
  return { what, value, unit: "s", source, at: ended.at, file };
}

/** Milliseconds as seconds. */
export function inSeconds(ms: number): number {
  return Math.round(ms) / 1000;
}
