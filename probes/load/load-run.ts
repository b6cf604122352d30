/** What one run of load was asked to do, and what came of it, as raw numbers: nothing in it is an average or a percentile yet. */
import { z } from "zod";

/** Phases of a load run in their order. Only the plateau is judged; warm-up is the ramp. */
export const phases = ["ramp", "plateau", "recovery"] as const;
export type Phase = (typeof phases)[number];

/** The load of a profile (`profile.load`). Rates follow from users: each asks for something every `thinkSeconds`, on average. */
export const loadPlanSchema = z.strictObject({
  /** Users at once when the ramp begins, and on the plateau (roadmap: 100 to 500 concurrent users). */
  usersFirst: z.int().min(1).max(100_000),
  usersPlateau: z.int().min(1).max(100_000),
  /** Mean time between two requests of one user. */
  thinkSeconds: z.number().min(0.1).max(600),
  rampSeconds: z.int().min(1).max(3600),
  plateauSeconds: z.int().min(1).max(7200),
  /** How long the platform is watched after the load has ended. */
  recoverySeconds: z.int().min(0).max(3600),
  /** Share of the generator's processors that must stay idle: what waits for a processor of its own measures itself. */
  generatorIdlePercentMin: z.number().min(0).max(100),
  /** Why the generator may share its machine with what it measures; absent where it may not. */
  sharedMachine: z.string().min(1).optional(),
  /** What the load balancer lets through, where it caps bandwidth (Oracle's free one: 10 Mbps). */
  balancerMbps: z.number().positive().optional(),
});
export type LoadPlan = z.infer<typeof loadPlanSchema>;

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
  readonly clocks: readonly { readonly of: string; readonly aheadMs: number; readonly tookMs: number }[];
  readonly source: string;
};
