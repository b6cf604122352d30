/** Autoscaling starts pods at any moment: what is said of one that has just been started is looked at again. */
import { poll } from "../../harness/poll.ts";
import type { Verdict } from "../../harness/verdict.ts";

/** What a judge says of a pod that has not been there for long enough. */
export const tooNew = "is too new to";

/** What a pod is given until it can be asked, and until Prometheus has found and scraped it. */
export const settleSeconds = 60;
const everyMs = 3_000;

/** Whether nothing is known but that a pod has not been there for long enough. */
export function isTooNew({ outcome, because }: Verdict): boolean {
  return outcome === "unproven" && because.includes(tooNew);
}

/** Looks, and looks again while the verdict is "not yet". A pass, a fail and every other gap stand as they are. */
export async function onceOldEnough(look: () => Promise<Verdict>, signal: AbortSignal): Promise<Verdict> {
  let verdict = await look();
  if (!isTooNew(verdict)) return verdict;
  await poll(
    async () => {
      verdict = await look();
      return isTooNew(verdict) ? { state: "not yet", seen: verdict.because } : { state: "yes", value: true };
    },
    { what: "pods that have just been started", timeoutMs: settleSeconds * 1000, everyMs, signal },
  );
  return verdict;
}
