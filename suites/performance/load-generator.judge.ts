/** Whether the generator of a load run did what its plan says: kept processors to spare, held its users, reached its rate, dropped nothing. */
import type { Fact } from "../../harness/verdict.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import { rank } from "./percentile.judge.ts";
import { clockTime, during, longestHole, meanOf, secondsOf, rounded, type Span } from "./plateau.judge.ts";

/** What speaks against a run, and what was measured of it. */
export type Found = { readonly reasons: readonly string[]; readonly facts: readonly Omit<Fact, "source" | "at">[] };

/** The machine is looked at each second; two looks may be lost. */
const unwatchedSecondsMax = 3;
/** Requests and the number of users come every second or oftener. */
const silentSecondsMax = 5;
/** What may lack of the users and the rate that were planned. */
const reachedShareMin = 0.95;
/** Generator and harness count the same requests. */
const countedShareMax = 0.01;
const stretchSeconds = 10;
/**
 * Of the idle share that is asked for on average, what a stretch must have. Where both share a machine, pods that scaling starts take nearly all of it for
 * some seconds; a generator that waits then measures more than there was, and arrivals that it could not make are counted as dropped.
 */
const worstShare = 0.1;
/** A ramp that begins with more of the users than this hardly rises. */
const flatShareMax = 0.8;

/**
 * The machine of the generator must have had processors to spare: on average at least `generatorIdlePercentMin` of them, and in no ten seconds less than half of that.
 * The average says whether the machine is large enough for this load. Ten seconds of a plateau of three minutes are 5.5 % of its requests, enough to make a p95 of
 * the generator's own waiting, and an average over the whole does not show them. A single busy second is left to chance: it can only make latency look worse,
 * and how many seconds were below is told.
 */
export function idleness({ plan, seconds }: LoadRun, plateau: Span): Found {
  const readable = during(plateau, seconds).filter(({ idlePercent }) => Number.isFinite(idlePercent));
  const watched = readable.toSorted((one, other) => one.atMs - other.atMs);
  const hole = longestHole(plateau, watched);
  const unwatched =
    hole.seconds > unwatchedSecondsMax
      ? [`the generator's machine was not watched for ${rounded(hole.seconds)} s from ${clockTime(hole.fromMs)}`]
      : [];
  if (watched.length === 0) return { reasons: unwatched, facts: [] };
  const idle = watched.map(({ idlePercent }) => idlePercent);
  const mean = meanOf(idle);
  const worst = worstStretch(idle);
  const min = plan.generatorIdlePercentMin;
  const below = (idle.filter((percent) => percent < min).length / idle.length) * 100;
  const others = `${rounded(below)} % of ${idle.length} seconds were below it, the worst ${stretchSeconds} s had ${rounded(worst)} %`;
  const busy =
    mean < min
      ? [`the generator's machine was ${rounded(mean)} % idle on the plateau, below ${min} %: ${others}`]
      : worst < min * worstShare
        ? [
            `the generator's machine was ${rounded(worst)} % idle in its worst ${stretchSeconds} s, below a tenth of ${min} %: ${others}`,
          ]
        : [];
  const own = meanOf(watched.map(({ generatorPercent }) => generatorPercent));
  return {
    reasons: [...unwatched, ...busy],
    facts: [
      {
        what: "idle processors of the generator's machine on the plateau",
        value: rounded(mean),
        unit: "%",
        limit: `at least ${min} %`,
      },
      {
        what: `idle processors in the worst ${stretchSeconds} s`,
        value: rounded(worst),
        unit: "%",
        limit: `at least ${min * worstShare} %`,
      },
      { what: "seconds with fewer idle processors than asked for", value: rounded(below), unit: "%" },
      ...(Number.isFinite(own) ? [{ what: "processors that the generator took", value: rounded(own), unit: "%" }] : []),
    ],
  };
}

/** The lowest mean of so many values in a row; of all, where there are fewer. */
function worstStretch(values: readonly number[]): number {
  const starts = Math.max(values.length - stretchSeconds, 0) + 1;
  const means = Array.from({ length: starts }, (_, start) => meanOf(values.slice(start, start + stretchSeconds)));
  return means.reduce((worst, mean) => Math.min(worst, mean));
}

/** Users at once in the middle of all seconds of the plateau by their number: half of the time there were as many or more. Undefined where none were told. */
export function usersAtOnce({ users }: LoadRun, plateau: Span): number | undefined {
  const told = during(plateau, users)
    .map((one) => one.users)
    .filter((count) => Number.isFinite(count));
  return told.length === 0 ? undefined : rank(told).percentile(50);
}

