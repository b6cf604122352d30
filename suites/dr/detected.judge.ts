/** The alert by which a drill was detected: the first that began to fire once the fault was in. */
import type { Firing } from "../../probes/observability/firing.ts";
import type { WatchedDrill } from "./watched-drill.ts";

/** `atMs` is milliseconds since the experiment began. */
export type Detected = { readonly alert: string; readonly atMs: number };

/** Undefined where no alert came, where none could be read, and where nothing was injected. An alert that fired before says nothing of the fault. */
export function detectedBy({ observed, watch, beganMs, firing }: WatchedDrill): Detected | undefined {
  const { injectedAtMs } = observed;
  if (injectedAtMs === undefined || !watch.ok || !firing.ok) return undefined;
  const startedMs = Date.parse(watch.value.startedAt) + beganMs;
  const found = firing.value
    .map(({ alert, fromMs }: Firing): Detected => ({ alert, atMs: fromMs - startedMs }))
    .filter(({ atMs }) => atMs >= observed.before.atMs)
    .toSorted((one, other) => one.atMs - other.atMs);
  return found[0];
}
