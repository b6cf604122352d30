/** Users served at once: the load was really there, and hardly a request of it failed. */
import { conclude, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { LoadRun, Sample } from "../../probes/load/load-run.ts";
import { bandwidthUsed } from "./bandwidth.judge.ts";
import { loadWords } from "./latency.judge.ts";
import { usersAtOnce } from "./load-generator.judge.ts";
import { validityOf, type LoadNeeds } from "./load.judge.ts";
import { during, plateauOf, rounded } from "./plateau.judge.ts";

export type ServedLimits = {
  /** Users at once; a plan with fewer is held to its own number, and says so. */
  readonly usersMin: number;
  readonly failedPercentMax: number;
  /** Requests that the plateau needs in all. */
  readonly samplesMin: number;
};

const kindsAtMost = 5;

/**
 * A request failed where its answer was not what is expected of the endpoint, or did not come. The share of those fails; a generator that did not hold its users,
 * dropped arrivals or cannot be believed for another reason is never the platform's failure: then nothing is proven.
 */
export function judgeUsersServed(reading: Reading<LoadRun>, needs: LoadNeeds, limits: ServedLimits): Verdict {
  const { reasons, facts } = validityOf(reading, needs);
  if (!reading.ok || reasons.length > 0) return conclude({ faults: [], gaps: reasons, facts, held: "" });
  const { value: run, source, at } = reading;
  const plateau = plateauOf(run);
  const asked = during(plateau, run.samples);
  const failed = asked.filter(({ expected }) => !expected);
  const percent = asked.length === 0 ? 0 : (failed.length / asked.length) * 100;
  // Compared as a product: a quotient may be rounded to the wrong side of its limit.
  const isOver = failed.length * 100 > limits.failedPercentMax * asked.length;
  const full = bandwidthUsed(run, plateau)
    .reasons.map((why) => ` (${why})`)
    .join("");
  const before = run.samples.filter(({ atMs }) => atMs < plateau.fromMs);
  const limit = `at most ${limits.failedPercentMax} %`;
  const ofSamples = { source, at, file: needs.evidenceFile };
  return conclude({
    faults: isOver
      ? [
          `${rounded(percent, 2)} % of ${asked.length} requests failed, more than ${limits.failedPercentMax} %: ${kindsOf(failed)}${full}`,
        ]
      : [],
    gaps: [
      ...usersMissing(run, limits),
      ...(asked.length < limits.samplesMin
        ? [`${asked.length} requests were made on the plateau, at least ${limits.samplesMin} are needed`]
        : []),
    ],
    facts: [
      {
        what: "requests failed on the plateau",
        value: rounded(percent, 2),
        unit: "%",
        limit,
        samples: asked.length,
        ...ofSamples,
      },
      ...(failed.length === 0 ? [] : [{ what: "how they failed", value: kindsOf(failed), ...ofSamples }]),
      {
        what: `requests failed on the ramp, of ${before.length}`,
        value: before.filter(({ expected }) => !expected).length,
        unit: "requests",
        ...ofSamples,
      },
      ...facts,
    ],
    held: `${rounded(percent, 2)} % of ${asked.length} requests failed, with ${loadWords(run, needs)}`,
  });
}

/** The validity of a run lets 5 % of the users lack on average; the number in this criterion's sentence must really have been there, half of the time at least. */
function usersMissing(run: LoadRun, { usersMin }: ServedLimits): string[] {
  const wanted = Math.min(usersMin, run.plan.usersPlateau);
  const held = usersAtOnce(run, plateauOf(run)) ?? 0;
  return held >= wanted ? [] : [`${held} users were there at once on the plateau, of ${wanted}`];
}

/** `POST /x 503 40 times, GET /y no answer (timeout) 3 times`, most frequent first. */
function kindsOf(failed: readonly Sample[]): string {
  const kinds = Map.groupBy(failed, ({ endpoint, status, error }) => {
    if (status === 0) return `${endpoint} no answer (${error ?? "no reason told"})`;
    return `${endpoint} ${status}${status < 400 ? " with an unexpected answer" : ""}`;
  });
  const sorted = [...kinds].toSorted((one, other) => other[1].length - one[1].length);
  const named = sorted.slice(0, kindsAtMost).map(([kind, { length }]) => `${kind} ${length} times`);
  return [...named, ...(sorted.length > kindsAtMost ? [`${sorted.length - kindsAtMost} other kinds`] : [])].join(", ");
}
