/** What Prometheus holds of the nodes and containers over a load run, for the judges of resource use. */
import type { Profile } from "../../environments/profile.ts";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { readNodeCapacities } from "../../probes/kubernetes/node-capacity.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import { readSamples, type Series } from "../../probes/observability/range.ts";
import type { Watched } from "./around-load.ts";
import { measuredGapSecondsMax } from "./coverage.judge.ts";
import type { Validity } from "./load.judge.ts";
import type { NodeUse } from "./resource-bands.judge.ts";
import type { WorkloadUse } from "./workload-limits.judge.ts";

export type ResourceReadings = { readonly nodeUse: NodeUse; readonly workloadUse: WorkloadUse };

/** Once the recovery is over: all samples from a minute before the load on, in one question each. */
export async function readResources(
  { cluster, profile }: { readonly cluster: Cluster; readonly profile: Pick<Profile, "observability" | "workloads"> },
  { load, validity, watched }: { readonly load: LoadRun; readonly validity: Validity; readonly watched: Watched },
): Promise<ResourceReadings> {
  const from = new Date(Date.parse(load.startedAt) - measuredGapSecondsMax * 1000);
  const window = { from, until: new Date(watched.watchedUntil) };
  const ask = async (selector: string): Promise<Reading<readonly Series[]>> =>
    readSamples(cluster, profile.observability, selector, window);
  const ofContainers = `job="cadvisor",container!="",namespace=~"${profile.workloads.namespaces.join("|")}"`;
  const [capacities, nodeScrapes, containerScrapes, cpuSeconds, nodeMemory] = await Promise.all([
    readNodeCapacities(cluster),
    ask('up{job="resource"}'),
    ask('up{job="cadvisor"}'),
    ask('node_cpu_usage_seconds_total{job="resource"}'),
    ask('node_memory_working_set_bytes{job="resource"}'),
  ]);
  const [containerMemory, anonymousBytes, throttledPeriods, periods, memoryKills] = await Promise.all([
    ask(`container_memory_working_set_bytes{${ofContainers}}`),
    ask(`container_memory_rss{${ofContainers}}`),
    ask(`container_cpu_cfs_throttled_periods_total{${ofContainers}}`),
    ask(`container_cpu_cfs_periods_total{${ofContainers}}`),
    ask(`container_oom_events_total{${ofContainers}}`),
  ]);
  const { containersBefore, containersAfter, watchedUntil, witnesses } = watched;
  const shared = { load, validity, containersBefore, containersAfter };
  return {
    nodeUse: { ...shared, capacities, scrapes: nodeScrapes, cpuSeconds, memoryBytes: nodeMemory, witnesses },
    workloadUse: {
      ...shared,
      watchedUntil,
      scrapes: containerScrapes,
      memoryBytes: containerMemory,
      anonymousBytes,
      throttledPeriods,
      periods,
      memoryKills,
    },
  };
}
