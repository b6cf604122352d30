/** The same look again and again, beside something that takes its time. */
import { poll, type Clock, type Look } from "../../harness/poll.ts";

export type WatchOptions = {
  /** Upper bound of the whole watch. */
  readonly timeoutMs: number;
  /** Ends the watch; what was seen until then stays. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
};

/** Looks until a look says that it is enough, until the time is up, or until the signal; at least once. @param everyMs pause between two looks */
export async function again(
  what: string,
  everyMs: number,
  { timeoutMs, signal, clock }: WatchOptions,
  look: () => Promise<boolean>,
): Promise<void> {
  const once = async (): Promise<Look<true>> =>
    (await look()) ? { state: "yes", value: true } : { state: "not yet", seen: "more to come" };
  await poll(once, { what, everyMs, timeoutMs, signal, ...(clock === undefined ? {} : { clock }) });
}