/**
 * Users at once, as told each second. Their median is what a verdict is about: a second at an edge of the plateau does not make 499 of 500.
 * @param usersRoadmap what the roadmap asks for; a plan with fewer says so beside every verdict
 */
export function usersHeld(run: LoadRun, plateau: Span, usersRoadmap: number): Found {
  const { plan, users } = run;
  const told = during(plateau, users).filter((one) => Number.isFinite(one.users));
  const hole = longestHole(plateau, told);
  const silent =
    hole.seconds > silentSecondsMax
      ? [`how many users there were was not told for ${rounded(hole.seconds)} s from ${clockTime(hole.fromMs)}`]
      : [];
  const median = usersAtOnce(run, plateau);
  if (median === undefined) return { reasons: silent, facts: [] };
  const mean = meanOf(told.map((one) => one.users));
  const min = plan.usersPlateau * reachedShareMin;
  const few =
    mean < min ? [`${rounded(mean)} users were there on average on the plateau, of ${plan.usersPlateau} by plan`] : [];
  const limit =
    plan.usersPlateau < usersRoadmap
      ? `at least ${plan.usersPlateau} by this profile; the roadmap asks for ${usersRoadmap}`
      : `at least ${usersRoadmap}`;
  return {
    reasons: [...silent, ...few, ...notRisen(run, plateau)],
    facts: [{ what: "concurrent users on the plateau", value: median, unit: "users", limit }],
  };
}

/**
 * A count of users rises with the ramp. One that does not is of something else: with arrival rates k6's own `vus` counts the users that it keeps ready, from the
 * first second on, whether or not anybody came. On the first half of the ramp there are by plan never more than in its middle.
 */
function notRisen({ plan, users }: LoadRun, plateau: Span): string[] {
  const { usersFirst, usersPlateau, rampSeconds } = plan;
  if (usersFirst > usersPlateau * flatShareMax) return [];
  const rampMs = rampSeconds * 1000;
  const firstHalf = during({ fromMs: plateau.fromMs - rampMs, untilMs: plateau.fromMs - rampMs / 2 }, users);
  const mean = meanOf(firstHalf.map((one) => one.users));
  const middle = (usersFirst + usersPlateau) / 2;
  if (mean <= middle) return [];
  return firstHalf.length === 0
    ? ["how many users there were was not told on the first half of the ramp"]
    : [
        `${rounded(mean)} users were told of on the first half of the ramp, where at most ${rounded(middle)} were planned: what was counted is not users at once`,
      ];
}

/** Requests a second against users by the time that each thinks; the generator's own count against ours; and no request that should have begun and did not. */
export function rateReached({ plan, samples, told }: LoadRun, plateau: Span): Found {
  const asked = plan.usersPlateau / plan.thinkSeconds;
  const onPlateau = during(plateau, samples);
  const reached = onPlateau.length / secondsOf(plateau);
  const hole = longestHole(plateau, onPlateau);
  const { requests, dropped } = told;
  const isSilent = Object.values(told).every((number) => number === undefined);
  const counted = samples.length;
  const isMiscounted = (number: number): boolean =>
    !(Math.abs(counted - number) <= Math.max(counted, number, 1) * countedShareMax);
  return {
    reasons: [
      ...(isSilent ? ["the generator's summary is empty"] : []),
      ...(!isSilent && dropped === undefined ? ["the generator did not tell how many arrivals it dropped"] : []),
      ...(dropped !== undefined && dropped !== 0
        ? [`the generator dropped ${dropped} arrivals: what it did not ask nobody waited for`]
        : []),
      ...(!isSilent && requests === undefined ? ["the generator did not tell how many requests it made"] : []),
      ...(requests !== undefined && isMiscounted(requests)
        ? [`the generator told of ${requests} requests, ${counted} were counted`]
        : []),
      ...(hole.seconds > silentSecondsMax
        ? [`there was no request for ${rounded(hole.seconds)} s of the plateau, from ${clockTime(hole.fromMs)}`]
        : []),
      ...(reached >= asked * reachedShareMin
        ? []
        : [`${rounded(reached)} requests a second were reached, of ${rounded(asked)} by plan`]),
    ],
    facts: [
      {
        what: "requests a second on the plateau",
        value: rounded(reached),
        unit: "requests/s",
        limit: `at least ${rounded(asked * reachedShareMin)} of ${rounded(asked)} by plan`,
      },
      ...(dropped === undefined
        ? []
        : [{ what: "arrivals that the generator dropped", value: dropped, unit: "arrivals", limit: "exactly 0" }]),
    ],
  };
}
