/** autoscaling-out-and-back: replicas added in time under load, taken away in time after it, and no request lost by either. */
import { conclude, type Fact, type Verdict } from "../../harness/verdict.ts";
import type { Scale } from "../../probes/kubernetes/replicas.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import type { Validity } from "./load.judge.ts";
import { clockTime, rounded, type Span } from "./plateau.judge.ts";
import { changesOf, levelOf, timelinesOf, type Change, type Moment, type Timeline } from "./scaling-timeline.judge.ts";
import type { Asked, Look } from "./scaling-watch.ts";

export type ScalingReadings = {
  readonly load: LoadRun;
  readonly validity: Validity;
  /** From before the load until the first number of replicas stands again, a look every 2 s. */
  readonly looks: readonly Look[];
  /** Requests besides the load's own: those made while replicas were taken away. */
  readonly besides: readonly Asked[];
};

export type ScalingLimits = { readonly outSecondsMax: number; readonly backSecondsMax: number };

/** Looks are taken every 2 s: between two of them at most two may be missing. */
const gapSecondsMax = 6;
/** The horizontal pod autoscaler leaves a utilization alone that is within 10 % of its target. */
const toleranceFactor = 1.1;
/** Twice the time after which the controller comes by: what it decided on the last numbers of the load is seen by then. */
const lagMs = 30_000;
/** What endpoints and connections take to follow a change of replicas. */
const settleMs = 10_000;

/**
 * Judged is every autoscaler that had to scale: one whose utilization went beyond its target, or that wanted more pods. Where none had to, nothing was shown.
 * Times are held against the looks on both sides of them: a limit that lies between two looks is neither kept nor broken.
 */
export function judgeScaling(readings: ScalingReadings, limits: ScalingLimits): Verdict {
  const { load, validity, looks } = readings;
  const { reasons, facts: ofLoad } = validity;
  if (reasons.length > 0) return conclude({ faults: [], gaps: reasons, facts: ofLoad, held: "" });
  const [startedMs, endedMs] = [Date.parse(load.startedAt), endOf(load)];
  const timelines = timelinesOf(looks);
  const judged = timelines.map((timeline) => judgeOne(timeline, { fromMs: startedMs, untilMs: endedMs }, limits));
  const scaled = judged.filter(({ hadTo }) => hadTo);
  const requests = judgeRequests(timelines, readings);
  const source = looks.findLast(({ scales }) => scales.ok)?.scales.source ?? "autoscalers";
  const at = new Date(looks.at(-1)?.atMs ?? endedMs).toISOString();
  const idle = judged.filter(({ hadTo, gaps }) => !hadTo && gaps.length === 0);
  const highest = idle.map(
    ({ name, highestPercent }) => `${name} was at ${rounded(highestPercent)} % of its target at most`,
  );
  return conclude({
    faults: [...judged.flatMap(({ faults }) => faults), ...requests.faults],
    gaps: [
      ...(timelines.length === 0 ? [`no autoscaler was seen${whyNot(looks)}`] : []),
      ...holesOf(looks),
      ...judged.flatMap(({ gaps }) => gaps),
      ...(scaled.length === 0 && timelines.length > 0
        ? [
            `no autoscaler had to scale, so that none has shown that it can${highest.length === 0 ? "" : `: ${highest.join(", ")}`}`,
          ]
        : []),
      ...(scaled.length === 0 ? [] : requests.gaps),
    ],
    facts: [...judged.flatMap(({ facts }) => facts), ...requests.facts].map((fact): Fact => ({ ...fact, source, at })),
    held: `${scaled.map(({ name }) => name).join(" and ")} scaled out and back in time, and no request failed by it`,
  });
}

/** Whether every autoscaler of a record has again what it had before the load; for the watch to know when it has seen enough. */
export function isBack(
  looks: readonly Look[],
  load: { readonly startedMs: number; readonly endedMs: number },
): boolean {
  const timelines = timelinesOf(looks);
  return (
    timelines.length > 0 &&
    timelines.every(({ moments }) => {
      const first = levelOf(moments, load.startedMs);
      const last = moments.at(-1);
      return first !== undefined && last !== undefined && last.atMs >= load.endedMs + lagMs && isLevel(last, first);
    })
  );
}

