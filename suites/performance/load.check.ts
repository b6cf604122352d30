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
/** Generators inside the cluster: their pods start, and what they wrote is brought here. */
const besideRunnersMs = 300_000;

let gathered: Promise<GatheredLoad> | undefined;

/** The first criterion that asks makes the load; the others of this file come after it, one by one, and find it made. */
async function once(context: CheckContext): Promise<GatheredLoad> {
  gathered ??= gatherLoad(context);
  return gathered;
}

function loadMs({ load }: Profile): number {
  const { rampSeconds, plateauSeconds, thinkSeconds, recoverySeconds, runners } = load;
  const runnersMs = runners === undefined ? 0 : besideRunnersMs;
  return (rampSeconds + plateauSeconds + thinkSeconds + recoverySeconds) * 1000 + besidesMs + runnersMs;
}

type Gather = (context: CheckContext) => Promise<Verdict>;

function onLoad(judge: (gathered: GatheredLoad) => Verdict): Gather {
  return async (context) => judge(await once(context));
}

function onResources(judge: (resources: ResourceReadings, profile: Profile) => Verdict): Gather {
  return async (context) => {
    const { load, resources } = await once(context);
    if (resources === undefined) return unproven(load.ok ? "Prometheus was not asked" : load.why);
    return judge(resources, context.profile);
  };
}

const latencyOf = (percent: 95 | 99): Gather =>
  onLoad(({ load, needs }) => judgeLatency(load, needs, latencyLimits(percent, loadEndpoints)));
const users = onLoad(({ load, needs }) => judgeUsersServed(load, needs, servedLimits()));
const scaling = onLoad(({ load, validity, watched: { looks, besides } }) =>
  load.ok ? judgeScaling({ load: load.value, validity, looks, besides }, scalingLimits()) : unproven(load.why),
);
const cpuBand = onResources(({ nodeUse }, profile) => judgeCpuBand(nodeUse, bandLimits(profile).cpu));
const memoryBand = onResources(({ nodeUse }, profile) => judgeMemoryBand(nodeUse, bandLimits(profile).memory));
const workloads = onResources(({ workloadUse }) => judgeWorkloadLimits(workloadUse, workloadLimits()));

check("api-latency-p95", latencyOf(95), loadMs);
check("api-latency-p99", latencyOf(99), loadMs);
check("concurrent-users-served", users, loadMs);
check("autoscaling-out-and-back", scaling, loadMs);
check("cpu-utilization-band", cpuBand, loadMs);
check("memory-utilization-band", memoryBand, loadMs);
check("workloads-within-requests", workloads, loadMs);
