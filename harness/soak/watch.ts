/** The watch itself: one look a minute until the window is over, its budget is burned, or somebody ends it. */
import { hostname } from "node:os";
import { systemClock, type Clock } from "../poll.ts";
import { minuteAt, minutesOf, seenSchema, type Seen, type SoakEnded, type SoakLook, type SoakPlan } from "./lines.ts";
import type { SoakWriter } from "./record.ts";

/** `now` in milliseconds since 1970: a window outlives its process, and its scale of time with it. */
export const wallClock: Clock = { now: () => Date.now(), sleep: async (ms, signal) => systemClock.sleep(ms, signal) };

export type Watch = {
  readonly plan: SoakPlan;
  /** Looks that earlier sessions have made. */
  readonly looks: readonly SoakLook[];
  readonly writer: SoakWriter;
  /** Told once the session stands in the record: what is said of it before may be lost with the process. */
  readonly begun?: () => void;
  /** One look; it should end with its signal, and is left alone where it does not. One that throws is a look that saw nothing. */
  readonly look: (signal: AbortSignal) => Promise<Seen>;
  /** Asked after each look: why the watch need not go on, or undefined. */
  readonly enough: (looks: readonly SoakLook[]) => string | undefined;
  /** `wallClock`; tests bring their own. */
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** A look ends before the next one is due. */
const lookShare = 0.8;

/**
 * Watches until the window is over. Every look is on disk before the next one; a minute that nobody looked at (this process slept, hung or was
 * not there) is never made up for. The last look is made in the minute after the window, and only closes the counters.
 * @returns the last line of the record
 * @throws Error where the record cannot be written
 */
export async function watch(options: Watch): Promise<SoakEnded> {
  const { plan, writer, clock, signal, enough } = options;
  const looks = [...options.looks];
  const now = (): string => new Date(clock.now()).toISOString();
  const end = (how: SoakEnded["how"], because: string): SoakEnded => {
    const line: SoakEnded = { kind: "ended", at: now(), how, because };
    writer.append(line);
    return line;
  };
  writer.append({ kind: "began", at: now(), by: `process ${process.pid} on ${hostname()}` });
  options.begun?.();
  for (;;) {
    if (signal.aborted) return end("interrupted", wordsOf(signal.reason));
    const minute = minuteAt(plan, clock.now());
    const last = looks.at(-1)?.minute ?? -1;
    if (Math.max(minute, last + 1) > minutesOf(plan))
      return end("complete", `the window is over: ${looks.length} looks`);
    if (minute <= last || minute < 0) {
      const due = Date.parse(plan.from) + (last + 1) * plan.everyMs;
      await clock.sleep(Math.max(1, due - clock.now()), signal).catch(() => undefined);
      continue;
    }
    const at = now();
    const began = clock.now();
    const seen = await lookOnce(options);
    if (signal.aborted) continue;
    const tookMs = Math.max(0, clock.now() - began);
    const line: SoakLook = { kind: "look", minute, at, tookMs, ...seen };
    writer.append(line);
    looks.push(line);
    const why = enough(looks);
    if (why !== undefined) return end("stopped", why.slice(0, wordsMax));
  }
}

/** One bounded look, whatever becomes of it. */
async function lookOnce({ look, plan, signal }: Watch): Promise<Seen> {
  const lateMs = Math.ceil(plan.everyMs * lookShare);
  const late = AbortSignal.timeout(lateMs);
  const ending = AbortSignal.any([signal, late]);
  const over = Promise.withResolvers<never>();
  const giveUp = (): void => over.reject(new Error(`the look did not end within ${lateMs / 1000} s`));
  ending.addEventListener("abort", giveUp, { once: true });
  try {
    // What cannot be written must not end the watch.
    return seenSchema.parse(await Promise.race([look(ending), over.promise]));
  } catch (error) {
    const why = wordsOf(error);
    return { ingress: { state: "unseen", because: why }, traffic: { ok: false, why } };
  } finally {
    ending.removeEventListener("abort", giveUp);
  }
}

const wordsMax = 500;

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, wordsMax);
}
