/** What a soak saw of a window, for the judge and for the watch itself. */
import { budgetOf } from "../../harness/soak/budget.ts";
import type { FoundSoak } from "../../harness/soak/find.ts";
import { hoursOf } from "../../harness/soak/hours.ts";
import { minuteAt, minuteMs, minutesOf } from "../../harness/soak/lines.ts";
import type { SoakRecord } from "../../harness/soak/record.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Watched } from "./cutover-watch.judge.ts";
import { unansweredPercentMax } from "./soak-limits.ts";

/** @param window its first minute is the one that `from` lies in */
export function watchedOf(record: SoakRecord, window: { readonly from: Date; readonly minutes: number }): Watched {
  const hours = hoursOf(record, window);
  const lost = hours.reduce((sum, { unanswered }) => sum + unanswered.length, 0);
  return {
    soak: record.plan.id,
    from: hours[0]?.from ?? record.plan.from,
    until: hours.at(-1)?.until ?? record.plan.until,
    hours,
    unanswered: budgetOf({ planned: window.minutes, lost, lostPercentMax: unansweredPercentMax }),
  };
}

/**
 * Every soak of a cluster that was to watch a window from its beginning to its end. All of them count: one that went badly must not be left
 * out for another. `ok: false` where there is none, with what could not be read.
 */
export function watchedSince(
  found: readonly FoundSoak[],
  wanted: { readonly clusterUid: string; readonly from: Date; readonly minutes: number; readonly now: Date },
): Reading<readonly Watched[]> {
  const { clusterUid, from, minutes, now } = wanted;
  const covering = found.flatMap(({ record }) => {
    if (!record.ok || record.value.plan.clusterUid !== clusterUid) return [];
    const { plan } = record.value;
    const first = minuteAt(plan, from.getTime());
    return plan.everyMs === minuteMs && first >= 0 && first + minutes <= minutesOf(plan) ? [record.value] : [];
  });
  if (covering.length > 0) {
    const watched = covering.map((record) => watchedOf(record, { from, minutes }));
    return read(watched, covering.map(({ plan }) => plan.id).join(", "), now);
  }
  const unreadable = found.flatMap(({ record }) => (record.ok ? [] : [record.why])).slice(0, 3);
  const hours = minutes / 60;
  const none = `no soak of this cluster covers the ${hours} hours from ${from.toISOString()}: begin 'validate --soak ${hours + 1}h' before the cutover`;
  return unread([none, ...unreadable].join("; "), "reports/soak", now);
}
