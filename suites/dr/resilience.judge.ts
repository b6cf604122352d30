/** What users may notice of a pod that dies, a service that is scaled, a node that is lost, a dependency that is away, and a rollout that is broken. */
import type { Sort } from "../../fixtures/watch/record.ts";
import { conclude, type Reading, type Verdict } from "../../harness/verdict.ts";
import {
  factOf,
  feltDrill,
  inSeconds,
  steadyMs,
  usersWellMs,
  weighTime,
  weighWatch,
  type FeltDrill,
  type Weighed,
} from "./watched.judge.ts";
import type { WatchedDrill } from "./watched-drill.ts";

/** Where a drill's timeline lies in the run's evidence folder, and how long it may take. */
export type DrillLimits = { readonly file: string; readonly secondsMax: number };

const notRight: readonly Sort[] = ["refused", "wrong", "unanswered"];
/** A client that is refused cleanly comes again; what is neither right nor that, it cannot tell from a loss. */
const neither: readonly Sort[] = ["wrong", "unanswered"];

/** `pod-restart-survived`: no accepted write is lost, and users and pods are whole again in time. */
export function judgePodRestart(drill: WatchedDrill, limits: DrillLimits): Verdict {
  return judged(drill, limits, (felt, weighed) => {
    const [steady, well] = [steadyMs(felt), usersWellMs(felt, notRight)];
    const untilMs = steady === undefined || well === undefined ? undefined : Math.max(steady, well);
    const what = "time from killed to whole";
    weighTime(felt, weighed, { what, fromMs: felt.startMs, untilMs, secondsMax: limits.secondsMax });
    return `no accepted write was lost, and the service was whole within ${limits.secondsMax} s of the kill`;
  });
}

/** `scaling-survived`: no request fails, and each write has brought about its one event. A clean refusal is a failed request here, too. */
export function judgeScaling(drill: WatchedDrill, limits: Pick<DrillLimits, "file">): Verdict {
  return judged(drill, limits, (felt, weighed) => {
    weighRequests(felt, weighed, { what: "requests failed", sorts: notRight });
    weighEvents(felt, weighed);
    return "no request failed while the service was scaled in and out, and no event was lost or doubled";
  });
}

/**
 * `node-loss-survived`: no accepted write is lost, and services answer again in time from the nodes that are left. A node that comes back may disturb once more,
 * as pods do that slept through their own end: for as long as its drill gives everything to be back.
 */
export function judgeNodeLoss(drill: WatchedDrill, limits: DrillLimits): Verdict {
  return judged(drill, limits, (felt, weighed) => {
    const { observed, startMs, since, survival } = felt;
    const what = "time from lost to answering";
    const backMs = observed.removedAtMs ?? Number.POSITIVE_INFINITY;
    // What was answered once the node was there again says nothing of the nodes that were left.
    const well = usersWellMs(felt, notRight, { untilMs: backMs });
    if (since.some(({ atMs, sort }) => atMs >= backMs && notRight.includes(sort))) {
      weighTime(felt, weighed, {
        what: "time from its return to answering",
        fromMs: backMs,
        untilMs: usersWellMs(felt, notRight, { fromMs: backMs }),
        secondsMax: survival.recoverMsMax / 1000,
      });
    }
    if (well !== undefined) {
      weighTime(felt, weighed, { what, fromMs: startMs, untilMs: well, secondsMax: limits.secondsMax });
    } else {
      const awayMs = backMs - startMs;
      // A StatefulSet's pod stays on its silent node for as long as that is away: the workload's name is where to look.
      const last = observed.during.at(-1);
      const named = last === undefined || last.outcome === "pass" ? "" : ` (in the end: ${last.because})`;
      const sentence = `services did not answer again in the ${inSeconds(awayMs)} s that the node was away${named}`;
      weighed.facts.unshift({
        ...factOf(felt, what, `more than ${inSeconds(awayMs)}`, "s"),
        limit: `at most ${limits.secondsMax}`,
      });
      if (awayMs > limits.secondsMax * 1000) weighed.faults.push(sentence);
      else weighed.gaps.push(`${sentence}: it must stay away for longer`);
    }
    return `no accepted write was lost, and services answered from the nodes that were left within ${limits.secondsMax} s`;
  });
}

/**
 * `dependency-outage-survived`: while the dependency is away every answer is right or a clean refusal, and afterwards all is as before in time.
 * @param limits.outageSecondsMin how long it must have been away
 */
export function judgeDependencyOutage(
  drill: WatchedDrill,
  limits: DrillLimits & { readonly outageSecondsMin: number },
): Verdict {
  return judged(drill, limits, (felt, weighed) => {
    weighRequests(felt, weighed, { what: "answers that are neither right nor a refusal", sorts: neither });
    const awayMs = endMsOf(felt) - felt.feltMs;
    weighed.facts.push({
      ...factOf(felt, "time that the dependency was away", inSeconds(awayMs), "s"),
      limit: `at least ${limits.outageSecondsMin}`,
    });
    if (awayMs < limits.outageSecondsMin * 1000) {
      weighed.gaps.push(
        `the dependency was away for ${inSeconds(awayMs)} s, where ${limits.outageSecondsMin} s are asked for`,
      );
    }
    weighReturn(felt, weighed, { what: "time from its return to normal service", secondsMax: limits.secondsMax });
    return `services refused cleanly, lost no accepted write, and were back within ${limits.secondsMax} s`;
  });
}

/**
 * `disturbance-survived`: whatever users meet meanwhile, no accepted write is lost, and afterwards all is as before in time. What they met is counted
 * in its facts: a certificate that has expired turns everybody away, and it is the way back that is asked for.
 */
