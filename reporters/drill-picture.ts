/** A drill, drawn: when it was injected, felt, detected by an alert and recovered from, over what users got meanwhile. */
import { z } from "zod";
import { chart, type Bar, type Layer } from "./chart.ts";
import { readEvidence } from "./evidence-files.ts";
import type { Html } from "./html.ts";
import type { Picture } from "./picture.ts";
import { elapsed, linear } from "./scale.ts";

/** As suites/dr/drill-timeline.ts names them. */
const files = /^timeline-[a-z0-9-]{1,80}\.json$/;

const stepsMax = 301;
const seconds = z.number().min(-1e6).max(1e6);
const count = z.number().min(0).max(1e6);
const words = z.string().max(300);
const counts = { right: count, refused: count, wrong: count, unanswered: count, unseen: count };

const timelineSchema = z.object({
  schemaVersion: z.literal(1),
  criterion: z.string().regex(/^[a-z0-9-]{1,80}$/),
  fault: words,
  injectedSeconds: seconds.nullable(),
  feltSeconds: seconds.nullable(),
  detectedSeconds: seconds.nullable(),
  detectedBy: words.nullable(),
  removedSeconds: seconds.nullable(),
  recoveredSeconds: seconds.nullable(),
  writes: z.object({ accepted: count, lost: count, altered: count, unread: count }),
  requests: z.object(counts),
  stepSeconds: z.number().min(1).max(1e6),
  steps: z
    .array(z.object({ fromSeconds: seconds, ...counts }))
    .min(1)
    .max(stepsMax),
});
type Timeline = z.output<typeof timelineSchema>;

/** One drawing a drill whose users were watched; none where the run wrote none, or one that is not understood. */
export function drillPictures(directory: string): readonly Picture[] {
  return readEvidence(directory, files, timelineSchema).map((timeline) => ({
    criterion: timeline.criterion,
    title: titleOf(timeline),
    svg: draw(timeline),
  }));
}

function titleOf({ fault, requests, writes, injectedSeconds, detectedSeconds, detectedBy }: Timeline): string {
  const lost = requests.wrong + requests.unanswered;
  const detected =
    detectedSeconds === null || injectedSeconds === null
      ? "no alert"
      : `${detectedBy ?? "an alert"} after ${Math.round(detectedSeconds - injectedSeconds)} s`;
  return `${fault}: ${requests.refused} requests refused, ${lost} lost, ${writes.lost + writes.altered} of ${writes.accepted} accepted writes lost, ${detected}`;
}

/** Stacked from the foot: right, refused, neither, and what nobody saw. Layers are drawn from the back, so that the whole comes first. */
function draw(timeline: Timeline): Html {
  const { steps, stepSeconds } = timeline;
  const beganSeconds = steps[0]?.fromSeconds ?? 0;
  const until = (steps.at(-1)?.fromSeconds ?? 0) + stepSeconds - beganSeconds;
  const bars = (heights: readonly number[]): readonly Bar[] =>
    steps.map(({ fromSeconds }, index) => ({
      from: fromSeconds - beganSeconds,
      until: fromSeconds - beganSeconds + stepSeconds,
      value: (heights[index] ?? 0) / stepSeconds,
    }));
  const right = steps.map((step) => step.right);
  const refused = steps.map((step, index) => step.refused + (right[index] ?? 0));
  const neither = steps.map((step, index) => step.wrong + step.unanswered + (refused[index] ?? 0));
  const all = steps.map((step, index) => step.unseen + (neither[index] ?? 0));
  const highest = all.reduce((high, value) => Math.max(high, value / stepSeconds), 0);
  const layers: readonly Layer[] = [
    ...disturbed(timeline, beganSeconds),
    ...(all.some((value, index) => value > (neither[index] ?? 0))
      ? [{ kind: "bars", name: "not seen", bars: bars(all), colour: "var(--out)" } as const]
      : []),
    { kind: "bars", name: "neither", bars: bars(neither), colour: "var(--fail)" },
    { kind: "bars", name: "refused", bars: bars(refused), colour: "var(--unproven)" },
    { kind: "bars", name: "right", bars: bars(right), colour: "var(--pass)" },
    ...marks(timeline, beganSeconds),
  ];
  const y = linear("requests/s", highest * 1.6);
  const what = `${timeline.fault}: requests a second that were right, refused, and neither`;
  return chart(what, elapsed("time since the watch began (min:s)", until), y, layers);
}

/** The time that the fault stood in. */
function disturbed({ injectedSeconds, removedSeconds }: Timeline, beganSeconds: number): readonly Layer[] {
  if (injectedSeconds === null || removedSeconds === null || removedSeconds < injectedSeconds) return [];
  const [from, until] = [injectedSeconds - beganSeconds, removedSeconds - beganSeconds];
  return [{ kind: "span", axis: "x", name: "", from, until, colour: "var(--out-soft)" }];
}

function marks(timeline: Timeline, beganSeconds: number): readonly Layer[] {
  const { injectedSeconds, feltSeconds, detectedSeconds, removedSeconds, recoveredSeconds } = timeline;
  const all = [
    ["injected", injectedSeconds, "var(--fail)"],
    ["felt", feltSeconds, "var(--ink)"],
    ["detected by alert", detectedSeconds, "var(--unproven)"],
    ["removed", removedSeconds, "var(--muted)"],
    ["recovered", recoveredSeconds, "var(--pass)"],
  ] as const;
  return all.flatMap(([name, at, colour]): readonly Layer[] =>
    at === null ? [] : [{ kind: "mark", axis: "x", name, at: at - beganSeconds, colour, dash: "4 2" }],
  );
}
