/** A drill with its users: what was done to the platform, and what they met meanwhile, on one time axis. */
import type { WatchRecord } from "../../fixtures/watch/record.ts";
import type { Observed } from "../../harness/experiment.ts";
import type { SurvivalLimits } from "../../harness/survival.judge.ts";
import type { Reading } from "../../harness/verdict.ts";
import type { Firing } from "../../probes/observability/firing.ts";

/** All times of `observed` are milliseconds since the experiment began; those of `watch` since the watch did, which was `beganMs` earlier. */
export type WatchedDrill = {
  readonly observed: Observed;
  /** The plan's own: how long the steady state may be lost, and how long it may take to come back. */
  readonly survival: SurvivalLimits;
  readonly watch: Reading<WatchRecord>;
  /** What the watch's clock said when the experiment began. */
  readonly beganMs: number;
  /** Alerts of the whole time; `ok: false` where Prometheus could not be asked. */
  readonly firing: Reading<readonly Firing[]>;
  /** When it was over. */
  readonly now: Date;
};
