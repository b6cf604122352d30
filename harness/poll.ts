/** The only waiting in the code. */
import { setTimeout as delay } from "node:timers/promises";

/** Time as the waiting code sees it; tests bring their own. */
export type Clock = {
  /** Milliseconds on a scale that never goes back. */
  now(): number;
  /** Resolves after `ms`, or rejects when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
};

/** One look: it is so, it is not so yet, or it will never be so (a reason to stop waiting). */
export type Look<T> =
  | { readonly state: "yes"; readonly value: T }
  | { readonly state: "not yet"; readonly seen: string }
  | { readonly state: "never"; readonly why: string };

export type Polled<T> =
  | { readonly ok: true; readonly value: T; readonly looks: number; readonly elapsedMs: number }
  | { readonly ok: false; readonly why: string; readonly looks: number; readonly elapsedMs: number };

/**
 * Looks until it is so, until it never will be, or until the time is up; always looks at least once.
 * A look that throws is "not yet", with its message as what was seen; `never` and an abort end at once.
 * @param options.what what is awaited, for the message ("node worker-2 Ready")
 * @param options.timeoutMs upper bound of the whole wait
 * @param options.everyMs pause between two looks
 * @param options.lookMsMax upper bound of one look, which an abort then ends too; without it a look that never returns is waited for
 */
export async function poll<T>(
  look: () => Promise<Look<T>>,
  options: {
    readonly what: string;
    readonly timeoutMs: number;
    readonly everyMs: number;
    readonly lookMsMax?: number;
    readonly clock?: Clock;
    readonly signal?: AbortSignal;
  },
): Promise<Polled<T>> {
  const clock = options.clock ?? systemClock;
  const { lookMsMax, signal } = options;
  const started = clock.now();
  let looks = 0;
  let seen = "nothing";
  for (;;) {
    looks += 1;
    try {
      const found = await (lookMsMax === undefined ? look() : within(lookMsMax, look, signal));
      const elapsedMs = clock.now() - started;
      if (found.state === "yes") return { ok: true, value: found.value, looks, elapsedMs };
      if (found.state === "never") return { ok: false, why: `${options.what}: ${found.why}`, looks, elapsedMs };
      seen = found.seen;
    } catch (error) {
      seen = error instanceof Error ? error.message : String(error);
    }
    const elapsedMs = clock.now() - started;
    if (options.signal?.aborted === true) return { ok: false, why: `${options.what}: interrupted`, looks, elapsedMs };
    if (elapsedMs + options.everyMs > options.timeoutMs) {
      const why = `${options.what}: not within ${Math.round(options.timeoutMs / 1000)} s, last seen: ${seen}`;
      return { ok: false, why, looks, elapsedMs };
    }
    try {
      await clock.sleep(options.everyMs, options.signal);
    } catch {
      return { ok: false, why: `${options.what}: interrupted`, looks, elapsedMs: clock.now() - started };
    }
  }
}

/**
 * Waits for work that may never return. The work itself cannot be ended from here: its end, whenever it comes, is not heeded.
 * @param ms upper bound, by the machine's own clock
 * @throws Error "no end within … s" or "interrupted"; or what the work threw
 */
export async function within<T>(ms: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(ms);
  const ending = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  let end = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    end = () => reject(new Error(signal?.aborted === true ? "interrupted" : `no end within ${ms / 1000} s`));
    ending.addEventListener("abort", end, { once: true });
    if (ending.aborted) end();
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    ending.removeEventListener("abort", end);
  }
}
