/** What a soak writes down: its plan, each look, and each time that it began or ended. */
import { z } from "zod";

const time = z.iso.datetime();
const count = z.int().min(0);
const words = z.string().max(2000);

/** One look a minute; tests watch faster. */
export const minuteMs = 60_000;

const planSchema = z.strictObject({
  kind: z.literal("plan"),
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[A-Za-z0-9.-]{1,100}$/),
  environment: words.min(1),
  clusterUid: words.min(1),
  /** The window: from the first instant to before the second, in whole minutes. */
  from: time,
  until: time,
  everyMs: z.int().min(1).max(minuteMs),
});

/** A process began to watch, or went on after another. */
const beganSchema = z.strictObject({ kind: z.literal("began"), at: time, by: words.min(1) });

/** Counters of one pod of the gateway as one scrape had them, since that pod began. */
const podSchema = z.strictObject({
  pod: words.min(1),
  scrapedAt: time,
  upSeconds: z.number().min(0),
  /** Answers by class: 2xx, 5xx, ... */
  answers: z.record(z.string(), count),
  /** Answers that took at most so many milliseconds, by the bounds of the histogram; `+Inf` holds all. */
  withinMs: z.record(z.string(), count),
});

const trafficSchema = z.discriminatedUnion("ok", [
  /** `down`: pods of any kind that Prometheus knows and could not scrape. */
  z.strictObject({ ok: z.literal(true), pods: z.array(podSchema).max(100), down: z.array(words).max(1000) }),
  z.strictObject({ ok: z.literal(false), why: words }),
]);

const lookSchema = z.strictObject({
  kind: z.literal("look"),
  /** The minute of the window in which the look began, from 0; the last one, at the end of the window, only closes the counters. */
  minute: count,
  at: time,
  tookMs: z.number().min(0),
  /** Whether the platform answered from outside; `unseen` where that could not be told. */
  ingress: z.strictObject({ state: z.enum(["answered", "unanswered", "unseen"]), because: words }),
  traffic: trafficSchema,
});

/** The watch ended: its window was over, its budget was burned, or it was interrupted, after which it may begin again. */
const endedSchema = z.strictObject({
  kind: z.literal("ended"),
  at: time,
  how: z.enum(["complete", "stopped", "interrupted"]),
  because: words,
});

export const soakLineSchema = z.discriminatedUnion("kind", [planSchema, beganSchema, lookSchema, endedSchema]);

export type SoakPlan = Readonly<z.infer<typeof planSchema>>;
export type SoakLook = Readonly<z.infer<typeof lookSchema>>;
export type SoakEnded = Readonly<z.infer<typeof endedSchema>>;
export type SoakLine = Readonly<z.infer<typeof soakLineSchema>>;
export type GatewayPod = z.infer<typeof podSchema>;
export type Traffic = z.infer<typeof trafficSchema>;
/** What one look brings back. */
export const seenSchema = lookSchema.pick({ ingress: true, traffic: true });
export type Seen = Readonly<z.infer<typeof seenSchema>>;

/** Minutes of the window. */
export function minutesOf({ from, until, everyMs }: SoakPlan): number {
  return (Date.parse(until) - Date.parse(from)) / everyMs;
}

/** The minute of the window that an instant lies in; negative before it, and the number of minutes or more after it. */
export function minuteAt({ from, everyMs }: SoakPlan, atMs: number): number {
  return Math.floor((atMs - Date.parse(from)) / everyMs);
}
