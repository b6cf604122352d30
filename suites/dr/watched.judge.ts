/** What every drill with users is asked: was it a drill at all, was the watch whole, and is every write there that was accepted. */
import type { Accepted, Ask, Sort, WatchRecord } from "../../fixtures/watch/record.ts";
import { judgeSurvival } from "../../harness/survival.judge.ts";
import { unproven, type Fact, type Verdict } from "../../harness/verdict.ts";
import { detectedBy } from "./detected.judge.ts";
import type { WatchedDrill } from "./watched-drill.ts";

/** What speaks against a drill, and what was measured; a judge adds its own limits. */
export type Weighed = { readonly faults: string[]; readonly gaps: string[]; readonly facts: Fact[] };

/** A drill that can be judged: what was injected was felt. Times are milliseconds since the experiment began. */
export type FeltDrill = WatchedDrill & {
  readonly record: WatchRecord;
  /** The last moment at which nothing was disturbed for certain: from here on times count, since an injection takes its own time. */
  readonly startMs: number;
  readonly feltMs: number;
  /** From `startMs` on, on the experiment's time axis. */
  readonly since: readonly Ask[];
};

/**
 * The verdict where nothing can be said of the users, else the drill. Not felt is unproven whatever users met: it would be something else that
 * they met. A fault that could not be removed fails, as in `judgeSurvival`.
 */
export function feltDrill(drill: WatchedDrill): { readonly early: Verdict } | { readonly felt: FeltDrill } {
  const { observed, watch, beganMs } = drill;
  const { injectedAtMs, felt, feltAtMs } = observed;
  const isFelt = injectedAtMs !== undefined && felt?.ok === true && feltAtMs !== undefined;
  if (observed.removeError !== undefined || !isFelt) {
    return { early: judgeSurvival(observed, drill.survival, drill.now) };
  }
  if (!watch.ok) return { early: unproven(`nobody watched ${observed.fault}: ${watch.why}`) };
  const startMs = observed.before.atMs;
  const since = watch.value.asks
    .map((ask) => ({ ...ask, atMs: ask.atMs - beganMs }))
    .filter(({ atMs }) => atMs >= startMs);
  return { felt: { ...drill, record: watch.value, startMs, feltMs: feltAtMs, since } };
}

/**
 * Fails for writes that were accepted and are gone or altered, and for a steady state lost beyond the plan's budget; a watch with holes is a gap.
 * @param file the drill's timeline in the run's evidence folder
 */
export function weighWatch(drill: FeltDrill, file: string): Weighed {
  const { record, observed, now } = drill;
  const weighed: Weighed = { faults: [], gaps: watchGaps(drill), facts: [] };
  const survival = judgeSurvival(observed, drill.survival, now);
  if (survival.outcome === "fail") weighed.faults.push(survival.because);
  if (survival.outcome === "unproven") weighed.gaps.push(survival.because);
  for (const service of record.services) {
    const own = record.accepted.filter((one) => one.service === service);
    weighed.faults.push(...lossOf(service, own));
    const unread = own.filter(({ fate }) => fate === "unread");
    const [first] = unread;
    if (first !== undefined) {
      weighed.gaps.push(`${unread.length} accepted writes of ${service} could not be read back: ${first.said}`);
    }
  }
  const gone = record.accepted.filter(({ fate }) => fate === "lost" || fate === "altered").length;
  weighed.facts.push(
    {
      ...factOf(drill, "accepted writes lost", gone, "writes"),
      limit: `0 of ${record.accepted.length}`,
      samples: record.accepted.length,
      file,
    },
    ...requestFacts(drill),
    ...survival.evidence,
  );
  return weighed;
}

function lossOf(service: string, own: readonly Accepted[]): string[] {
  return (["lost", "altered"] as const).flatMap((fate) => {
    const some = own.filter((one) => one.fate === fate);
    const [first] = some;
    return first === undefined
      ? []
      : [`${some.length} of ${own.length} accepted writes of ${service} are ${fate}, as ${first.id}: ${first.said}`];
  });
}

/** Requests since the start by what came of them, and the alert. Neither has a limit here. */
function requestFacts(drill: FeltDrill): Fact[] {
  const { since, startMs, firing } = drill;
  const counted = (["refused", "wrong", "unanswered", "unseen"] as const).map((sort) =>
    factOf(drill, `requests ${sort} of ${since.length}`, since.filter((ask) => ask.sort === sort).length, "requests"),
  );
  const detected = detectedBy(drill);
  if (!firing.ok) return [...counted, factOf(drill, "detected by an alert", `unknown: ${firing.why}`)];
  return detected === undefined
    ? [...counted, factOf(drill, "detected by an alert", "no, not while it was watched")]
    : [...counted, factOf(drill, `time to detect by ${detected.alert}`, inSeconds(detected.atMs - startMs), "s")];
}

/** Requests to one service may lie so many of their intervals apart before something was not seen. */
const intervalsMax = 6;

