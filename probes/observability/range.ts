/** What Prometheus holds of a window of time: samples as they were scraped, or an expression evaluated step by step. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { askWatcher, type Watchers } from "./ask.ts";

/** The most points of all series together that one answer may have, and the longest window. */
const pointsMax = 200_000;
const windowSecondsMax = 8 * 24 * 3600;
/** Prometheus refuses more points of a series than this. */
const stepsMax = 11_000;

const point = z.tuple([z.number(), z.string()]).transform(([atSeconds, text], context) => {
  const value = Number(text);
  // NaN and infinity are numbers to Prometheus, and no measurement.
  if (text.trim() !== "" && Number.isFinite(value)) return { atSeconds, value };
  context.addIssue({ code: "custom", message: `'${text}' is no measurement` });
  return z.NEVER;
});

const series = z
  .object({ metric: z.record(z.string(), z.string()), values: z.array(point).min(1) })
  .refine(
    ({ values }) => values.every((one, index) => index === 0 || one.atSeconds > (values[index - 1]?.atSeconds ?? 0)),
    {
      error: "the points are not in the order of their times",
    },
  )
  .transform(({ metric, values }) => ({ labels: metric, points: values }));

const answer = z.object({
  status: z.literal("success"),
  data: z.object({ resultType: z.literal("matrix"), result: z.array(series) }),
});

/** Times in seconds since 1970. */
export type Point = Readonly<z.output<typeof point>>;
export type Series = { readonly labels: Readonly<Record<string, string>>; readonly points: readonly Point[] };
export type TimeWindow = { readonly from: Date; readonly until: Date };

/**
 * The samples of a window as they were scraped, each with its own time. Averages of a window are taken from these: an evaluation by steps gives
 * the last sample for up to five minutes more, so that a missed scrape cannot be seen in it.
 * @param selector a metric with its labels, such as `up{job="resource"}`; an expression has no samples, and Prometheus refuses it
 * @returns empty where nothing fits; `ok: false` also where a value is no number, and where there are more than 200,000 points
 */
export async function readSamples(
  cluster: Cluster,
  watchers: Watchers,
  selector: string,
  window: TimeWindow,
): Promise<Reading<readonly Series[]>> {
  const seconds = Math.ceil((window.until.getTime() - window.from.getTime()) / 1000);
  const time = (window.until.getTime() / 1000).toFixed(3);
  const query = new URLSearchParams({ query: `${selector}[${seconds}s]`, time });
  return readMatrix(cluster, watchers, `query?${query.toString()}`, { asked: selector, window, points: 1 });
}

/**
 * An expression at each step of a window, for drawings and for long windows.
 * @param stepSeconds at least 1, and so long that a series has at most 11,000 points
 */
export async function readRange(
  cluster: Cluster,
  watchers: Watchers,
  expression: string,
  window: TimeWindow & { readonly stepSeconds: number },
): Promise<Reading<readonly Series[]>> {
  const { from, until, stepSeconds } = window;
  const [start = "", end = ""] = [from, until].map((time) => (time.getTime() / 1000).toFixed(3));
  const query = new URLSearchParams({ query: expression, start, end, step: String(stepSeconds) });
  const points = stepSeconds >= 1 ? (until.getTime() - from.getTime()) / 1000 / stepSeconds : Number.NaN;
  return readMatrix(cluster, watchers, `query_range?${query.toString()}`, { asked: expression, window, points });
}

async function readMatrix(
  cluster: Cluster,
  watchers: Watchers,
  pathAndQuery: string,
  { asked, window, points }: { readonly asked: string; readonly window: TimeWindow; readonly points: number },
): Promise<Reading<readonly Series[]>> {
  const seconds = (window.until.getTime() - window.from.getTime()) / 1000;
  // Both comparisons are written so that a time that is none is refused.
  if (!(seconds > 0 && seconds <= windowSecondsMax && points <= stepsMax)) {
    const why = `${asked}: a window of ${seconds} s with ${Math.ceil(points)} points a series cannot be asked for`;
    return unread(why, "Prometheus", new Date());
  }
  const found = await askWatcher(cluster, watchers, "prometheus", `/api/v1/${pathAndQuery}`, answer);
  if (!found.ok) return unread(`${asked}: ${found.why}`, found.source, new Date(found.at));
  const { result } = found.value.data;
  const count = result.reduce((sum, one) => sum + one.points.length, 0);
  const stray = result.find((one) => one.points.some((each) => !isWithin(each, window)));
  if (count > pointsMax) {
    return unread(`${asked}: ${count} points, at most ${pointsMax} are read`, found.source, new Date(found.at));
  }
  return stray === undefined
    ? read(result, found.source, new Date(found.at))
    : unread(`${asked}: a point lies outside of the window that was asked for`, found.source, new Date(found.at));
}

/** A second is left to the rounding of the window to whole seconds. */
function isWithin({ atSeconds }: Point, { from, until }: TimeWindow): boolean {
  return atSeconds >= from.getTime() / 1000 - 1 && atSeconds <= until.getTime() / 1000 + 1;
}
