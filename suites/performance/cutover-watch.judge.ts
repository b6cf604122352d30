/** The hours after the cutover: each was watched without a gap, and each kept its limits of errors and latency. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Budget } from "../../harness/soak/budget.ts";
import type { Hour } from "../../harness/soak/hours.ts";

/** What a soak saw of a window. */
export type Watched = {
  readonly soak: string;
  readonly from: string;
  readonly until: string;
  readonly hours: readonly Hour[];
  /** Minutes without an answer from outside, of all minutes of the window. */
  readonly unanswered: Budget;
};

export type WatchLimits = {
  /** Hours that must have been watched. */
  readonly hours: number;
  /** Answers of class 5xx in an hour, in percent of all. */
  readonly failedPercentMax: number;
  /** Each percentile of an hour, the time that it must stay below, which must be a bound of the gateway's histogram, and the answers that it takes to tell. */
  readonly latency: readonly { readonly percentile: number; readonly ms: number; readonly samplesMin: number }[];
};

type Judged = { readonly faults: readonly string[]; readonly gaps: readonly string[] };

/**
 * The hours of a watch that are over. Each is judged by sums of raw counters: nothing is averaged, and no percentile is guessed between two bounds.
 * An hour with gaps fails only where it would have, had its unmeasured minutes been as busy as its busiest one and faultless.
 */
export function judgeHours(watched: Watched, limits: WatchLimits, now: Date): Judged {
  const { hours, unanswered } = watched;
  const over = hours.filter(({ until }) => Date.parse(until) <= now.getTime());
  const judged = over.map((hour) => judgeHour(hour, limits));
  const first = hours.flatMap((hour) => hour.unanswered)[0];
  const burned = `${unanswered.lost} of ${unanswered.planned} minutes had no answer from outside, at most ${unanswered.lostMax} may have none; the first was ${first?.at}: ${first?.why}`;
  return {
    faults: [...(unanswered.isBurned ? [burned] : []), ...judged.flatMap(({ faults }) => faults)],
    gaps: judged.flatMap(({ gaps }) => gaps),
  };
}

/**
 * @param found each soak that covers the window; none of them may be left out for another
 * @param now by it a window that is not over is known
 */
export function judgeCutoverWatched(found: Reading<readonly Watched[]>, limits: WatchLimits, now: Date): Verdict {
  const held = `${limits.hours} hours after the cutover were watched minute by minute, each within its limits`;
  return judgeWatched(found, limits, { now, held });
}

/**
 * The same of any window.
 * @param limits.hours may be a part of one, where a soak is shorter
 * @param words.held the sentence of a pass
 */
export function judgeWatched(
  found: Reading<readonly Watched[]>,
  limits: WatchLimits,
  { now, held }: { readonly now: Date; readonly held: string },
): Verdict {
  if (!found.ok) return unproven(found.why);
  const { source, at } = found;
  const judged = found.value.map((watched) => ({ watched, ...judgeHours(watched, limits, now) }));
  const early = found.value.flatMap(({ soak, from, until }) =>
    Date.parse(until) <= now.getTime()
      ? []
      : [`${soak}: ${hoursBetween(from, now.toISOString())} of ${limits.hours} hours are over`],
  );
  const short = found.value.flatMap(({ soak, hours }) => {
    const minutes = hours.reduce((sum, hour) => sum + hour.minutes, 0);
    return minutes >= Math.round(limits.hours * 60)
      ? []
      : [`${soak}: its window has ${minutes / 60} of ${limits.hours} hours`];
  });
  return conclude({
    faults: judged.flatMap(({ faults }) => faults),
    gaps: [...early, ...short, ...judged.flatMap(({ gaps }) => gaps)],
    facts: judged.flatMap(({ watched }) => factsOf(watched, limits, now).map((fact) => ({ ...fact, source, at }))),
    held,
  });
}

function judgeHour(hour: Hour, limits: WatchLimits): Judged {
  const { answers, failed, gaps, busiest, minutes } = hour;
  const name = nameOf(hour);
  const [first] = gaps;
  const missed = `${name}: ${gaps.length} of ${minutes} minutes were not measured, the first ${first?.at}: ${first?.why}`;
  const unmeasured = gaps.length * busiest;
  const tooMany = failed * 100 > limits.failedPercentMax * (answers + unmeasured);
  const errors = `${name}: ${failed} of ${answers} answers were errors (${percent(failed, answers)} %, at most ${limits.failedPercentMax} %)`;
  const latency = limits.latency.map((limit) => judgeLatency(hour, limit));
  return {
    faults: [...(tooMany ? [errors] : []), ...latency.flatMap(({ faults }) => faults)],
    gaps: [
      ...(gaps.length > 0 ? [missed] : []),
      // One sentence that says why is enough.
      ...(gaps.length > 0 ? [] : latency.flatMap(({ gaps: untold }) => untold)),
    ],
  };
}

