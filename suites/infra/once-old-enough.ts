/** A look that is taken again while pods have just been started. */
import { poll } from "../../harness/poll.ts";
import type { Verdict } from "../../harness/verdict.ts";
import { isTooNew, settleSeconds } from "./too-new.judge.ts";

const everyMs = 3_000;

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
