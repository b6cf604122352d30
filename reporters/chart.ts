/** A chart as inline SVG: two axes with their units, and what is drawn between them, in the page's colours. */
import { markup, trusted, type Html, type Part } from "./html.ts";
import { placeOn, type Scale } from "./scale.ts";

/** A point of a line; null where nothing was measured: the line has a hole there, and is not drawn through it. */
export type Point = readonly [x: number, y: number | null];

/** Colours are CSS: the page's variables, so that a chart is readable by day, by night and on paper. */
export type Layer =
  | {
      readonly kind: "line";
      readonly name: string;
      readonly points: readonly Point[];
      readonly colour: string;
      readonly dash?: string;
      readonly width?: number;
    }
  | { readonly kind: "bars"; readonly name: string; readonly bars: readonly Bar[]; readonly colour: string }
  /** A line across the chart: at a height (`y`), or from its foot to its head (`x`). */
  | {
      readonly kind: "mark";
      readonly axis: "x" | "y";
      readonly name: string;
      readonly at: number;
      readonly colour: string;
      readonly dash?: string;
    }
  /** A tinted part of an axis: a phase in time, or a band that a value must stay in. */
  | {
      readonly kind: "span";
      readonly axis: "x" | "y";
      readonly name: string;
      readonly from: number;
      readonly until: number;
      readonly colour: string;
    };

export type Bar = { readonly from: number; readonly until: number; readonly value: number };

const width = 720;
const height = 250;
const margin = { left: 56, right: 128, top: 34, bottom: 38 };
const across = width - margin.left - margin.right;
const down = height - margin.top - margin.bottom;
const letterWidth = 5.6;
const lineHeight = 12;

/**
 * The whole chart, 720 wide and 250 high; it shrinks with the page.
 * @param words what a screen reader says of it
 * @param layers from the back to the front
 */
export function chart(words: string, x: Scale, y: Scale, layers: readonly Layer[]): Html {
  const spans = layers.filter((layer) => layer.kind === "span");
  const others = layers.filter((layer) => layer.kind !== "span");
  return markup`<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${words}" font-size="10">
${legend(layers)}<g transform="translate(${margin.left} ${margin.top})">${spans.map((layer) => draw(layer, x, y))}${frame(x, y)}
${others.map((layer) => draw(layer, x, y))}${markNames(layers, x, y)}</g></svg>`;
}

function frame(x: Scale, y: Scale): Part {
  const columns = x.ticks.map(({ at, text }) => {
    const place = placeOn(x, at, across);
    return markup`<path d="M${place} ${down}v4" stroke="var(--muted)"/><text x="${place}" y="${down + 15}" text-anchor="middle" fill="var(--muted)">${text}</text>`;
  });
  const rows = y.ticks.map(({ at, text }) => {
    const place = topOf(y, at);
    return markup`<path d="M0 ${place}h${across}" stroke="var(--line)"/><text x="-6" y="${inTenths(place + 3)}" text-anchor="end" fill="var(--muted)">${text}</text>`;
  });
  return markup`${rows}${columns}<path d="M0 0v${down}h${across}" fill="none" stroke="var(--muted)"/>
<text x="${across}" y="${down + 30}" text-anchor="end" fill="var(--ink)">${x.label}</text><text x="${-margin.left + 4}" y="-8" fill="var(--ink)">${y.label}</text>`;
}

function draw(layer: Layer, x: Scale, y: Scale): Part {
  if (layer.kind === "line")
    return markup`<path d="${trusted(pathOf(layer.points, x, y))}" fill="none" stroke="${layer.colour}" stroke-width="${layer.width ?? 1.5}" stroke-dasharray="${layer.dash ?? "none"}" stroke-linecap="round" stroke-linejoin="round"/>`;
  if (layer.kind === "bars")
    return markup`<path d="${trusted(layer.bars.map((bar) => barOf(bar, x, y)).join(""))}" fill="${layer.colour}"/>`;
  if (layer.kind === "mark") {
    const path =
      layer.axis === "x" ? `M${placeOn(x, layer.at, across)} 0v${down}` : `M0 ${topOf(y, layer.at)}h${across}`;
    return markup`<path d="${path}" stroke="${layer.colour}" stroke-width="1.2" stroke-dasharray="${layer.dash ?? "none"}"/>`;
  }
  return spanOf(layer, x, y);
}

