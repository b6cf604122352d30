/** The limits of the criteria of resources and scaling, from the catalogue; of bands also what a profile has of its own. */
import { criterionOf } from "../../criteria/catalogue.ts";
import type { Profile } from "../../environments/profile.ts";
import { allowance202606 } from "../../probes/terraform/allowance.ts";
import type { Band, BandLimits } from "./resource-bands.judge.ts";
import type { ScalingLimits } from "./scaling.judge.ts";
import type { StorageLimits } from "./storage-free-tier.judge.ts";
import type { WorkloadLimits } from "./workload-limits.judge.ts";

/** What `judgeCpuBand` and `judgeMemoryBand` hold the nodes to: the roadmap's band, or the profile's own beside it. */
export function bandLimits({ bands }: Pick<Profile, "bands">): {
  readonly cpu: BandLimits;
  readonly memory: BandLimits;
} {
  const [cpu, memory] = [bandOf("cpu-utilization-band"), bandOf("memory-utilization-band")];
  if (bands === undefined) return { cpu: { roadmap: cpu, judged: cpu }, memory: { roadmap: memory, judged: memory } };
  const { cpuPercent, memoryPercent, why } = bands;
  return { cpu: { roadmap: cpu, judged: cpuPercent, why }, memory: { roadmap: memory, judged: memoryPercent, why } };
}

/** What `judgeScaling` holds times against. */
export function scalingLimits(): ScalingLimits {
  const [outSecondsMax, backSecondsMax] = numbersOf("autoscaling-out-and-back", "s");
  if (outSecondsMax !== undefined && backSecondsMax !== undefined) return { outSecondsMax, backSecondsMax };
  throw new Error(
    "criterion autoscaling-out-and-back has no two limits in s: one for adding replicas, one for taking them away",
  );
}

/** What `judgeWorkloadLimits` holds containers to. */
export function workloadLimits(): WorkloadLimits {
  return { throttledPercentBelow: oneOf("workloads-within-requests", "%") };
}

/** What `judgeStorage` holds storage against: the allowance in force, and Oracle's own for objects of a tenancy that pays. */
export function storageLimits(): StorageLimits {
  return {
    usedPercentBelow: oneOf("storage-below-free-tier", "%"),
    volumesGb: allowance202606.blockVolumeGb,
    objectsGb: 20,
    objectsGbOfTier: 10,
  };
}

/** @throws Error where the criterion has no band */
function bandOf(id: string): Band {
  const value = criterionOf(id).limits.find(({ comparison }) => comparison === "between")?.value;
  if (value !== undefined && typeof value === "object") return { from: value[0], to: value[1] };
  throw new Error(`criterion ${id} has no band as a limit: its judge needs one`);
}

/** @throws Error where the criterion has no number of that unit as a limit */
function oneOf(id: string, unit: string): number {
  const [value] = numbersOf(id, unit);
  if (value !== undefined) return value;
  throw new Error(`criterion ${id} has no number in ${unit} as a limit: its judge needs one`);
}

function numbersOf(id: string, unit: string): number[] {
  return criterionOf(id).limits.flatMap(({ unit: of, value }) =>
    of === unit && typeof value === "number" ? [value] : [],
  );
}
