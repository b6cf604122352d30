/** What requests took on the plateau: all of them as a histogram, and each endpoint's percentiles, against the limits. */
import { chart, type Bar } from "./chart.ts";
import { markup, type Html } from "./html.ts";
import { nameOf, percentileOf, slowestFirst, type Percent } from "./load-endpoints.ts";
import type { LoadEndpoint, LoadPicture } from "./load-schema.ts";
import { linear, logarithmic, placeOn, type Scale } from "./scale.ts";

/**
 * Expected answers of all endpoints by what they took, those of the slowest endpoint in front: it is the one that is judged.
 * @param percent of the criterion that the picture belongs to: which endpoint is the slowest may depend on it
 */
export function drawHistogram(load: LoadPicture, percent: Percent): Html {
  const { edgesMs, endpoints } = load;
  const slowest = slowestFirst(endpoints, percent)[0];
  const all = edgesMs
    .slice(1)
    .map((_, bucket) => endpoints.reduce((sum, { counts }) => sum + (counts[bucket] ?? 0), 0));
  const most = all.reduce((high, count) => Math.max(high, count), 0);
  const bars = (counts: readonly number[]): readonly Bar[] =>
    counts.map((value, bucket) => ({ from: edgesMs[bucket] ?? 1, until: edgesMs[bucket + 1] ?? 1, value }));
  const x = latencyScale(load, all);
  // Room above the bars, for the names of the marks.
  return chart("How many requests took how long", x, linear("requests", most * 1.3), [
    { kind: "bars", name: `all ${endpoints.length} endpoints`, bars: bars(all), colour: "var(--out)" },
    ...(slowest === undefined
      ? []
      : [
          {
            kind: "bars",
            name: `the slowest, ${nameOf(slowest)}`,
            bars: bars(slowest.counts),
            colour: "var(--ink)",
          } as const,
        ]),
    ...([95, 99] as const).flatMap((one) => {
      const measured = slowest === undefined ? null : percentileOf(slowest, one);
      const limit = limitOf(load, one);
      return [
        ...(measured === null
          ? []
          : [
              {
                kind: "mark",
                axis: "x",
                name: `its p${one} ${shown(measured)} ms`,
                at: measured,
                colour: "var(--ink)",
                dash: one === 95 ? "1 3" : "4 2",
              } as const,
            ]),
        {
          kind: "mark",
          axis: "x",
          name: `p${one} limit ${limit} ms`,
          at: limit,
          colour: one === 95 ? "var(--unproven)" : "var(--fail)",
          dash: "6 3",
        } as const,
      ];
    }),
  ]);
}

const width = 720;
const left = 210;
const right = 150;
const across = width - left - right;
const rowHeight = 20;
const top = 34;
const bottom = 36;

/** Each endpoint's p50, p95 and p99 on one axis, the slowest first; the percentile of the criterion is the filled one. */
export function drawEndpoints(load: LoadPicture, percent: Percent): Html {
  const endpoints = slowestFirst(load.endpoints, percent);
  const down = endpoints.length * rowHeight;
  const counts = load.edgesMs
    .slice(1)
    .map((_, bucket) => endpoints.reduce((sum, one) => sum + (one.counts[bucket] ?? 0), 0));
  const x = latencyScale(load, counts);
  const limit = limitOf(load, percent);
  const at = placeOn(x, limit, across);
  const ticks = x.ticks.map(({ at: value, text }) => {
    const place = placeOn(x, value, across);
    return markup`<path d="M${place} 0v${down}" stroke="var(--line)"/><text x="${place}" y="${down + 14}" text-anchor="middle" fill="var(--muted)">${text}</text>`;
  });
  return markup`<svg viewBox="0 0 ${width} ${top + down + bottom}" width="${width}" role="img" aria-label="p50, p95 and p99 of ${endpoints.length} endpoints" font-size="10">
<text x="${left}" y="11" fill="var(--muted)">○ p50   ${percent === 95 ? "●" : "○"} p95   ${percent === 99 ? "●" : "○"} p99</text>
<g transform="translate(${left} ${top})">${ticks}<text x="${across}" y="${down + 28}" text-anchor="end" fill="var(--ink)">ms</text>
<path d="M${at} -6v${down + 6}" stroke="var(--fail)" stroke-width="1.2" stroke-dasharray="6 3"/><text x="${at}" y="-9" text-anchor="middle" fill="var(--fail)">p${percent} limit ${limit} ms</text>
${endpoints.map((one, index) => endpointRow(one, { percent, limit, x, y: index * rowHeight + rowHeight / 2 }))}</g></svg>`;
}

function endpointRow(
  one: LoadEndpoint,
  {
    percent,
    limit,
    x,
    y,
  }: { readonly percent: Percent; readonly limit: number; readonly x: Scale; readonly y: number },
): Html {
  const name = markup`<text x="-8" y="${y + 3}" text-anchor="end" fill="var(--ink)">${nameOf(one)}</text>`;
  const { p50Ms, p95Ms, p99Ms } = one;
  if (p50Ms === null || p95Ms === null || p99Ms === null) {
    return markup`${name}<text x="${across + 8}" y="${y + 3}" fill="var(--unproven)">no expected answer of ${one.asked}</text>`;
  }
  const judged = percent === 95 ? p95Ms : p99Ms;
  const colour = judged < limit ? "var(--ink)" : "var(--fail)";
  const [from, until] = [placeOn(x, p50Ms, across), placeOn(x, p99Ms, across)];
  const dots = [p50Ms, p95Ms, p99Ms].map((ms, index) => {
    const isJudged = index === (percent === 95 ? 1 : 2);
    return markup`<circle cx="${placeOn(x, ms, across)}" cy="${y}" r="${isJudged ? 4 : 3}" fill="${isJudged ? colour : "var(--card)"}" stroke="${colour}"/>`;
  });
  const asked = `p${percent} ${shown(judged)} ms, ${one.asked} asked`;
  return markup`${name}<path d="M${from} ${y}H${until}" stroke="${colour}" stroke-width="1.5"/>${dots}<text x="${across + 8}" y="${y + 3}" fill="${colour}">${asked}</text>
`;
}

/** From the fastest bucket with an answer, or 10 ms, to the slowest, or the p99's limit: both are always to be seen. */
function latencyScale({ edgesMs, limits, endpoints }: LoadPicture, counts: readonly number[]): Scale {
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  const tails = endpoints.flatMap(({ p99Ms }) => p99Ms ?? []);
  const high = Math.max(edgesMs[last + 1] ?? 0, limits.p95Ms, limits.p99Ms, ...tails);
  return logarithmic("ms", Math.min(edgesMs[Math.max(first, 0)] ?? 10, 10, limits.p95Ms), high);
}

function limitOf({ limits }: LoadPicture, percent: Percent): number {
  return percent === 95 ? limits.p95Ms : limits.p99Ms;
}

function shown(ms: number): number {
  return Math.round(ms * 10) / 10;
}
