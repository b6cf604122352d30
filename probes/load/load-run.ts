/** What one run of load was asked to do, and what came of it, as raw numbers: nothing in it is an average or a percentile yet. */
import type { LoadPlan } from "../../environments/load-plan.ts";

/** Phases of a load run in their order. Only the plateau is judged; warm-up is the ramp. */
export const phases = ["ramp", "plateau", "recovery"] as const;
export type Phase = (typeof phases)[number];

/** One request. `endpoint` is "POST /api/v1/records" or the like, ids replaced by `{id}`. */
export type Sample = {
  readonly atMs: number;
  readonly endpoint: string;
  /** From the first byte sent to the last one received; without waiting for a connection. */
  readonly durationMs: number;
  /** 0 where no answer came. */
  readonly status: number;
  /** The generator's own words where no answer came (timeout, refused). */
  readonly error?: string;
  /** Whether the answer was what the script expects of this endpoint (status and shape). */
  readonly expected: boolean;
};

/** The machine of the generator in one second: shares of all its processors, in percent. */
export type Second = { readonly atMs: number; readonly idlePercent: number; readonly generatorPercent: number };

/** What the generator's own counters said in the end; undefined where its summary holds no such number. */
export type Told = {
  readonly requests: number | undefined;
  readonly iterations: number | undefined;
  readonly dropped: number | undefined;
  readonly usersMax: number | undefined;
};

/** `withinMs`: the comparison may be wrong by so much, since a Date header knows seconds only. */
export type LoadClock = {
  readonly of: string;
  readonly aheadMs: number;
  readonly tookMs: number;
  readonly withinMs?: number;
};

export type LoadRun = {
  readonly plan: LoadPlan;
  /** By the harness's clock, ISO: when the generator was started, when the plateau began and ended by plan, when the generator ended. */
  readonly startedAt: string;
  readonly plateauFrom: string;
  readonly plateauUntil: string;
  readonly endedAt: string;
  readonly exit: { readonly code: number | null; readonly signal: string | null };
  /** Whether the harness ended it: on a signal, a lost command line, or its abort budget; in words. */
  readonly stopped?: string;
  /** All requests, in the order of their ends. */
  readonly samples: readonly Sample[];
  /** Users at once, as the generator said each second. */
  readonly users: readonly { readonly atMs: number; readonly users: number }[];
  /** Bytes that the generator received, by second. */
  readonly received: readonly { readonly atMs: number; readonly bytes: number }[];
  readonly seconds: readonly Second[];
  readonly told: Told;
  /** Clocks of others minus the harness's own, in milliseconds, with the time that asking took. */
  readonly clocks: readonly LoadClock[];
  /** What of the raw numbers is missing, in words: a line that the kill cut off, requests that the script said nothing of, a clock that did not answer. */
  readonly gaps?: readonly string[];
  readonly source: string;
};