/** Whether no autoscaler is about to change anything: a load that begins then has its replicas to itself. Where none can be read, there is nothing to wait for. */
export function isCalm({ scales }: Look): boolean {
  if (!scales.ok) return true;
  return scales.value.every(
    ({ desired, current, ready, rules }) =>
      desired === current && ready === current && rules.flatMap(shareOf).every((percent) => percent <= 100),
  );
}

/** The earlier one: the time to the first number of replicas is never made shorter than it was. */
function endOf({ plateauUntil, endedAt }: LoadRun): number {
  return Math.min(Date.parse(plateauUntil), Date.parse(endedAt));
}

type BareFact = Omit<Fact, "source" | "at">;
type Judged = {
  readonly name: string;
  readonly hadTo: boolean;
  readonly highestPercent: number;
  readonly faults: readonly string[];
  readonly gaps: readonly string[];
  readonly facts: readonly BareFact[];
};

function judgeOne({ name, moments }: Timeline, load: Span, limits: ScalingLimits): Judged {
  const first = levelOf(moments, load.fromMs);
  const during = moments.filter(({ atMs }) => atMs > load.fromMs && atMs <= load.untilMs);
  const shares = during.flatMap(({ scale }) => scale.rules.flatMap(shareOf));
  const highestPercent = Math.max(0, ...shares);
  const none = { name, hadTo: false, highestPercent, faults: [], facts: [] };
  if (first === undefined) return { ...none, gaps: [`${name} was not looked at before the load began`] };
  const { ready, current, desired, replicasMax } = first.scale;
  if (ready !== current || desired !== current)
    return {
      ...none,
      gaps: [
        `${name} wanted ${desired}, had ${current} and ${ready} ready replicas when the load began: it was scaling already`,
      ],
    };
  const wantedMore = during.some(({ scale }) => scale.desired > desired);
  if (shares.length === 0 && !wantedMore)
    return { ...none, gaps: [`${name} had no current metric: whether it had to scale is not known`] };
  const hadTo = wantedMore || highestPercent > 100 * toleranceFactor;
  if (!hadTo)
    return {
      ...none,
      gaps: [],
      facts: [{ what: `highest utilization of the target of ${name}`, value: rounded(highestPercent), unit: "%" }],
    };
  if (current >= replicasMax)
    return {
      ...none,
      gaps: [`${name} had its maximum of ${replicasMax} replicas before the load began: it could not scale`],
    };
  const out = timeTo(moments, load.fromMs, ({ scale }) => scale.ready > ready);
  const back = timeTo(moments, load.untilMs, (moment) => isLevel(moment, first));
  const judgedOut = judgeTime(
    out,
    limits.outSecondsMax,
    `${name} had its first added replica ready`,
    "after the load began",
  );
  const judgedBack = judgeTime(
    back,
    limits.backSecondsMax,
    `${name} was back at its first ${current} replicas`,
    "after the load had ended",
  );
  const most = Math.max(...moments.map(({ scale }) => scale.ready));
  return {
    name,
    hadTo,
    highestPercent,
    faults: [...judgedOut.faults, ...judgedBack.faults],
    gaps: [...judgedOut.gaps, ...judgedBack.gaps],
    facts: [
      ...timeFact(`time from load to the first ready replica added of ${name}`, out, limits.outSecondsMax),
      ...timeFact(
        `time from the end of the load to the first number of replicas of ${name}`,
        back,
        limits.backSecondsMax,
      ),
      { what: `ready replicas of ${name}`, value: `${ready}, then ${most}`, unit: "replicas" },
    ],
  };
}

/** Of a rule's target, in percent. */
function shareOf({ percent, targetPercent }: Scale["rules"][number]): number[] {
  return percent === undefined || targetPercent <= 0 ? [] : [(100 * percent) / targetPercent];
}

/** Fewer are as good: what stood there before the load may have been left over from another. */
function isLevel({ scale }: Moment, { scale: first }: Moment): boolean {
  return scale.current <= first.current && scale.ready === scale.current && scale.desired === scale.current;
}

/** It happened between the two, in seconds; where it was not seen, not until the last look. */
type Time = { readonly seen: boolean; readonly afterSeconds: number; readonly bySeconds: number };

