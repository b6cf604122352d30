/** From the looks of a soak to its hours: what was answered in each, and which of its minutes were not measured. Sums only, no judgement. */
import { minuteAt, type GatewayPod, type SoakLook, type Traffic } from "./lines.ts";
import type { SoakRecord } from "./record.ts";

/** Answers of the gateway that were counted in some time. */
export type Counted = {
  readonly answers: number;
  /** Answers of class 5xx, and all that are neither 2xx nor 3xx. */
  readonly failed: number;
  readonly unsuccessful: number;
  /** Answers that took at most so many milliseconds, by the bounds of the histogram. */
  readonly withinMs: ReadonlyMap<string, number>;
};

export type Hour = Counted & {
  /** From 1. */
  readonly number: number;
  readonly from: string;
  readonly until: string;
  /** Its minutes: 60, or fewer where the window ends. */
  readonly minutes: number;
  /** Minutes that were not wholly measured, each with the reason. */
  readonly gaps: readonly { readonly at: string; readonly why: string }[];
  /** Minutes in which the platform was asked from outside and did not answer as it must. */
  readonly unanswered: readonly { readonly at: string; readonly why: string }[];
  /** Answers of its busiest measured minute. */
  readonly busiest: number;
  /** Pods of the gateway that ended: what each had counted since its last scrape went with it. */
  readonly podsEnded: number;
};

type Minute = {
  readonly counted: Counted;
  readonly gap?: string;
  readonly unanswered?: string;
  readonly podsEnded: number;
};

/**
 * The hours of a window, counted from its beginning.
 * A minute is measured where its own look saw the platform from outside and the counters, and the look after it saw the counters again:
 * they only grow, so that their difference is what that minute has counted.
 * @param window.from an instant; its minute is the first
 * @param window.minutes how many minutes follow
 */
export function hoursOf(
  record: SoakRecord,
  window: { readonly from: Date; readonly minutes: number },
): readonly Hour[] {
  const { plan, looks } = record;
  const first = minuteAt(plan, window.from.getTime());
  const minutes = minutesOf(looks);
  const at = (minute: number): string => new Date(Date.parse(plan.from) + minute * plan.everyMs).toISOString();
  const hours: Hour[] = [];
  for (let begin = 0; begin < window.minutes; begin += 60) {
    const end = Math.min(begin + 60, window.minutes);
    const numbers = Array.from({ length: end - begin }, (_, index) => first + begin + index);
    const found = numbers.map((number) => ({ at: at(number), ...(minutes.get(number) ?? notWatched) }));
    hours.push({
      number: begin / 60 + 1,
      from: at(first + begin),
      until: at(first + end),
      minutes: numbers.length,
      gaps: found.flatMap((minute) => (minute.gap === undefined ? [] : [{ at: minute.at, why: minute.gap }])),
      unanswered: found.flatMap((minute) =>
        minute.unanswered === undefined ? [] : [{ at: minute.at, why: minute.unanswered }],
      ),
      ...found.reduce((sum, { counted }) => added(sum, counted), nothing),
      busiest: Math.max(0, ...found.map(({ counted }) => counted.answers)),
      podsEnded: found.reduce((sum, minute) => sum + minute.podsEnded, 0),
    });
  }
  return hours;
}

const nothing: Counted = { answers: 0, failed: 0, unsuccessful: 0, withinMs: new Map() };
const notWatched: Minute = { counted: nothing, gap: "nobody watched", podsEnded: 0 };

function minutesOf(looks: readonly SoakLook[]): ReadonlyMap<number, Minute> {
  const minutes = new Map<number, Minute>();
  const known = new Map<string, GatewayPod>();
  for (const [index, look] of looks.entries()) {
    const next = looks[index + 1];
    if (look.traffic.ok) for (const pod of look.traffic.pods) known.set(pod.pod, pod);
    const followed = next?.minute === look.minute + 1 ? next : undefined;
    const traffic = trafficOf(look, followed, known);
    const unseen = look.ingress.state === "unseen" ? look.ingress.because : undefined;
    const gap = unseen ?? traffic.gap;
    minutes.set(look.minute, {
      ...traffic,
      ...(gap === undefined ? {} : { gap }),
      ...(look.ingress.state === "unanswered" ? { unanswered: look.ingress.because } : {}),
    });
  }
  return minutes;
}

