/** Why a load run proves nothing. Latency that a starved, killed or silent generator tells is its own, and a pass on it would be a lie. */
import type { Fact, Reading } from "../../harness/verdict.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import { idleness, rateReached, usersHeld, type Found } from "./load-generator.judge.ts";
import { clockTime, isWhole, plateauOf, secondsOf, rounded } from "./plateau.judge.ts";

export type LoadNeeds = {
  /** Users at once that the roadmap asks for; a plan with fewer says so beside every verdict. */
  readonly usersRoadmap: number;
  /** Nodes of the cluster on the generator's machine; empty where it has a machine of its own. */
  readonly nodesBesideGenerator: Reading<readonly string[]>;
  /** Where what was measured is kept, below the run's evidence folder. */
  readonly evidenceFile: string;
};

export type Validity = {
  /** One sentence a reason, the one that explains the others first. Empty: the run may be judged. */
  readonly reasons: readonly string[];
  readonly facts: readonly Fact[];
};

/** Clocks that differ by more are not the same time: requests would be joined with the metrics of another moment. */
const clockMsMax = 2_000;
/** A comparison that may be wrong by more says nothing of two clocks. */
const comparedMsMax = 5_000;
/** What may lie between the planned times and the real ones. */
const plannedMsMax = 2_000;
/** 0, and 99 where a threshold of k6 was crossed: thresholds are judged here again, by raw numbers. */
const exitCodes: readonly (number | null)[] = [0, 99];
const namedAtMost = 3;

/**
 * Everything that makes a run worthless, whatever it measured; empty reasons mean that its generator can be believed.
 * How much evidence one endpoint needs, and what a capped load balancer does to latency, is asked by the judge of latency (`latency.judge.ts`).
 */
export function validityOf(reading: Reading<LoadRun>, needs: LoadNeeds): Validity {
  if (!reading.ok) return { reasons: [reading.why], facts: [] };
  const { value: run, source, at } = reading;
  const plateau = plateauOf(run);
  const ended = endOf(run);
  const times = timesOf(run);
  // Without readable times nothing can be said to lie on the plateau.
  const found: readonly Found[] =
    times.length > 0
      ? [{ reasons: [...ended, ...times], facts: [] }]
      : [
          { reasons: ended, facts: [] },
          rateReached(run, plateau),
          usersHeld(run, plateau, needs.usersRoadmap),
          idleness(run, plateau),
          { reasons: [...samplesOf(run), ...clocksOf(run)], facts: [] },
          sharing(run, needs.nodesBesideGenerator),
        ];
  return {
    reasons: found.flatMap(({ reasons }) => reasons),
    facts: found.flatMap(({ facts }) => facts.map((fact) => ({ ...fact, source, at }))),
  };
}

/** How the generator ended, and what of its numbers is missing: what is not there may be the very requests that took longest. */
function endOf({ exit, stopped, gaps = [] }: LoadRun): string[] {
  const { code, signal } = exit;
  return [
    ...(stopped === undefined ? [] : [`the generator was stopped: ${stopped}`]),
    ...(signal === null ? [] : [`the generator was ended by ${signal}`]),
    ...(signal === null && !exitCodes.includes(code) ? [`the generator ended with exit code ${code ?? "none"}`] : []),
    ...gaps,
  ];
}

/** Begun, plateau and end in this order, the plateau as long as planned. A run that ended before its plateau did was killed half-way, whoever did it. */
function timesOf(run: LoadRun): string[] {
  const { fromMs, untilMs } = plateauOf(run);
  const [startedMs, endedMs] = [Date.parse(run.startedAt), Date.parse(run.endedAt)];
  if (![startedMs, fromMs, untilMs, endedMs].every(Number.isFinite))
    return ["when the run began, and when its plateau was, cannot be read"];
  const seconds = secondsOf({ fromMs, untilMs });
  const { plateauSeconds } = run.plan;
  return [
    ...(startedMs <= fromMs && fromMs < untilMs
      ? []
      : [
          `the plateau from ${clockTime(fromMs)} to ${clockTime(untilMs)} does not follow the start at ${clockTime(startedMs)}`,
        ]),
    ...(Math.abs(seconds - plateauSeconds) * 1000 <= plannedMsMax
      ? []
      : [`the plateau was ${rounded(seconds)} s long, of ${plateauSeconds} s by plan`]),
    ...(endedMs >= untilMs - plannedMsMax
      ? []
      : [`the generator ended ${rounded((untilMs - endedMs) / 1000)} s before the end of the plateau`]),
  ];
}

/** Requests that cannot have been made in this run, and such without a time or a duration. */
function samplesOf({ samples, startedAt, endedAt }: LoadRun): string[] {
  const broken = samples.filter((sample) => !isWhole(sample));
  const [fromMs, untilMs] = [Date.parse(startedAt) - plannedMsMax, Date.parse(endedAt) + plannedMsMax];
  const outside = samples.filter(({ atMs }) => atMs < fromMs || atMs > untilMs);
  const [first] = outside;
  return [
    ...(broken.length === 0
      ? []
      : [`${broken.length} of ${samples.length} requests have a time or a duration that is no number`]),
    ...(first === undefined
      ? []
      : [
          `${outside.length} requests are dated outside the run, the first at ${clockTime(first.atMs)}: the generator's clock is wrong`,
        ]),
  ];
}

/** A clock is wrong where it differs by more than the comparison itself may be wrong by. */
function clocksOf({ clocks }: LoadRun): string[] {
  if (clocks.length === 0) return ["no clock was compared with the harness's own"];
  return clocks.flatMap(({ of, aheadMs, tookMs, withinMs = tookMs }) => {
    if (!(withinMs >= 0 && withinMs <= comparedMsMax))
      return [`the clock of ${of} could be read to ${rounded(withinMs / 1000)} s only: it cannot be compared`];
    if (Math.abs(aheadMs) <= clockMsMax + withinMs) return [];
    return [
      `the clock of ${of} is ${rounded(Math.abs(aheadMs) / 1000)} s ${aheadMs < 0 ? "behind" : "ahead"}: set the clocks`,
    ];
  });
}

/** A generator beside the subject takes processors from it and waits for those that it takes: only where the profile accepts that, and says why. */
function sharing({ plan }: LoadRun, nodes: Reading<readonly string[]>): Found {
  const { sharedMachine } = plan;
  const what = "generator beside what it measures";
  if (!nodes.ok) {
    const accepted = { what, value: `not known (${nodes.why}), accepted: ${sharedMachine ?? ""}` };
    return sharedMachine === undefined
      ? { reasons: [`whether the generator shares its machine with the cluster is not known: ${nodes.why}`], facts: [] }
      : { reasons: [], facts: [accepted] };
  }
  const [first] = nodes.value;
  if (first === undefined) return { reasons: [], facts: [{ what, value: "no" }] };
  const named = nodes.value.slice(0, namedAtMost).join(", ");
  const beside = nodes.value.length > namedAtMost ? `${named} and ${nodes.value.length - namedAtMost} more` : named;
  return sharedMachine === undefined
    ? { reasons: [`the generator shares its machine with ${beside}, and the profile does not accept that`], facts: [] }
    : { reasons: [], facts: [{ what, value: `with ${beside}, accepted: ${sharedMachine}` }] };
}
