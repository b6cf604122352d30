/** The limits of overload-degrades-gracefully, from the catalogue and the profile's load. */
import { criterionOf } from "../../criteria/catalogue.ts";
import type { OverloadLimits } from "./overload.judge.ts";

/** Normal is what the p95 of the API has to be below. @throws Error where the catalogue has no seconds for it */
export function overloadLimits(usualRatePerSecond: number): OverloadLimits {
  return {
    recoverySecondsMax: oneOf("overload-degrades-gracefully", "s"),
    latencyMsMax: oneOf("api-latency-p95", "ms"),
    usualRatePerSecond,
  };
}

function oneOf(id: string, unit: string): number {
  const value = criterionOf(id).limits.find((limit) => limit.unit === unit)?.value;
  if (typeof value === "number") return value;
  throw new Error(`criterion ${id} has no number in ${unit} as a limit: its judge needs one`);
}