export function judgeDisturbance(drill: WatchedDrill, limits: DrillLimits): Verdict {
  return judged(drill, limits, (felt, weighed) => {
    weighReturn(felt, weighed, { what: "time from its end to normal service", secondsMax: limits.secondsMax });
    return `services lost no accepted write, and were back within ${limits.secondsMax} s`;
  });
}

/** What told that a rollout is broken, and when, in milliseconds since the experiment began; undefined where nothing did. */
export type Noticed = { readonly by: string; readonly atMs: number } | undefined;

/** `rollback-restores-service`: a broken version is noticed, the old one is whole again in time, and no request fails. */
export function judgeRollback(drill: WatchedDrill, noticed: Reading<Noticed>, limits: DrillLimits): Verdict {
  return judged(drill, limits, (felt, weighed) => {
    const { startMs, observed } = felt;
    weighRequests(felt, weighed, { what: "requests failed by the broken version", sorts: notRight });
    if (!noticed.ok) weighed.gaps.push(`whether it was noticed could not be read: ${noticed.why}`);
    else weighNotice(felt, weighed, noticed.value);
    const { recoveredAtMs } = observed;
    const what = "time from rollout to the old version whole again";
    weighTime(felt, weighed, { what, fromMs: startMs, untilMs: recoveredAtMs, secondsMax: limits.secondsMax });
    return `the broken version was noticed and rolled back within ${limits.secondsMax} s, without a failed request`;
  });
}

function weighNotice(felt: FeltDrill, weighed: Weighed, noticed: Noticed): void {
  const { startMs, observed } = felt;
  if (noticed === undefined) {
    weighed.faults.push("nothing noticed the broken version");
    weighed.facts.push(factOf(felt, "broken version noticed", "no"));
    return;
  }
  const { by, atMs } = noticed;
  weighed.facts.push(factOf(felt, `time to notice, by ${by}`, inSeconds(atMs - startMs), "s"));
  if (atMs < startMs) weighed.gaps.push(`${by} was there before the broken version: it did not notice it`);
  if (observed.removedAtMs !== undefined && atMs > observed.removedAtMs) {
    weighed.gaps.push("it was rolled back before anything had noticed it");
  }
}

function judged(
  drill: WatchedDrill,
  { file }: Pick<DrillLimits, "file">,
  weigh: (felt: FeltDrill, weighed: Weighed) => string,
): Verdict {
  const found = feltDrill(drill);
  if ("early" in found) return found.early;
  const weighed = weighWatch(found.felt, file);
  const held = weigh(found.felt, weighed);
  return conclude({ ...weighed, held });
}

/** When the fault was taken away; when it was felt, where nobody got that far. */
function endMsOf({ observed, feltMs }: FeltDrill): number {
  return observed.removedAtMs ?? feltMs;
}

/** From the fault's end until both users and the steady state are well again. */
function weighReturn(
  felt: FeltDrill,
  weighed: Weighed,
  { what, secondsMax }: { readonly what: string; readonly secondsMax: number },
): void {
  const well = usersWellMs(felt, notRight);
  const { recoveredAtMs } = felt.observed;
  const untilMs = well === undefined || recoveredAtMs === undefined ? undefined : Math.max(well, recoveredAtMs);
  weighTime(felt, weighed, { what, fromMs: endMsOf(felt), untilMs, secondsMax });
}

/** Every such answer since the start is a fault. */
function weighRequests(
  felt: FeltDrill,
  weighed: Weighed,
  { what, sorts }: { readonly what: string; readonly sorts: readonly Sort[] },
): void {
  const { since, record } = felt;
  const bad = since.filter(({ sort }) => sorts.includes(sort));
  weighed.facts.unshift({
    ...factOf(felt, what, bad.length, "requests"),
    limit: `0 of ${since.length}`,
    samples: since.length,
  });
  for (const service of record.services) {
    const own = bad.filter((ask) => ask.service === service);
    const [first] = own;
    if (first === undefined) continue;
    const asked = since.filter((ask) => ask.service === service).length;
    weighed.faults.push(
      `${own.length} of ${asked} requests to ${service} failed, the first ${inSeconds(first.atMs - felt.startMs)} s after the start: ${first.said}`,
    );
  }
}

/** Of the writes since the start only those count that were to bring about an event; without any nothing is shown. */
function weighEvents(felt: FeltDrill, weighed: Weighed): void {
  const { record, beganMs, startMs } = felt;
  const counted = record.accepted.flatMap(({ events, acceptedMs, ...one }) =>
    events === undefined || acceptedMs - beganMs < startMs ? [] : [{ ...one, events }],
  );
  const unknown = counted.filter(({ events }) => events === null);
  const lost = counted.filter(({ events }) => events === 0);
  const doubled = counted.filter(({ events }) => events !== null && events > 1);
  weighed.facts.unshift({
    ...factOf(felt, "events lost or doubled", lost.length + doubled.length, "events"),
    limit: `0 of ${counted.length}`,
    samples: counted.length,
  });
  const [firstLost, firstDoubled] = [lost[0], doubled[0]];
  if (firstLost !== undefined) {
    weighed.faults.push(
      `${lost.length} of ${counted.length} events were lost, as that of ${firstLost.service} ${firstLost.id}`,
    );
  }
  if (firstDoubled !== undefined) {
    weighed.faults.push(
      `${doubled.length} of ${counted.length} events came more than once, as that of ${firstDoubled.service} ${firstDoubled.id}`,
    );
  }
  if (unknown.length > 0) weighed.gaps.push(`${unknown.length} of ${counted.length} events could not be counted`);
  if (counted.length === 0) weighed.gaps.push("no write was made that brings about an event");
}
