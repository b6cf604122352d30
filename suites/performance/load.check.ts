/** All criteria that rest on a load run: it is made once, alone, and each of them judges it. */
import type { Profile } from "../../environments/profile.ts";
import { unproven, type Verdict } from "../../harness/verdict.ts";
import { check, type CheckContext } from "../check.ts";
import { gatherLoad, type GatheredLoad } from "./gathered-load.ts";
import { judgeLatency } from "./latency.judge.ts";
import { loadEndpoints } from "./load-endpoints.ts";
import { latencyLimits, servedLimits } from "./load-limits.ts";
import { judgeCpuBand, judgeMemoryBand } from "./resource-bands.judge.ts";
import { bandLimits, scalingLimits, workloadLimits } from "./resource-limits.ts";
import type { ResourceReadings } from "./resource-readings.ts";
import { judgeScaling } from "./scaling.judge.ts";
import { judgeUsersServed } from "./users-served.judge.ts";
import { judgeWorkloadLimits } from "./workload-limits.judge.ts";

/** Signing in, making users ready, the last visitors leaving, and reading what Prometheus holds. */
const besidesMs = 180_000;

let gathered: Promise<GatheredLoad> | undefined;

/** The first criterion that asks makes the load; the others of this file come after it, one by one, and find it made. */
async function once(context: CheckContext): Promise<GatheredLoad> {
  gathered ??= gatherLoad(context);
  return gathered;
}

function loadMs({ load }: Profile): number {
  return (load.rampSeconds + load.plateauSeconds + load.thinkSeconds + load.recoverySeconds) * 1000 + besidesMs;
}

function onLoad(id: string, judge: (gathered: GatheredLoad) => Verdict): void {
  check(id, async (context) => judge(await once(context)), loadMs);
}

function onResources(id: string, judge: (resources: ResourceReadings, profile: Profile) => Verdict): void {
  const gather = async (context: CheckContext): Promise<Verdict> => {
    const { load, resources } = await once(context);
    if (resources === undefined) return unproven(load.ok ? "Prometheus was not asked" : load.why);
    return judge(resources, context.profile);
  };
  check(id, gather, loadMs);
}

onLoad("api-latency-p95", ({ load, needs }) => judgeLatency(load, needs, latencyLimits(95, loadEndpoints)));
onLoad("api-latency-p99", ({ load, needs }) => judgeLatency(load, needs, latencyLimits(99, loadEndpoints)));
onLoad("concurrent-users-served", ({ load, needs }) => judgeUsersServed(load, needs, servedLimits()));
onLoad("autoscaling-out-and-back", ({ load, validity, watched: { looks, besides } }) =>
  load.ok ? judgeScaling({ load: load.value, validity, looks, besides }, scalingLimits()) : unproven(load.why),
);
onResources("cpu-utilization-band", ({ nodeUse }, profile) => judgeCpuBand(nodeUse, bandLimits(profile).cpu));
onResources("memory-utilization-band", ({ nodeUse }, profile) => judgeMemoryBand(nodeUse, bandLimits(profile).memory));
onResources("workloads-within-requests", ({ workloadUse }) => judgeWorkloadLimits(workloadUse, workloadLimits()));