function watchGaps({ record, beganMs, startMs, since, observed }: FeltDrill): string[] {
  const gaps: string[] = [];
  if (record.cut !== undefined) gaps.push(`the watch was cut short: ${record.cut}`);
  if (record.left > 0) gaps.push(`${record.left} writes of the watch may still be there`);
  const endMs = Math.max(observed.removedAtMs ?? 0, observed.recoveredAtMs ?? 0, observed.after?.atMs ?? 0);
  if (record.services.length === 0) gaps.push("no service was watched");
  for (const service of record.services) {
    const own = record.asks.filter((ask) => ask.service === service);
    const before = own.filter(({ atMs, tookMs }) => atMs + tookMs - beganMs < startMs);
    const unwell = before.find(({ sort }) => sort !== "right");
    if (before.length === 0) gaps.push(`nobody asked ${service} before the fault`);
    if (unwell !== undefined) gaps.push(`users of ${service} were not well before the fault: ${unwell.said}`);
    const holeMs = longestHole(own, beganMs + startMs, beganMs + endMs);
    if (holeMs > record.everyMs * intervalsMax) gaps.push(`${service} was not asked for ${inSeconds(holeMs)} s`);
    if (!record.accepted.some((one) => one.service === service)) gaps.push(`${service} accepted no write`);
  }
  const unseen = since.filter(({ sort }) => sort === "unseen");
  const [first] = unseen;
  if (first !== undefined) gaps.push(`${unseen.length} of ${since.length} answers could not be seen: ${first.said}`);
  return gaps;
}

/** The longest time without the beginning of a request, from the start to the end. */
function longestHole(own: readonly Ask[], fromMs: number, untilMs: number): number {
  const times = own.map(({ atMs }) => atMs).filter((atMs) => atMs > fromMs && atMs < untilMs);
  const edges = [fromMs, ...times, untilMs];
  return edges.reduce((longest, at, index) => Math.max(longest, at - (edges[index - 1] ?? at)), 0);
}

/** So many right answers of each service in a row at the end are what "well again" rests on. */
const rightMin = 6;

/** Between two moments of the experiment: requests that began in it. */
type Span = { readonly fromMs?: number; readonly untilMs?: number };

/**
 * When users were well again: the end of the last request that was not answered right; the beginning where there was none. Undefined where too few
 * right answers of a service follow, so that the next one might have been wrong as well.
 * @param sorts what counts as not right
 * @param span the requests that count. Default: all since the start
 */
export function usersWellMs(
  { since, record, startMs }: FeltDrill,
  sorts: readonly Sort[],
  { fromMs = startMs, untilMs = Number.POSITIVE_INFINITY }: Span = {},
): number | undefined {
  const asked = since.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
  const bad = asked.filter(({ sort }) => sorts.includes(sort));
  const wellMs = bad.reduce((latest, { atMs, tookMs }) => Math.max(latest, atMs + tookMs), fromMs);
  const isKnown = record.services.every(
    (service) =>
      asked.filter((ask) => ask.service === service && ask.atMs >= wellMs && ask.sort === "right").length >= rightMin,
  );
  return isKnown ? wellMs : undefined;
}

/** When the steady state was there for good: the first look after the last one that did not pass. Undefined where it never was again. */
export function steadyMs({ observed, feltMs }: FeltDrill): number | undefined {
  const { during, after, recoveredAtMs } = observed;
  const last = during.findLastIndex(({ outcome }) => outcome !== "pass");
  const next = during.slice(last + 1).find(({ atMs }) => last >= 0 || atMs >= feltMs);
  return next?.atMs ?? (after?.outcome === "pass" ? recoveredAtMs : undefined);
}

/** A limit on a time: late is a fault, not over yet is a fault once the limit has passed and a gap before. */
export function weighTime(
  drill: FeltDrill,
  weighed: Weighed,
  {
    what,
    fromMs,
    untilMs,
    secondsMax,
  }: {
    readonly what: string;
    readonly fromMs: number;
    readonly untilMs: number | undefined;
    readonly secondsMax: number;
  },
): void {
  const { record, beganMs } = drill;
  const watchedMs = record.endedMs - beganMs - fromMs;
  const takenMs = untilMs === undefined ? watchedMs : Math.max(untilMs - fromMs, 0);
  const limit = `at most ${secondsMax}`;
  weighed.facts.unshift({ ...factOf(drill, what, inSeconds(takenMs), "s"), limit });
  if (untilMs === undefined) {
    const sentence = `${what}: not over when the watch ended after ${inSeconds(watchedMs)} s`;
    if (watchedMs > secondsMax * 1000) weighed.faults.push(`${sentence}, ${limit} s`);
    else weighed.gaps.push(sentence);
  } else if (takenMs > secondsMax * 1000) {
    weighed.faults.push(`${what} was ${inSeconds(takenMs)} s, ${limit} s`);
  }
}

/** A fact about the drill, observed when it ended. */
export function factOf({ observed, now }: WatchedDrill, what: string, value: Fact["value"], unit?: string): Fact {
  return { what, value, ...(unit === undefined ? {} : { unit }), source: observed.fault, at: now.toISOString() };
}

/** Milliseconds as seconds. */
export function inSeconds(ms: number): number {
  return Math.round(ms) / 1000;
}
