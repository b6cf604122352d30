/** An overload, drawn: what the surge was answered, and how long one small request took before it and after it. */
import { z } from "zod";
import { chart, type Bar, type Layer } from "./chart.ts";
import { readEvidence } from "./evidence-files.ts";
import type { Html } from "./html.ts";
import type { Picture } from "./picture.ts";
import { elapsed, linear, type Scale } from "./scale.ts";

/** As suites/performance/overload-evidence.ts names it. */
const file = /^overload-surge\.json$/;
const criterion = "overload-degrades-gracefully";

const stepsMax = 120;
const looksMax = 1_000;
const count = z.number().min(0).max(1e6);
const milliseconds = z.number().min(0).max(1e7);
const evidenceSchema = z.object({
  schemaVersion: z.literal(1),
  surgeSeconds: z.number().min(1).max(stepsMax),
  steps: z
    .array(z.object({ fromSeconds: z.number().min(0).max(stepsMax), right: count, refused: count, neither: count }))
    .min(1)
    .max(stepsMax),
  looks: z.array(z.tuple([z.number().min(-1e4).max(1e4), milliseconds.nullable()])).max(looksMax),
  limits: z.object({ latencyMs: milliseconds, recoverySeconds: z.number().min(0).max(1e4) }),
});
type Evidence = z.output<typeof evidenceSchema>;

/** Two drawings; none where the run made no surge, or its file is not understood. */
export function overloadPictures(directory: string): readonly Picture[] {
  return readEvidence(directory, file, evidenceSchema).flatMap((found) => [
    { criterion, title: titleOf(found), svg: drawAnswers(found) },
    { criterion, title: "One small request a second, before the surge and after it", svg: drawLooks(found) },
  ]);
}

function titleOf({ steps }: Evidence): string {
  const sum = (of: (step: Evidence["steps"][number]) => number): number =>
    steps.reduce((total, step) => total + of(step), 0);
  const [right, refused, neither] = [
    sum((step) => step.right),
    sum((step) => step.refused),
    sum((step) => step.neither),
  ];
  return `The surge: ${right} requests answered, ${refused} refused, ${neither} neither`;
}

/** Stacked from the foot: right, refused, neither. Layers are drawn from the back, so that the whole comes first. */
function drawAnswers(found: Evidence): Html {
  const bars = (height: (step: Evidence["steps"][number]) => number): readonly Bar[] =>
    found.steps.map((step) => ({
      from: step.fromSeconds,
      until: Math.min(step.fromSeconds + 1, found.surgeSeconds),
      value: height(step),
    }));
  const all = bars(({ right, refused, neither }) => right + refused + neither);
  const highest = all.reduce((high, { value }) => Math.max(high, value), 0);
  const layers: readonly Layer[] = [
    { kind: "bars", name: "neither", bars: all, colour: "var(--fail)" },
    { kind: "bars", name: "refused", bars: bars(({ right, refused }) => right + refused), colour: "var(--unproven)" },
    { kind: "bars", name: "right", bars: bars(({ right }) => right), colour: "var(--pass)" },
  ];
  const x = elapsed("time since the surge began (min:s)", found.surgeSeconds);
  return chart("Answers to the surge, by the second they were asked for in", x, linear("requests/s", highest), layers);
}

/** The first look is at the left edge; the surge itself is tinted, and nobody looked in it. */
function drawLooks({ looks, limits, surgeSeconds }: Evidence): Html {
  const began = looks.reduce((first, [at]) => Math.min(first, at), 0);
  const ended = looks.reduce((last, [at]) => Math.max(last, at), surgeSeconds);
  const slowest = looks.reduce((high, [, ms]) => Math.max(high, ms ?? 0), limits.latencyMs);
  const x: Scale = elapsed("time since the first look (min:s)", ended - began);
  const back = surgeSeconds + limits.recoverySeconds - began;
  return chart("Latency of one small request a second, around the surge", x, linear("ms", slowest * 1.1), [
    {
      kind: "span",
      axis: "x",
      name: "surge",
      from: -began,
      until: surgeSeconds - began,
      colour: "var(--out-soft)",
    },
    {
      kind: "mark",
      axis: "y",
      name: `normal: below ${limits.latencyMs} ms`,
      at: limits.latencyMs,
      colour: "var(--fail)",
      dash: "6 3",
    },
    { kind: "mark", axis: "x", name: "must be normal", at: back, colour: "var(--muted)", dash: "4 2" },
    {
      kind: "line",
      name: "latency",
      // A hole between what was before and after the surge: nothing was looked at in between.
      points: [
        ...looks.filter(([at]) => at < 0).map(([at, ms]) => [at - began, ms] as const),
        [-began, null],
        ...looks.filter(([at]) => at >= 0).map(([at, ms]) => [at - began, ms] as const),
      ],
      colour: "var(--ink)",
      width: 2,
    },
  ]);
}
