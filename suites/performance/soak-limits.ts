/** The limits that hours after the cutover are held to. */
import type { WatchLimits } from "./cutover-watch.judge.ts";

/** "Monitor for 48 hours" (roadmap, Week 5). Errors as `concurrent-users-served` allows them, latency as `api-latency-p95` and `api-latency-p99` have it. */
export const watchLimits: WatchLimits = {
  hours: 48,
  failedPercentMax: 0.5,
  latency: [
    { percentile: 95, ms: 500, samplesMin: 400 },
    { percentile: 99, ms: 1000, samplesMin: 1000 },
  ],
};

/** Minutes in which the platform may be asked from outside in vain: what an uptime of 99.5 % leaves. */
export const unansweredPercentMax = 0.5;
