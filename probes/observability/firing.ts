/** The alerts that Prometheus had firing in a window of time, by the harness's own clock. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import type { Watchers } from "./ask.ts";
import { readVector } from "./query.ts";
import { readSamples, type TimeWindow } from "./range.ts";

/** One alert of one set of labels: when it was first and last seen firing in the window. */
export type Firing = {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fromMs: number;
  readonly untilMs: number;
};

/** Alerts that are raised on purpose, or that say only that alerting itself is alive. */
const never = "OkeProofSynthetic|Watchdog";

/** A clock further off than this is no clock to measure a time to detect by. */
const aheadMsMax = 60_000;

/**
 * Every alert that was firing at some time of the window, the earliest first; empty where none was. Times are milliseconds since 1970 by the
 * harness's clock: what Prometheus's is ahead is taken off.
 */
export async function readFiring(
  cluster: Cluster,
  watchers: Watchers,
  window: TimeWindow,
): Promise<Reading<readonly Firing[]>> {
  const askedMs = Date.now();
  const clock = await readVector(cluster, watchers, "vector(time())");
  const answeredMs = Date.now();
  if (!clock.ok) return clock;
  const [told] = clock.value;
  if (told === undefined) return unread("Prometheus does not tell its time", clock.source, new Date());
  const aheadMs = told.value * 1000 - (askedMs + answeredMs) / 2;
  if (Math.abs(aheadMs) > aheadMsMax) {
    return unread(`the clock of Prometheus is ${Math.round(aheadMs)} ms ahead of ours`, clock.source, new Date());
  }
  const shifted = {
    from: new Date(window.from.getTime() + aheadMs),
    until: new Date(Math.min(window.until.getTime(), answeredMs) + aheadMs),
  };
  const found = await readSamples(cluster, watchers, `ALERTS{alertstate="firing",alertname!~"${never}"}`, shifted);
  if (!found.ok) return found;
  const firing = found.value.map(({ labels, points }): Firing => {
    const { alertname = "", alertstate: _state, __name__: _name, ...others } = labels;
    const [first, last] = [points[0]?.atSeconds ?? Number.NaN, points.at(-1)?.atSeconds ?? Number.NaN];
    return { alert: alertname, labels: others, fromMs: first * 1000 - aheadMs, untilMs: last * 1000 - aheadMs };
  });
  const inOrder = firing.toSorted((one, other) => one.fromMs - other.fromMs);
  return read(inOrder, found.source, new Date(found.at));
}