function spanOf({ axis, name, from, until, colour }: Extract<Layer, { kind: "span" }>, x: Scale, y: Scale): Html {
  if (axis === "y") {
    const [top, foot] = [topOf(y, until), topOf(y, from)];
    return markup`<rect x="0" y="${top}" width="${across}" height="${inTenths(Math.max(foot - top, 0))}" fill="${colour}"/><text x="${across + 6}" y="${inTenths((top + foot) / 2 + 4)}" fill="var(--muted)">${name}</text>`;
  }
  const [left, right] = [placeOn(x, from, across), placeOn(x, until, across)];
  return markup`<rect x="${left}" y="0" width="${inTenths(Math.max(right - left, 0))}" height="${down}" fill="${colour}"/><text x="${inTenths(left + 4)}" y="11" fill="var(--muted)">${name}</text>`;
}

/** From the head of the chart down to a value. */
function topOf(y: Scale, value: number): number {
  return inTenths(down - placeOn(y, value, down));
}

/** A tenth of a pixel is enough, and 35.599999999999994 is none. */
function inTenths(length: number): number {
  return Math.round(length * 10) / 10;
}

// Paths are made of places on axes, which are numbers: they are trusted, since a text that was read would be cut at some length.

/** A point between two holes is a dot: a stroke of no length with round ends. */
function pathOf(points: readonly Point[], x: Scale, y: Scale): string {
  let isDrawing = false;
  const steps = points.map(([at, value], index) => {
    if (value === null) {
      isDrawing = false;
      return "";
    }
    const place = `${placeOn(x, at, across)} ${topOf(y, value)}`;
    const next = points[index + 1]?.[1] ?? null;
    const step = isDrawing ? `L${place}` : next === null ? `M${place}h0` : `M${place}`;
    isDrawing = true;
    return step;
  });
  return steps.join("");
}

function barOf({ from, until, value }: Bar, x: Scale, y: Scale): string {
  const [left, right, tall] = [placeOn(x, from, across), placeOn(x, until, across), placeOn(y, value, down)];
  if (tall === 0) return "";
  // A gap of a pixel between neighbours, none where there is no room for it.
  const wide = Math.max(right - left - 1, 0.5);
  return `M${left} ${down}v${-tall}h${inTenths(wide)}v${tall}z`;
}

/** Names of marks: at the right of a height, kept apart from each other; in a row of its own at the head of the others. */
function markNames(layers: readonly Layer[], x: Scale, y: Scale): Part {
  const marks = layers.filter((layer) => layer.kind === "mark");
  const heights = marks
    .filter(({ axis }) => axis === "y")
    .map(({ name, at, colour }) => ({ name, colour, top: inTenths(topOf(y, at) + 3) }));
  let last = Number.NEGATIVE_INFINITY;
  const beside = heights
    .toSorted((one, other) => one.top - other.top)
    .map(({ name, colour, top }) => {
      last = Math.max(top, last + lineHeight);
      return markup`<text x="${across + 6}" y="${last}" fill="${colour}">${name}</text>`;
    });
  const above = marks
    .filter(({ axis }) => axis === "x")
    .map(({ name, at, colour }, index) => {
      const place = placeOn(x, at, across);
      const isRight = place + name.length * letterWidth > across + margin.right;
      return markup`<text x="${inTenths(place + (isRight ? -4 : 4))}" y="${11 + index * lineHeight}" text-anchor="${isRight ? "end" : "start"}" fill="${colour}" stroke="var(--card)" stroke-width="3" paint-order="stroke">${name}</text>`;
    });
  return [...beside, ...above];
}

/** What the lines and bars are, above the chart. */
function legend(layers: readonly Layer[]): Part {
  let left = margin.left;
  return layers.flatMap((layer): readonly Part[] => {
    if (layer.kind !== "line" && layer.kind !== "bars") return [];
    const from = left;
    left += Math.ceil(34 + layer.name.length * letterWidth);
    const swatch =
      layer.kind === "bars"
        ? markup`<rect x="${from}" y="3" width="18" height="8" fill="${layer.colour}"/>`
        : markup`<path d="M${from} 7h18" stroke="${layer.colour}" stroke-width="${layer.width ?? 1.5}" stroke-dasharray="${layer.dash ?? "none"}"/>`;
    return [swatch, markup`<text x="${from + 22}" y="11" fill="var(--muted)">${layer.name}</text>`, trusted("\n")];
  });
}
