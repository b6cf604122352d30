/** What a surge was asked to do and what came of it, as raw answers: nothing is judged here. */

/** `refused`: 429 or 503. `neither`: any other answer than the one asked for, and none at all. */
export type SurgeOutcome = "right" | "refused" | "neither";

export type SurgeAnswer = {
  readonly name: string;
  /** After the beginning of the surge, when it was sent. */
  readonly atMs: number;
  readonly durationMs: number;
  /** 0 where no answer came. */
  readonly status: number;
  readonly outcome: SurgeOutcome;
  /** Why no answer came, in the system's words. */
  readonly error?: string;
};

/** A write that was answered as done: by whom it was made, and what must be read of it again. */
export type Accepted = { readonly id: string; readonly user: string; readonly value: number };

export type SurgeRun = {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly startedAt: string;
  /** When the last arrival was due; answers may have come later. */
  readonly endedAt: string;
  readonly answers: readonly SurgeAnswer[];
  readonly accepted: readonly Accepted[];
  /** Arrivals that were never sent, since as many as allowed were under way. */
  readonly dropped: number;
  readonly source: string;
};
