/** The limits of the criteria that rest on a load run, from the catalogue: nothing is written down twice. */
import { criterionOf } from "../../criteria/catalogue.ts";
import type { LatencyLimits } from "./latency.judge.ts";
import type { ServedLimits } from "./users-served.judge.ts";

/**
 * What `judgeLatency` holds a percentile against.
 * @param percent 95 (api-latency-p95) or 99 (api-latency-p99)
 * @param endpoints that the load is made of
 */
export function latencyLimits(percent: 95 | 99, endpoints: readonly string[]): LatencyLimits {
  const id = `api-latency-p${percent}`;
  const { samplesMin } = criterionOf(id).evidence;
  const { failedPercentMax } = servedLimits();
  return { percent, latencyMsMax: limitOf(id, "ms"), samplesMin, failedPercentMax, endpoints };
}

/** What `judgeUsersServed` holds a run against. `usersMin` is also what the roadmap asks for (`LoadNeeds.usersRoadmap`). */
export function servedLimits(): ServedLimits {
  const id = "concurrent-users-served";
  const { samplesMin } = criterionOf(id).evidence;
  return { usersMin: limitOf(id, "users"), failedPercentMax: limitOf(id, "%"), samplesMin };
}

/** @throws Error where the criterion has no limit of that unit, or not a plain number */
function limitOf(id: string, unit: string): number {
  const value = criterionOf(id).limits.find((limit) => limit.unit === unit)?.value;
  if (typeof value === "number") return value;
  throw new Error(`criterion ${id} has no number in ${unit} as a limit: the judges of a load run need one`);
}
