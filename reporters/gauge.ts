/** A measured number beside its limit, drawn to scale. */
import type { Measured } from "../harness/ledger.ts";
import { markup, type Html } from "./html.ts";

type Bounds = { readonly low: number; readonly high: number; readonly comparison: "below" | "above" | "between" };

const number = String.raw`(-?\d[\d,]*(?:\.\d+)?)`;
const forms: readonly (readonly [RegExp, Bounds["comparison"]])[] = [
  [new RegExp(`^between ${number}(?: \\S+)? and ${number}`, "i"), "between"],
  [new RegExp(`^(?:at most|no more than|below|under|less than|<=?|≤) ?${number}`, "i"), "below"],
  [new RegExp(`^(?:at least|no less than|above|over|more than|>=?|≥) ?${number}`, "i"), "above"],
];

/**
 * The numbers in the words of a limit ("below 75 %", "at least 21 days", "between 1 and 5 s").
 * @returns undefined where the limit has no scale: "exactly 3 nodes", "Ready"
 */
export function boundsOf(limit: string): Bounds | undefined {
  for (const [form, comparison] of forms) {
    const match = form.exec(limit.trim());
    const [first, second] = [match?.[1], match?.[2]].map((text) => Number(text?.replaceAll(",", "")));
    if (first === undefined || !Number.isFinite(first)) continue;
    if (comparison === "below") return { low: Number.NEGATIVE_INFINITY, high: first, comparison };
    if (comparison === "above") return { low: first, high: Number.POSITIVE_INFINITY, comparison };
    if (second !== undefined && Number.isFinite(second)) return { low: first, high: second, comparison };
  }
  return undefined;
}

const width = 200;
const height = 14;

/**
 * A gauge from 0 to a round number beyond both value and limit: the allowed range is tinted, a tick marks the limit, a bar the value.
 * @returns undefined where there is nothing to draw: no number, no numeric limit, or a negative one
 */
export function gauge(measured: Measured): Html | undefined {
  const bounds = measured.limit === undefined ? undefined : boundsOf(measured.limit);
  const { value } = measured;
  if (bounds === undefined || typeof value !== "number" || !Number.isFinite(value) || value < 0) return undefined;
  const limits = [bounds.low, bounds.high].filter(Number.isFinite);
  if (limits.some((limit) => limit < 0)) return undefined;
  const top = scaleTop(Math.max(value, ...limits), measured.unit);
  const at = (position: number): number => Math.round((Math.min(Math.max(position, 0), top) / top) * width * 10) / 10;
  const [from, to] = [at(bounds.low), at(bounds.high)];
  const inside = value >= bounds.low && value <= bounds.high;
  const label = `${measured.what}: ${value} ${measured.unit}, limit ${measured.limit ?? ""}`;
  const ticks = limits.map(
    (limit) => markup`<rect class="limit" x="${Math.min(at(limit), width - 2)}" y="0" width="2" height="${height}"/>`,
  );
  return markup`<svg class="gauge ${inside ? "inside" : "outside"}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}" preserveAspectRatio="none">
<rect class="track" x="0" y="4" width="${width}" height="6" rx="3"/><rect class="allowed" x="${from}" y="4" width="${Math.max(to - from, 0)}" height="6" rx="3"/>
<rect class="value" x="0" y="4" width="${Math.max(at(value), 2)}" height="6" rx="3"/>${ticks}</svg>`;
}

function scaleTop(highest: number, unit: string): number {
  if (unit.startsWith("%") && highest <= 100) return 100;
  return highest === 0 ? 1 : highest * 1.25;
}
