/** What Prometheus holds of days: probes of the platform from outside, alerts that fired, and when the rules behind them were evaluated. */
import type { Availability } from "../../environments/availability.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import type { Watchers } from "./ask.ts";
import { readSamples, type Series, type TimeWindow } from "./range.ts";

/** Times in milliseconds since 1970, in their order; a window holds its first instant and not its last. */
export type ProbeSeries = {
  /** The address that was asked. */
  readonly target: string;
  /** Whence, where the prober tells. */
  readonly vantage: string;
  /** The pod or node that was scraped for it, where it was one of the cluster's own: then it is no look from outside. */
  readonly inside?: string;
  readonly samples: readonly { readonly atMs: number; readonly isAnswered: boolean }[];
};

export type FiredAlert = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The first and the last time that it was seen firing. */
  readonly fromMs: number;
  readonly untilMs: number;
};

export type RuleGroup = { readonly name: string; readonly evaluatedMs: readonly number[] };

/** Labels that only a target of the cluster's own carries. */
const insideLabels = ["pod", "node", "namespace"];

/**
 * All samples of the prober outside, by address and vantage point.
 * A sample that is neither 0 nor 1 makes the whole reading `ok: false`.
 */
export async function readOutsideProbes(
  cluster: Cluster,
  watchers: Watchers,
  outside: Availability["outside"],
  window: TimeWindow,
): Promise<Reading<readonly ProbeSeries[]>> {
  const found = await readParts(cluster, watchers, `probe_success{job=${JSON.stringify(outside.job)}}`, window);
  if (!found.ok) return found;
  const at = new Date(found.at);
  const odd = found.value.find(({ points }) => points.some(({ value }) => value !== 0 && value !== 1));
  if (odd !== undefined) return unread("probe_success holds a value that is neither 0 nor 1", found.source, at);
  const series = found.value.map(({ labels, points }) => {
    const inside = insideLabels.map((label) => labels[label]).find((value) => value !== undefined);
    return {
      target: labels["instance"] ?? "",
      vantage: labels["vantage"] ?? "",
      ...(inside === undefined ? {} : { inside }),
      samples: points.map(({ atMs, value }) => ({ atMs, isAnswered: value === 1 })),
    };
  });
  return read(series, found.source, at);
}

/** All critical alerts that fired in a window. An empty list says nothing by itself: see `readRuleGroups`. */
export async function readFiredAlerts(
  cluster: Cluster,
  watchers: Watchers,
  window: TimeWindow,
): Promise<Reading<readonly FiredAlert[]>> {
  const found = await readParts(cluster, watchers, 'ALERTS{alertstate="firing",severity="critical"}', window);
  if (!found.ok) return found;
  const fired = found.value.map(({ labels, points }) => ({
    name: labels["alertname"] ?? "",
    labels,
    fromMs: points[0]?.atMs ?? 0,
    untilMs: points.at(-1)?.atMs ?? 0,
  }));
  return read(fired, found.source, new Date(found.at));
}

/** When each group of rules was evaluated in a window: where no rule is evaluated no alert fires. */
export async function readRuleGroups(
  cluster: Cluster,
  watchers: Watchers,
  window: TimeWindow,
): Promise<Reading<readonly RuleGroup[]>> {
  const metric = "prometheus_rule_group_last_evaluation_timestamp_seconds";
  const found = await readParts(cluster, watchers, metric, window);
  if (!found.ok) return found;
  const groups = new Map<string, Set<number>>();
  for (const { labels, points } of found.value) {
    // FILE;GROUP
    const name = (labels["rule_group"] ?? "").split(";").at(-1) ?? "";
    const times = groups.get(name) ?? new Set();
    groups.set(name, times);
    for (const { value } of points) {
      const evaluatedMs = Math.round(value * 1000);
      if (isWithin(evaluatedMs, window)) times.add(evaluatedMs);
    }
  }
  const sorted = [...groups].map(([name, times]) => ({ name, evaluatedMs: [...times].toSorted((a, b) => a - b) }));
  return read(sorted, found.source, new Date(found.at));
}

type Found = {
  readonly labels: Series["labels"];
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
};

/** As long as one question may reach back: at a sample every 15 s a series has 5,760 of them. */
const partMs = 24 * 3_600_000;
const partsAtOnce = 2;

/** The samples of a long window, asked for a day at a time and put together again. One part that cannot be had leaves no window. */
async function readParts(
  cluster: Cluster,
  watchers: Watchers,
  selector: string,
  window: TimeWindow,
): Promise<Reading<readonly Found[]>> {
  const [from, until] = [window.from.getTime(), window.until.getTime()];
  const begins = Array.from({ length: Math.ceil((until - from) / partMs) }, (_, index) => from + index * partMs);
  const parts = await fewAtATime(begins, partsAtOnce, async (begin) =>
    readSamples(cluster, watchers, selector, {
      // A second more: what was scraped at the very beginning lies outside of Prometheus's own window.
      from: new Date(begin - 1000),
      until: new Date(Math.min(begin + partMs, until)),
    }),
  );
  const series = new Map<string, { readonly labels: Series["labels"]; readonly points: Map<number, number> }>();
  for (const part of parts) {
    if (!part.ok) return part;
    for (const { labels, points } of part.value) {
      const key = JSON.stringify(Object.entries(labels).toSorted(([left], [right]) => (left < right ? -1 : 1)));
      const known = series.get(key) ?? { labels, points: new Map<number, number>() };
      series.set(key, known);
      for (const { atSeconds, value } of points) {
        const atMs = Math.round(atSeconds * 1000);
        if (isWithin(atMs, window)) known.points.set(atMs, value);
      }
    }
  }
  const first = parts.find(({ ok }) => ok);
  if (first === undefined) return unread(`${selector}: the window is empty`, "Prometheus", new Date());
  const found = [...series.values()].map(({ labels, points }) => ({
    labels,
    points: [...points].map(([atMs, value]) => ({ atMs, value })).toSorted((left, right) => left.atMs - right.atMs),
  }));
  return read(
    found.filter(({ points }) => points.length > 0),
    first.source.split("?")[0] ?? first.source,
    new Date(first.at),
  );
}

function isWithin(atMs: number, { from, until }: TimeWindow): boolean {
  return atMs >= from.getTime() && atMs < until.getTime();
}
