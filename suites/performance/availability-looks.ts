/** What the checks of availability gather: probes of days from Prometheus, what a person attests, and the soaks that stand on this machine. */
import { readIncidentLog } from "../../harness/incident-log.ts";
import { findSoaks } from "../../harness/soak/find.ts";
import { unproven, unread, type Verdict } from "../../harness/verdict.ts";
import { readFiredAlerts, readOutsideProbes, readRuleGroups } from "../../probes/observability/availability.ts";
import type { CheckContext } from "../check.ts";
import { judgeCutoverWatched } from "./cutover-watch.judge.ts";
import { judgeFirstWeek } from "./first-week.judge.ts";
import { daysFrom, lastDays } from "./last-days.ts";
import { watchLimits } from "./soak-limits.ts";
import { judgeUptime } from "./uptime.judge.ts";
import { watchedSince } from "./watched.ts";

type Context = Pick<CheckContext, "profile" | "run" | "cluster">;

/** "Uptime: 99.5%+ (target for free tier)" (roadmap, Technical Metrics), over the last 7 days. */
const uptimeLimit = { answeredPercentMin: 99.5, days: 7 };

/** "Zero production incidents in first week" (roadmap, Technical Metrics). */
const weekDays = 7;

const noProber = "the profile names no prober outside of the cluster (availability)";
const noCutover = "no cutover is on record (availability.cutoverAt of the profile)";

/** uptime: a week of probes from outside, as Prometheus holds them. */
export async function lookAtUptime({ profile, cluster }: Context): Promise<Verdict> {
  const { availability, observability } = profile;
  if (availability === undefined) return unproven(noProber);
  const { outside } = availability;
  const window = lastDays(uptimeLimit.days, new Date());
  const probes = await readOutsideProbes(cluster, observability, outside, window);
  return judgeUptime(probes, outside, { ...uptimeLimit, window });
}

/** first-week-without-incident: alerts, evaluations and probes of the week after the cutover, and what a person attests of it. */
export async function lookAtFirstWeek({ profile, cluster, run }: Context): Promise<Verdict> {
  const { availability, observability } = profile;
  if (availability === undefined) return unproven(noProber);
  const { cutoverAt, incidentLog, outside, ruleGroups } = availability;
  if (cutoverAt === undefined) return unproven(noCutover);
  const now = new Date();
  const window = daysFrom(new Date(cutoverAt), weekDays, now);
  // Prometheus cannot be asked for no time at all.
  if (window.from.getTime() === window.until.getTime()) {
    return unproven(`the week after the cutover of ${cutoverAt} has not begun`);
  }
  const log =
    incidentLog === undefined
      ? unread<never>("no incident log is attested (availability.incidentLog of the profile)", "the profile", now)
      : readIncidentLog(incidentLog, now);
  // One after another: each is a week of samples.
  const probes = await readOutsideProbes(cluster, observability, outside, window);
  const alerts = await readFiredAlerts(cluster, observability, window);
  const groups = await readRuleGroups(cluster, observability, window);
  const week = { window, days: weekDays, probed: outside, ruleGroups, clusterUid: run.clusterUid };
  return judgeFirstWeek({ probes, alerts, groups, log }, week, new Date());
}

/** cutover-watched: the soaks of this cluster that cover the hours after the cutover. @param folder where soaks stand */
export async function lookAtCutoverWatch({ profile, run }: Omit<Context, "cluster">, folder: string): Promise<Verdict> {
  const cutoverAt = profile.availability?.cutoverAt;
  if (cutoverAt === undefined) return unproven(noCutover);
  const now = new Date();
  const window = { from: new Date(cutoverAt), minutes: watchLimits.hours * 60 };
  const found = watchedSince(findSoaks(folder, now), { clusterUid: run.clusterUid, ...window, now });
  return judgeCutoverWatched(found, watchLimits, now);
}
