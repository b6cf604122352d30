/** How long the steady state was lost: what was not seen to be good counts as lost. */
import type { SteadySample } from "./experiment.ts";

/**
 * From the last good look before a failed one to the next good look; where none followed, to `endMs` or the last look, whichever is later.
 * What lies between two looks is unknown, so that it counts in full. A look that could not tell is no good one, and loses nothing by itself.
 * @param before the look before the fault, which was good
 * @param endMs when the fault was removed, or now
 */
export function lostTime(before: SteadySample, during: readonly SteadySample[], endMs: number): number {
  let lost = 0;
  let goodAtMs = before.atMs;
  let hasFailed = false;
  for (const { atMs, outcome } of during) {
    if (outcome === "fail") hasFailed = true;
    if (outcome !== "pass") continue;
    if (hasFailed) lost += atMs - goodAtMs;
    hasFailed = false;
    goodAtMs = atMs;
  }
  const lastAtMs = during.at(-1)?.atMs ?? goodAtMs;
  return hasFailed ? lost + Math.max(endMs, lastAtMs) - goodAtMs : lost;
}