/**
 * The gateway's histogram holds answers of every kind, and errors may be fast: how many of the slow ones were successes is known between two
 * bounds only. Both must lie on the same side of the limit.
 */
function judgeLatency(hour: Hour, limit: WatchLimits["latency"][number]): Judged {
  const { answers, unsuccessful, withinMs, gaps, busiest } = hour;
  const { percentile, ms, samplesMin } = limit;
  const name = `${nameOf(hour)}: p${percentile}`;
  const all = withinMs.get("+Inf");
  const within = withinMs.get(String(ms));
  if (all === undefined || within === undefined) {
    return { faults: [], gaps: [`${name} is not known: the gateway's histogram has no bound at ${ms} ms`] };
  }
  const successes = answers - unsuccessful;
  const slowMin = Math.max(0, all - within - unsuccessful);
  // What was counted as an answer and not in the histogram yet may have taken any time.
  const slowMax = all - within + Math.max(0, answers - all);
  const share = 100 - percentile;
  if (slowMin * 100 > share * (successes + gaps.length * busiest)) {
    const told = `${slowMin} of ${successes} answers took longer than ${ms} ms (${percent(slowMin, successes)} %)`;
    return { faults: [`${name} is not below ${ms} ms: at least ${told}`], gaps: [] };
  }
  if (successes < samplesMin) {
    return { faults: [], gaps: [`${name} is not known: ${successes} answers, at least ${samplesMin} are needed`] };
  }
  if (slowMax * 100 <= share * successes) return { faults: [], gaps: [] };
  const between = `${percent(slowMin, successes)} to ${percent(slowMax, successes)} %`;
  return {
    faults: [],
    gaps: [
      `${name} cannot be told: ${between} of the answers took longer than ${ms} ms, errors are not told from successes`,
    ],
  };
}

function factsOf(watched: Watched, limits: WatchLimits, now: Date): readonly Omit<Fact, "source" | "at">[] {
  const { soak, from, until, unanswered } = watched;
  const hours = watched.hours.filter((hour) => Date.parse(hour.until) <= now.getTime());
  const whole = hours.filter(({ gaps }) => gaps.length === 0);
  const measured = hours.reduce((sum, hour) => sum + hour.minutes - hour.gaps.length, 0);
  const faulty = hours.flatMap((hour) =>
    judgeHour(hour, limits).faults.map((value) => ({ what: "hour outside a limit", value })),
  );
  const worst = (of: (hour: Hour) => number): number => Math.max(0, ...hours.map(of));
  return [
    ...faulty.slice(0, shownAtMost),
    {
      what: `hours of ${soak} watched without a gap, ${from} to ${until}`,
      value: whole.length,
      unit: "hours",
      limit: `at least ${Math.ceil(limits.hours)}`,
      samples: measured,
    },
    {
      what: "minutes without an answer from outside",
      value: unanswered.lost,
      unit: "minutes",
      limit: `at most ${unanswered.lostMax} of ${unanswered.planned}`,
    },
    {
      what: "errors, of the worst hour",
      value: worst(({ failed, answers }) => percent(failed, answers)),
      unit: "%",
      limit: `at most ${limits.failedPercentMax} %`,
    },
    ...limits.latency.map(({ percentile, ms }) => ({
      what: `answers slower than ${ms} ms, of the worst hour`,
      value: worst(({ withinMs }) =>
        percent((withinMs.get("+Inf") ?? 0) - (withinMs.get(String(ms)) ?? 0), withinMs.get("+Inf") ?? 0),
      ),
      unit: "%",
      limit: `at most ${100 - percentile} % of those that succeeded`,
    })),
    {
      what: "pods of the gateway that ended, each with what it had counted since its last scrape",
      value: hours.reduce((sum, hour) => sum + hour.podsEnded, 0),
      unit: "pods",
    },
  ];
}

const shownAtMost = 50;

const nameOf = ({ number, from }: Hour): string => `hour ${number} (from ${from})`;

/** Up to a thousandth; 0 of 0 is 0. */
function percent(part: number, of: number): number {
  return of === 0 ? 0 : Math.round((part / of) * 100_000) / 1000;
}

function hoursBetween(from: string, until: string): number {
  return Math.max(0, Math.floor((Date.parse(until) - Date.parse(from)) / 360_000) / 10);
}
