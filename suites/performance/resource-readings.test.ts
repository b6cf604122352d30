import { createServer } from "node:http";
import { expect, test } from "vitest";
import { observability } from "../../environments/platform-names.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Series } from "../../probes/observability/range.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { loadRun, startedMs } from "./load-examples.ts";
import { judgeCpuBand, judgeMemoryBand } from "./resource-bands.judge.ts";
import { containerRun, exampleNodes, gib, lookedAt, mib, nodeUse, points } from "./resource-examples.ts";
import { readResources, type ResourceReadings } from "./resource-readings.ts";
import { judgeWorkloadLimits } from "./workload-limits.judge.ts";

const good = nodeUse();
const container = { namespace: "health-platform", pod: "api-1-a", container: "main" };
const of = (reading: Reading<readonly Series[]>): readonly Series[] => (reading.ok ? reading.value : []);
const counted = (perSecond: number): readonly Series[] => [
  { labels: container, points: points((seconds) => 1000 + perSecond * seconds) },
];

/** What a Prometheus has that scraped the good platform, by the metric that is asked for. */
const held: readonly (readonly [RegExp, readonly Series[]])[] = [
  [/^up\{job="(resource|cadvisor)"\}/, of(good.scrapes)],
  [/^node_cpu_usage_seconds_total\{job="resource"\}/, of(good.cpuSeconds)],
  [/^node_memory_working_set_bytes\{job="resource"\}/, of(good.memoryBytes)],
  [
    /^container_memory_working_set_bytes\{.*namespace=~"health-platform\|todo-chatbot"/,
    [{ labels: container, points: points(() => 100 * mib) }],
  ],
  [/^container_memory_rss\{.*namespace=/, [{ labels: container, points: points(() => 80 * mib) }]],
  [/^container_cpu_cfs_throttled_periods_total\{/, counted(0.1)],
  [/^container_cpu_cfs_periods_total\{/, counted(10)],
];

async function readings(refused = /nothing/): Promise<ResourceReadings & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    const query = url.searchParams.get("query") ?? "";
    if (url.pathname.includes("/proxy/")) asked.push(query);
    response.statusCode = refused.test(`${url.pathname} ${query}`) ? 403 : 200;
    const items = exampleNodes.map((name) => ({
      metadata: { name, uid: name, creationTimestamp: "2026-11-22T00:00:00Z" },
      status: { capacity: { cpu: "2", memory: String(12 * gib) } },
    }));
    const series = held.find(([metric]) => metric.test(query))?.[1] ?? [];
    const result = series.map(({ labels, points: all }) => ({
      metric: labels,
      values: all.map(({ atSeconds, value }) => [atSeconds, String(value)]),
    }));
    const matrix = { status: "success", data: { resultType: "matrix", result } };
    response.end(JSON.stringify(url.pathname === "/api/v1/nodes" ? { metadata: {}, items } : matrix));
  });
  const containers = read([containerRun()], "pods", lookedAt);
  const watched = {
    watchedUntil: lookedAt.toISOString(),
    containersBefore: containers,
    containersAfter: containers,
    witnesses: good.witnesses,
    looks: [],
    besides: [],
  };
  const profile = { observability, workloads: { namespaces: ["health-platform", "todo-chatbot"] } };
  const about = { load: loadRun(), validity: { reasons: [], facts: [] }, watched };
  const found = await listening(server, async (port) =>
    withCluster(port, async (cluster) => readResources({ cluster, profile }, about)),
  );
  return { ...found, asked };
}

const roadmap = { cpu: { from: 50, to: 70 }, memory: { from: 60, to: 75 } };
const verdicts = ({ nodeUse: use, workloadUse }: ResourceReadings) => [
  judgeCpuBand(use, { roadmap: roadmap.cpu, judged: roadmap.cpu }),
  judgeMemoryBand(use, { roadmap: roadmap.memory, judged: roadmap.memory }),
  judgeWorkloadLimits(workloadUse, { throttledPercentBelow: 5 }),
];

test("from Prometheus's replies to verdicts", async () => {
  const found = await readings();
  expect(verdicts(found).map(({ outcome, because }) => [outcome, because])).toEqual([
    ["pass", expect.stringMatching(/^the 2 nodes' CPU averaged 60 %/)],
    ["pass", expect.stringMatching(/^the 2 nodes' memory averaged 70 %/)],
    ["pass", expect.stringMatching(/^1 containers stayed within/)],
  ]);
  expect(found.asked).toHaveLength(9);
  // From 61 s before the load to the end of its recovery, 300 s after its begin.
  expect(new Set(found.asked.map((query) => /\[\d+s\]$/.exec(query)?.[0]))).toEqual(
    new Set([`[${(lookedAt.getTime() - startedMs) / 1000 + 61}s]`]),
  );
});

test.each<readonly [RegExp, readonly [string, string, string]]>([
  [/\/proxy\//, ["unproven", "unproven", "unproven"]],
  [/ up\{job="resource"/, ["unproven", "unproven", "pass"]],
  [/ up\{job="cadvisor"/, ["pass", "pass", "unproven"]],
  [/ node_cpu/, ["unproven", "pass", "pass"]],
  [/ node_memory/, ["pass", "unproven", "pass"]],
  [/ container_memory_working_set/, ["pass", "pass", "unproven"]],
  [/ container_memory_rss/, ["pass", "pass", "unproven"]],
  [/ container_cpu_cfs_throttled/, ["pass", "pass", "unproven"]],
  [/ container_cpu_cfs_periods/, ["pass", "pass", "unproven"]],
  [/ container_oom/, ["pass", "pass", "unproven"]],
  [/^\/api\/v1\/nodes /, ["unproven", "unproven", "pass"]],
])("without an answer to %s", async (refused, outcomes) => {
  expect(verdicts(await readings(refused)).map(({ outcome }) => outcome)).toEqual(outcomes);
});
