/** A load run over time: percentiles, rate, users, failures, and whether the generator had processors to spare. */
import { chart, type Bar, type Layer, type Point } from "./chart.ts";
import type { Html } from "./html.ts";
import { nameOf, slowestFirst } from "./load-endpoints.ts";
import type { LoadPicture, LoadPoint } from "./load-schema.ts";
import { elapsed, linear, logarithmic, type Scale } from "./scale.ts";

/** A line at the very top of its chart is hard to see. */
const headroom = 1.1;

/** Latency of all endpoints together, and of the slowest one, against both limits. The axis is logarithmic: 20 ms and 1 s are both to be seen. */
export function drawPercentiles(load: LoadPicture): Html {
  const { p95Ms, p99Ms } = load.limits;
  const [slowest] = slowestFirst(load.endpoints, 95);
  const measured = load.series.points
    .flatMap((one) => [one.p50Ms, one.p95Ms, one.p99Ms, one.slowestP95Ms])
    .filter((ms) => ms !== null);
  const y = logarithmic("ms", Math.max(lowest(measured, 10), 1), highest([...measured, p95Ms, p99Ms]));
  return overTime(`p50, p95 and p99 latency in steps of ${load.series.stepSeconds} s`, load, y, [
    { kind: "mark", axis: "y", name: `p95 limit ${p95Ms} ms`, at: p95Ms, colour: "var(--unproven)", dash: "6 3" },
    { kind: "mark", axis: "y", name: `p99 limit ${p99Ms} ms`, at: p99Ms, colour: "var(--fail)", dash: "6 3" },
    ...(slowest === undefined
      ? []
      : [line(load, `p95 of ${nameOf(slowest)}`, "var(--ink)", (one) => one.slowestP95Ms, { dash: "5 3" })]),
    line(load, "p50", "var(--muted)", ({ p50Ms }) => p50Ms, { dash: "2 3" }),
    line(load, "p95", "var(--unproven)", (one) => one.p95Ms, { width: 2 }),
    line(load, "p99", "var(--fail)", (one) => one.p99Ms, { width: 2 }),
  ]);
}

/** Where the two part, the generator or the platform did not keep up. */
export function drawRate(load: LoadPicture): Html {
  const y = linear(
    "requests/s",
    highest(load.series.points.flatMap(({ asked, reached }) => [asked, reached])) * headroom,
  );
  return overTime("Requests a second, asked for and reached", load, y, [
    line(load, "asked for", "var(--allowed)", ({ asked }) => asked, { width: 7 }),
    line(load, "reached", "var(--ink)", ({ reached }) => reached, { width: 2 }),
  ]);
}

export function drawUsers(load: LoadPicture): Html {
  const { usersPlateau } = load.plan;
  const told = load.series.points.flatMap(({ users }) => users ?? []);
  return overTime("Users at once", load, linear("users", highest([...told, usersPlateau]) * headroom), [
    {
      kind: "mark",
      axis: "y",
      name: `plan ${usersPlateau} users`,
      at: usersPlateau,
      colour: "var(--muted)",
      dash: "5 4",
    },
    line(load, "users at once", "var(--ink)", ({ users }) => users, { width: 2 }),
  ]);
}

/** The share that failed of all requests of each step. */
export function drawFailures(load: LoadPicture): Html {
  const { failedPercent } = load.limits;
  const { stepSeconds, points } = load.series;
  const shares = points.map(({ failed, reached }) => (reached > 0 ? Math.min((failed / reached) * 100, 100) : 0));
  const bars = points.map(({ fromSeconds }, index): Bar => ({
    from: fromSeconds,
    until: fromSeconds + stepSeconds,
    value: shares[index] ?? 0,
  }));
  return overTime("Failed requests", load, linear("% of requests", highest([...shares, failedPercent * 2])), [
    { kind: "bars", name: "failed", bars, colour: "var(--fail)" },
    {
      kind: "mark",
      axis: "y",
      name: `limit ${failedPercent} %`,
      at: failedPercent,
      colour: "var(--fail)",
      dash: "6 3",
    },
  ]);
}

export function drawIdle(load: LoadPicture): Html {
  const min = load.plan.generatorIdlePercentMin;
  return overTime("Idle processors of the generator's machine", load, linear("% idle", 100), [
    { kind: "mark", axis: "y", name: `at least ${min} %`, at: min, colour: "var(--fail)", dash: "6 3" },
    line(load, "idle", "var(--ink)", ({ idlePercent }) => idlePercent, { width: 2 }),
  ]);
}

/** A chart over the whole run, its plateau tinted: that is what was judged. */
function overTime(words: string, { series, plateau }: LoadPicture, y: Scale, layers: readonly Layer[]): Html {
  const x = elapsed("time since the start (min:s)", (series.points.at(-1)?.fromSeconds ?? 0) + series.stepSeconds);
  const { fromSeconds, untilSeconds } = plateau;
  const isKnown = fromSeconds !== null && untilSeconds !== null;
  const judged: readonly Layer[] = isKnown
    ? [{ kind: "span", axis: "x", name: "plateau", from: fromSeconds, until: untilSeconds, colour: "var(--out-soft)" }]
    : [];
  return chart(words, x, y, [...judged, ...layers]);
}

/** Each point in the middle of its step. */
function line(
  { series }: LoadPicture,
  name: string,
  colour: string,
  value: (point: LoadPoint) => number | null,
  looks: { readonly dash?: string; readonly width?: number },
): Layer {
  const points = series.points.map((point): Point => [point.fromSeconds + series.stepSeconds / 2, value(point)]);
  return { kind: "line", name, points, colour, ...looks };
}

function highest(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), 0);
}

function lowest(values: readonly number[], otherwise: number): number {
  return values.reduce((low, value) => Math.min(low, value), values[0] ?? otherwise);
}
