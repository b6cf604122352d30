/** Autoscaling starts pods at any moment: what is said of one that has just been started is no verdict yet. */
import type { Verdict } from "../../harness/verdict.ts";

/** What a judge says of a pod that has not been there for long enough. */
export const tooNew = "is too new to";

/** What a pod is given until it can be asked, and until Prometheus has found and scraped it. */
export const settleSeconds = 60;

/** Whether nothing is known but that a pod has not been there for long enough. */
export function isTooNew({ outcome, because }: Verdict): boolean {
  return outcome === "unproven" && because.includes(tooNew);
}