/** What was counted from one look to the next. @param known the newest counters of each pod up to the first of the two looks */
function trafficOf(look: SoakLook, next: SoakLook | undefined, known: ReadonlyMap<string, GatewayPod>): Minute {
  const without = (gap: string): Minute => ({ counted: nothing, gap, podsEnded: 0 });
  if (!look.traffic.ok) return without(look.traffic.why);
  if (next === undefined) return without("nobody watched its end");
  if (!next.traffic.ok) return without(`its end was not seen: ${next.traffic.why}`);
  const { pods, down } = next.traffic;
  const silent = down.find((pod) => known.has(pod) && !pods.some((one) => one.pod === pod));
  if (silent !== undefined) return without(`pod ${silent} of the gateway could not be scraped`);
  let counted = nothing;
  for (const pod of pods) {
    const grown = growthOf(known.get(pod.pod), pod, Date.parse(look.at));
    if (typeof grown === "string") return without(grown);
    counted = added(counted, grown);
  }
  return { counted, podsEnded: look.traffic.pods.filter((pod) => !isStill(pod, pods)).length };
}

/** The seconds that a pod is up are whole ones, and scrapes take their time. */
const startMsTolerance = 5_000;

/** By how much a pod's counters have grown, or why that cannot be told. */
function growthOf(before: GatewayPod | undefined, after: GatewayPod, lookedAtMs: number): Counted | string {
  if (before !== undefined && isSame(before, after)) {
    const grown = subtracted(countedOf(after), countedOf(before));
    return isSound(grown) ? grown : `the counters of pod ${after.pod} of the gateway went back without a restart`;
  }
  // All that a pod has counted since it began is new where it began since: before, somebody else had counted for it.
  const began = startOf(after);
  const isNew =
    before === undefined ? began >= lookedAtMs - freshMs : began >= Date.parse(before.scrapedAt) - startMsTolerance;
  return isNew ? countedOf(after) : `pod ${after.pod} of the gateway had not been scraped before`;
}

/** A pod that began shortly before a look may not have been scraped by then: a scrape comes every 15 s, and is seen for a minute. */
const freshMs = 30_000;

const startOf = ({ scrapedAt, upSeconds }: GatewayPod): number => Date.parse(scrapedAt) - upSeconds * 1000;

function isSame(before: GatewayPod, after: GatewayPod): boolean {
  return before.pod === after.pod && Math.abs(startOf(after) - startOf(before)) <= startMsTolerance;
}

function isStill(pod: GatewayPod, later: Extract<Traffic, { ok: true }>["pods"]): boolean {
  return later.some((one) => isSame(pod, one));
}

function countedOf({ answers, withinMs }: GatewayPod): Counted {
  const sum = (fits: (kind: string) => boolean): number =>
    Object.entries(answers).reduce((total, [kind, count]) => total + (fits(kind) ? count : 0), 0);
  return {
    answers: sum(() => true),
    failed: sum((kind) => kind === "5xx"),
    unsuccessful: sum((kind) => kind !== "2xx" && kind !== "3xx"),
    withinMs: new Map(Object.entries(withinMs)),
  };
}

function combined(left: Counted, right: Counted, combine: (left: number, right: number) => number): Counted {
  const bounds = new Set([...left.withinMs.keys(), ...right.withinMs.keys()]);
  return {
    answers: combine(left.answers, right.answers),
    failed: combine(left.failed, right.failed),
    unsuccessful: combine(left.unsuccessful, right.unsuccessful),
    withinMs: new Map(
      [...bounds].map((bound) => [bound, combine(left.withinMs.get(bound) ?? 0, right.withinMs.get(bound) ?? 0)]),
    ),
  };
}

const added = (left: Counted, right: Counted): Counted => combined(left, right, (one, other) => one + other);
const subtracted = (left: Counted, right: Counted): Counted => combined(left, right, (one, other) => one - other);

function isSound({ answers, failed, unsuccessful, withinMs }: Counted): boolean {
  return [answers, failed, unsuccessful, ...withinMs.values()].every((count) => count >= 0);
}