function timeTo(moments: readonly Moment[], sinceMs: number, isSo: (moment: Moment) => boolean): Time {
  const later = moments.filter(({ atMs }) => atMs > sinceMs);
  const index = later.findIndex(isSo);
  const before = later[index < 0 ? later.length - 1 : index - 1]?.atMs ?? sinceMs;
  const afterSeconds = (before - sinceMs) / 1000;
  return { seen: index >= 0, afterSeconds, bySeconds: ((later[index]?.atMs ?? before) - sinceMs) / 1000 };
}

function judgeTime(
  { seen, afterSeconds, bySeconds }: Time,
  secondsMax: number,
  what: string,
  since: string,
): { readonly faults: readonly string[]; readonly gaps: readonly string[] } {
  if (seen && bySeconds <= secondsMax) return { faults: [], gaps: [] };
  const limit = `at most ${secondsMax} s`;
  if (afterSeconds >= secondsMax) {
    const time = seen ? `${rounded(bySeconds)} s` : `not within the ${rounded(afterSeconds)} s that it was watched`;
    return { faults: [`${what} ${time} ${since} (${limit})`], gaps: [] };
  }
  const doubt = seen
    ? `${what} between ${rounded(afterSeconds)} and ${rounded(bySeconds)} s ${since}: on which side of the limit (${limit}) is not known`
    : `${what}: not yet ${rounded(afterSeconds)} s ${since}, when the watch ended (${limit})`;
  return { faults: [], gaps: [doubt] };
}

function timeFact(what: string, { seen, bySeconds }: Time, secondsMax: number): BareFact[] {
  return seen ? [{ what, value: rounded(bySeconds), unit: "s", limit: `at most ${secondsMax} s` }] : [];
}

/** Requests within the windows of changes: from the look before one to ten seconds after the look that showed it. */
function judgeRequests(
  timelines: readonly Timeline[],
  { load, besides }: ScalingReadings,
): { readonly faults: readonly string[]; readonly gaps: readonly string[]; readonly facts: readonly BareFact[] } {
  const all: readonly Asked[] = [...load.samples, ...besides];
  const changes = timelines.flatMap(changesOf);
  const within = (list: readonly Change[]): readonly Asked[] =>
    all.filter(({ atMs }) => list.some(({ fromMs, untilMs }) => atMs >= fromMs && atMs <= untilMs + settleMs));
  const told = (["added", "taken away"] as const).map((kind) => {
    const asked = within(changes.filter((change) => change.kind === kind));
    return { kind, asked: asked.length, failed: asked.filter(({ expected }) => !expected) };
  });
  const failed = new Set(told.flatMap((one) => one.failed));
  const elsewhere = all.filter((one) => !one.expected && !failed.has(one)).length;
  return {
    faults: told.flatMap(({ kind, asked, failed: list }) => {
      const [first] = list;
      if (first === undefined) return [];
      return [
        `${list.length} of ${asked} requests failed while replicas were ${kind}, the first at ${clockTime(first.atMs)} (${elsewhere} at other times)`,
      ];
    }),
    gaps: told
      .filter(({ asked }) => asked === 0)
      .map(({ kind }) => `no request was made while replicas were ${kind}: whether that drops requests is not known`),
    facts: [
      {
        what: "requests failed by scaling",
        value: failed.size,
        unit: "requests",
        limit: `0 of ${told.reduce((sum, { asked }) => sum + asked, 0)}`,
      },
      { what: "requests failed at other times", value: elsewhere, unit: "requests" },
    ],
  };
}

function holesOf(looks: readonly Look[]): string[] {
  const seen = looks.filter(({ scales }) => scales.ok);
  return seen.flatMap(({ atMs }, index) => {
    const next = seen[index + 1]?.atMs ?? atMs;
    if (next - atMs <= gapSecondsMax * 1000) return [];
    const why = whyNot(looks.filter((look) => look.atMs > atMs && look.atMs < next));
    return [
      `autoscalers were not seen from ${clockTime(atMs)} to ${clockTime(next)} (at most ${gapSecondsMax} s may lie between two looks)${why}`,
    ];
  });
}

function whyNot(looks: readonly Look[]): string {
  const [why] = looks.flatMap(({ scales }) => (scales.ok ? [] : [scales.why]));
  return why === undefined ? "" : `: ${why}`;
}
