/** What Velero says of the end of one of its objects, for whoever waits for it. */
import { z } from "zod";
import type { Look } from "../harness/poll.ts";

/** A status that is absent is one that Velero has not written yet. */
export const phasedSchema = z.object({
  status: z
    .object({
      phase: z.string().optional(),
      errors: z.number().optional(),
      failureReason: z.string().optional(),
      validationErrors: z.array(z.string()).nullish(),
    })
    .optional(),
});

const ended: readonly string[] = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];

/** Never "yes" but for Completed without an error. */
export function lookAtPhased({ status }: z.output<typeof phasedSchema>): Look<true> {
  const { phase = "", errors = 0, failureReason = "", validationErrors } = status ?? {};
  if (!ended.includes(phase)) return { state: "not yet", seen: phase === "" ? "Velero has not taken it up" : phase };
  if (phase === "Completed" && errors === 0) return { state: "yes", value: true };
  const why = [failureReason, ...(validationErrors ?? [])].filter((text) => text !== "").join("; ");
  return { state: "never", why: `it ended as ${phase} with ${errors} errors${why === "" ? "" : `: ${why}`}` };
}
