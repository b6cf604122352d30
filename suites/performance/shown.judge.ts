/** Whether an experiment that measures at once has shown anything. */
import type { Observed } from "../../harness/experiment.ts";
import { unproven, type Verdict } from "../../harness/verdict.ts";

export type Seen = Pick<Observed, "fault" | "before" | "injectError" | "felt" | "cutBecause" | "removeError" | "after">;

/**
 * What was measured counts where the platform was steady before, and what was to be done was done and felt. A yes also needs that all of it was put back.
 * @param measured undefined where it did not come to that
 */
export function shownBy<Measured>(
  observed: Seen,
  measured: Measured | undefined,
  judge: (measured: Measured) => Verdict,
): Verdict {
  const { fault, before, injectError, felt, cutBecause, removeError, after } = observed;
  if (before.outcome !== "pass") return unproven(`not steady before ${fault}, nothing was done: ${before.because}`);
  if (cutBecause !== undefined) return unproven(`${fault} was cut off: ${cutBecause}`);
  if (injectError !== undefined) return unproven(`${fault} could not be made: ${injectError}`);
  if (felt?.ok !== true) return unproven(`${fault} was made but not felt: ${felt?.why ?? "nobody looked"}`);
  if (measured === undefined) return unproven(`${fault}: ${removeError ?? "nothing was measured"}`);
  const verdict = judge(measured);
  if (verdict.outcome !== "pass") return verdict;
  if (removeError !== undefined)
    return unproven(`${verdict.because}, but not all was put back: ${removeError}`, verdict.evidence);
  if (after?.outcome !== "pass")
    return unproven(
      `${verdict.because}, but it was not steady afterwards: ${after?.because ?? "nobody looked"}`,
      verdict.evidence,
    );
  return verdict;
}
