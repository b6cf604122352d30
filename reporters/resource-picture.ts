/** What a load run took of the nodes, and the replicas that were added for it, over the same time as the load itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { chart, type Layer, type Point } from "./chart.ts";
import type { Html } from "./html.ts";
import type { Picture } from "./picture.ts";
import { elapsed, linear, type Scale } from "./scale.ts";

/** As suites/performance/resource-evidence.ts names it. */
const file = "resource-use.json";

const pointsMax = 1_000;
const seconds = z.number().min(-1e6).max(1e6);
const percent = z.number().min(0).max(1e6);
const words = z.string().min(1).max(300);
const band = z.object({ from: percent, to: percent });
const limits = z.object({ judged: band, roadmap: band });
const measured = z.array(z.tuple([seconds, percent.nullable()])).max(pointsMax);
const count = z.number().min(0).max(100_000).nullable();

const resourceSchema = z.object({
  schemaVersion: z.literal(1),
  plateau: z.object({ fromSeconds: seconds.nullable(), untilSeconds: seconds.nullable() }),
  endedSeconds: seconds.nullable(),
  reasons: z.array(words).max(1),
  bands: z.object({ cpu: limits, memory: limits }),
  nodes: z.array(z.object({ node: words, cpuPercent: measured, memoryPercent: measured })).max(20),
  autoscalers: z
    .array(z.object({ name: words, replicas: z.array(z.tuple([seconds, count, count])).max(pointsMax) }))
    .max(10),
});
type ResourcePicture = z.output<typeof resourceSchema>;

const reasonLengthMax = 160;

