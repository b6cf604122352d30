/** What the end of the Vitest child says about the verdicts that it left. */
import type { Outcome } from "../harness/verdict.ts";
import type { ChildEnd } from "./vitest-child.ts";

/**
 * Why the verdicts of a run cannot stand as they are; undefined where Vitest ended as its verdicts say it must: 0 where all passed, 1 where
 * one did not. A 1 over passes alone is an error that no check caught, a 0 over anything else a verdict that Vitest knows nothing of.
 * @param outcomes the outcome of each criterion that was asked for; undefined where it left no verdict
 */
export function whyVitestDied(end: ChildEnd, outcomes: ReadonlyMap<string, Outcome | undefined>): string | undefined {
  const missing = [...outcomes].flatMap(([id, outcome]) => (outcome === undefined ? [id] : []));
  if (end.signal !== null) return `Vitest was ended by ${end.signal} with ${missing.length} checks to go`;
  if (end.code !== 0 && end.code !== 1) return `Vitest exited ${end.code} with ${missing.length} checks to go`;
  if (missing.length > 0) return `Vitest ended without a verdict on ${missing.join(", ")}`;
  const expected = [...outcomes.values()].every((outcome) => outcome === "pass") ? 0 : 1;
  if (end.code === expected) return undefined;
  return expected === 0
    ? "Vitest exited 1 though every check passed: an error that no check caught"
    : "Vitest exited 0 though not every check passed: a verdict that no check of this run stands behind";
}
