/** Waiting for what is looked at to be as it has to be. */
import { poll, type Polled } from "./poll.ts";
import type { Outcome } from "./verdict.ts";

/** Looks until the outcome is a pass; what kept it from being one is what was seen last. */
export async function untilPass(
  look: () => Promise<{ readonly outcome: Outcome; readonly because: string }>,
  options: Parameters<typeof poll>[1],
): Promise<Polled<true>> {
  return poll<true>(async () => {
    const { outcome, because } = await look();
    return outcome === "pass" ? { state: "yes", value: true } : { state: "not yet", seen: because };
  }, options);
}