/** The drawings of a run's resource use; none where the run wrote none, or one that is not understood. */
export function resourcePictures(directory: string): readonly Picture[] {
  let text: string;
  try {
    text = readFileSync(join(directory, "evidence", file), "utf8");
  } catch {
    return [];
  }
  const parsed = resourceSchema.safeParse(parseJson(text));
  return parsed.success ? picturesOf(parsed.data) : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function picturesOf(found: ResourcePicture): readonly Picture[] {
  const [reason] = found.reasons;
  const shown = reason === undefined ? "" : ` (this run proves nothing: ${reason.slice(0, reasonLengthMax)})`;
  const picture = (criterion: string, title: string, svg: Html): Picture => ({
    criterion,
    title: `${title}${shown}`,
    svg,
  });
  const ofNodes = found.nodes.length === 0 ? [] : (["cpu", "memory"] as const);
  return [
    ...ofNodes.map((kind) =>
      picture(
        `${kind}-utilization-band`,
        `${names[kind]} of each node over the load, and its band`,
        drawNodes(found, kind),
      ),
    ),
    ...(found.autoscalers.length === 0
      ? []
      : [picture("autoscaling-out-and-back", "Replicas over the load and after it", drawReplicas(found))]),
  ];
}

const names = { cpu: "CPU", memory: "Memory" } as const;

/** Nodes are told apart by colour, and on paper by their dashes. */
const looks = [
  { colour: "var(--ink)", dash: "none" },
  { colour: "var(--unproven)", dash: "6 3" },
  { colour: "var(--pass)", dash: "2 3" },
  { colour: "var(--muted)", dash: "8 3 2 3" },
] as const;

function lookOf(index: number): (typeof looks)[number] {
  return looks[index % looks.length] ?? looks[0];
}

function drawNodes(found: ResourcePicture, kind: "cpu" | "memory"): Html {
  const { judged, roadmap } = found.bands[kind];
  const lines = found.nodes.map(({ node, cpuPercent, memoryPercent }, index): Extract<Layer, { kind: "line" }> => ({
    kind: "line",
    name: node,
    points: kind === "cpu" ? cpuPercent : memoryPercent,
    width: 2,
    ...lookOf(index),
  }));
  const isRoadmap = judged.from === roadmap.from && judged.to === roadmap.to;
  const edges = isRoadmap ? [] : [roadmap.from, roadmap.to];
  const highest = lines
    .flatMap(({ points }) => points.flatMap(([, value]) => value ?? []))
    .reduce((high, value) => Math.max(high, value), 0);
  const y = linear(`% ${names[kind]}`, Math.max(highest, judged.to, ...edges));
  return overTime(`${names[kind]} of ${lines.length} nodes, band ${judged.from} to ${judged.to} %`, found, y, [
    {
      kind: "span",
      axis: "y",
      name: `band ${judged.from} to ${judged.to} %`,
      from: judged.from,
      until: judged.to,
      colour: "var(--allowed)",
    },
    ...edges.map((at): Layer => ({
      kind: "mark",
      axis: "y",
      name: `roadmap ${at} %`,
      at,
      colour: "var(--muted)",
      dash: "5 4",
    })),
    ...lines,
  ]);
}

function drawReplicas(found: ResourcePicture): Html {
  const all = found.autoscalers.flatMap(({ replicas }) =>
    replicas.flatMap(([, ready, desired]) => [ready ?? 0, desired ?? 0]),
  );
  const lines = found.autoscalers.flatMap(({ name: whole, replicas }, index): Layer[] => {
    const { colour } = lookOf(index);
    const name = shortName(
      whole,
      found.autoscalers.map((one) => one.name),
    );
    return [
      {
        kind: "line",
        name: `${name} wanted`,
        points: steps(replicas.map(([at, , desired]) => [at, desired])),
        colour,
        dash: "2 3",
      },
      {
        kind: "line",
        name: `${name} ready`,
        points: steps(replicas.map(([at, ready]) => [at, ready])),
        colour,
        width: 2,
      },
    ];
  });
  const y = linear("pods", all.reduce((high, value) => Math.max(high, value), 0) + 1);
  return overTime(`Replicas of ${found.autoscalers.length} autoscalers`, found, y, lines);
}

/** Without its namespace, where no other has that name: there is room for so many words above a chart. */
function shortName(whole: string, all: readonly string[]): string {
  const last = (one: string): string => one.split("/").at(-1) ?? one;
  return all.filter((one) => last(one) === last(whole)).length === 1 ? last(whole) : whole;
}

/** A number stands until it changes: a line goes on at its height, and then straight up or down. */
function steps(points: readonly Point[]): Point[] {
  return points.flatMap(([at, value], index): Point[] => {
    const before = points[index - 1]?.[1] ?? null;
    return before === null || value === null || before === value
      ? [[at, value]]
      : [
          [at, before],
          [at, value],
        ];
  });
}

/** From the begin of the load to the last thing that was seen after it, the same for every drawing; the plateau is what was judged. */
function overTime(label: string, found: ResourcePicture, y: Scale, layers: readonly Layer[]): Html {
  const { plateau, endedSeconds } = found;
  const { fromSeconds, untilSeconds } = plateau;
  const times = [
    ...found.nodes.flatMap(({ cpuPercent, memoryPercent }) => [cpuPercent.at(-1)?.[0], memoryPercent.at(-1)?.[0]]),
    ...found.autoscalers.map(({ replicas }) => replicas.at(-1)?.[0]),
    endedSeconds ?? 0,
  ];
  const x = elapsed("time since the load began (min:s)", Math.max(0, ...times.filter((at) => at !== undefined)));
  const judged: readonly Layer[] =
    fromSeconds === null || untilSeconds === null
      ? []
      : [
          {
            kind: "span",
            axis: "x",
            name: "plateau",
            from: fromSeconds,
            until: untilSeconds,
            colour: "var(--out-soft)",
          },
        ];
  const ended: readonly Layer[] =
    endedSeconds === null
      ? []
      : [{ kind: "mark", axis: "x", name: "load ended", at: endedSeconds, colour: "var(--muted)", dash: "3 3" }];
  return chart(label, x, y, [...judged, ...layers, ...ended]);
}
