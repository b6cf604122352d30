import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { Series } from "../../probes/observability/range.ts";
import { loadRun, plateauMs } from "./load-examples.ts";
import { containerRun, lookedAt, nodeUse, without } from "./resource-examples.ts";
import { judgeCpuBand, judgeMemoryBand, type NodeUse } from "./resource-bands.judge.ts";

const roadmapCpu = { from: 50, to: 70 };
const roadmapMemory = { from: 60, to: 75 };
const cpuLimits = { roadmap: roadmapCpu, judged: roadmapCpu };
const memoryLimits = { roadmap: roadmapMemory, judged: roadmapMemory };
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "x", lookedAt);

/** Both nodes alike. */
const both = (cpuPercent: number, memoryPercent = 70): NodeUse =>
  nodeUse({ worker: { cpuPercent, memoryPercent }, worker2: { cpuPercent, memoryPercent } });

test.each<readonly [number, Outcome, RegExp]>([
  [60, "pass", /^the 2 nodes' CPU averaged 60 % on the plateau \(between 50 and 70 %\)$/],
  [50.001, "pass", /averaged 50 %/],
  [
    49.99,
    "fail",
    /^the nodes' CPU averaged 49\.9 % on the plateau \(between 50 and 70 %\): the platform is larger than this load needs$/,
  ],
  [69.999, "pass", /averaged 70 %/],
  [70.01, "fail", /averaged 70\.1 % on the plateau \(between 50 and 70 %\): the platform is too small for this load$/],
  [20.01, "fail", /larger than this load needs$/],
  [
    19.99,
    "fail",
    /averaged 19\.9 %.*larger than this load needs; Oracle stops Always Free instances that were idle for 7 days: .*CPU below 20 %, network below 20 %/,
  ],
])("CPU of %d %%", (percent, outcome, because) => {
  expect(judgeCpuBand(both(percent), cpuLimits)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each<readonly [number, Outcome, RegExp]>([
  [70, "pass", /^the 2 nodes' memory averaged 70 % on the plateau \(between 60 and 75 %\)$/],
  [60.001, "pass", /averaged 60 %/],
  [59.99, "fail", /averaged 59\.9 %.*larger than this load needs$/],
  [74.999, "pass", /averaged 75 %/],
  [75.01, "fail", /averaged 75\.1 %.*too small for this load$/],
  [10, "fail", /larger than this load needs$/],
])("memory of %d %%", (percent, outcome, because) => {
  const verdict = judgeMemoryBand(both(60, percent), memoryLimits);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("the nodes' average is judged, and each node is told", () => {
  const verdict = judgeCpuBand(nodeUse({ worker: { cpuPercent: 90 }, worker2: { cpuPercent: 30 } }), cpuLimits);
  expect(verdict).toMatchObject({
    outcome: "pass",
    evidence: expect.arrayContaining([
      expect.objectContaining({
        what: "average CPU utilization of the nodes",
        value: 60,
        unit: "%",
        limit: "between 50 and 70 %",
        samples: 26,
      }),
      expect.objectContaining({ what: "average CPU utilization of node worker", value: 90 }),
      expect.objectContaining({ what: "the same of node worker2 by metrics-server", value: 30 }),
      expect.objectContaining({ what: "measured as", value: expect.stringMatching(/node_cpu_usage_seconds_total/) }),
    ]),
  });
});

test("where the profile has a band of its own, that judges, and the roadmap's stands beside it with the reason", () => {
  const limits = { roadmap: roadmapCpu, judged: { from: 5, to: 30 }, why: "the nodes share one machine" };
  const verdict = judgeCpuBand(both(20), limits);
  expect(verdict.outcome).toBe("pass");
  expect(verdict.evidence).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ value: 20, limit: "between 5 and 30 %" }),
      expect.objectContaining({
        what: expect.stringMatching(/beside the roadmap's band$/),
        value: 20,
        limit: "between 50 and 70 %",
      }),
      expect.objectContaining({ value: "the nodes share one machine" }),
    ]),
  );
  expect(judgeCpuBand(both(30.01), limits).outcome).toBe("fail");
  expect(judgeCpuBand(both(4.99), limits).outcome).toBe("fail");
});

/** The series of a reading changed, one node at a time. */
function changed(
  reading: Reading<readonly Series[]>,
  change: (series: Series) => readonly Series[],
): Reading<readonly Series[]> {
  return reading.ok ? { ...reading, value: reading.value.flatMap(change) } : reading;
}
const ofWorker = (series: Series): boolean => series.labels["node"] === "worker";
const { from, until } = plateauMs;
const good = nodeUse();
const holed = (series: Series): readonly Series[] => [
  ofWorker(series) ? without(series, from + 15_000, from + 90_000) : series,
];
const late = (series: Series): readonly Series[] => [
  ofWorker(series) ? without(series, from - 1, from + 75_000) : series,
];
const early = (series: Series): readonly Series[] => [
  ofWorker(series) ? without(series, until - 75_000, until + 1) : series,
];
const away = (series: Series): readonly Series[] => (ofWorker(series) ? [] : [series]);
const twice = (series: Series): readonly Series[] => [series, series];
const anew = (series: Series): readonly Series[] => [
  {
    ...series,
    points: series.points.map((one) =>
      one.atSeconds * 1000 > from + 90_000 ? { ...one, value: one.value - 5000 } : one,
    ),
  },
];
const failedScrapes = (series: Series): readonly Series[] => [
  {
    ...series,
    points: series.points.map((one) => ({
      ...one,
      value: one.atSeconds * 1000 > from && one.atSeconds * 1000 < from + 45_000 ? 0 : 1,
    })),
  },
];

test.each<readonly [string, Partial<NodeUse>, RegExp]>([
  [
    "a load that proves nothing",
    { validity: { reasons: ["the generator was stopped: Ctrl-C", "more"], facts: [] } },
    /^the generator was stopped: Ctrl-C; more$/,
  ],
  ["no right to nodes", { capacities: refused }, /403/],
  ["no right to Prometheus", { cpuSeconds: refused }, /403/],
  ["no scrapes", { scrapes: refused }, /403/],
  ["no containers before", { containersBefore: refused }, /403/],
  ["no containers after", { containersAfter: refused }, /403/],
  ["no node", { capacities: read([], "nodes", lookedAt) }, /no node was found/],
  [
    "a hole in the scrapes",
    { scrapes: changed(good.scrapes, holed) },
    /^node worker has no sample from 12:01:15 to 12:02:30 \(75 s.*its kubelet was not scraped$/,
  ],
  [
    "scrapes that failed",
    { scrapes: changed(good.scrapes, failedScrapes) },
    /node worker has no sample from 12:01:00 to 12:01:45/,
  ],
  ["a node that was never scraped", { scrapes: changed(good.scrapes, away) }, /^node worker was never scraped/],
  [
    "a hole in the series",
    { cpuSeconds: changed(good.cpuSeconds, holed) },
    /^node worker has no sample from 12:01:15.*its CPU has no average$/,
  ],
  ["a series that begins late", { cpuSeconds: changed(good.cpuSeconds, late) }, /no sample from 12:01:00 to 12:02:15/],
  ["a series that ends early", { cpuSeconds: changed(good.cpuSeconds, early) }, /no sample from 12:02:45 to 12:04:00/],
  ["a node without a series", { cpuSeconds: changed(good.cpuSeconds, away) }, /^node worker has no series of CPU$/],
  ["two series of a node", { cpuSeconds: changed(good.cpuSeconds, twice) }, /node worker has 2 series of CPU/],
  ["a node that began anew", { cpuSeconds: changed(good.cpuSeconds, anew) }, /node worker began anew at 12:02:45/],
  [
    "no metrics-server",
    { witnesses: [refused] },
    /^node worker was not measured by metrics-server on the plateau: GET \/x: 403/,
  ],
  [
    "nobody who asked metrics-server",
    { witnesses: [] },
    /node worker was not measured by metrics-server on the plateau;/,
  ],
])("CPU with %s is unproven", (_, changes, because) => {
  const verdict = judgeCpuBand(nodeUse({ worker: { cpuPercent: 99 } }, changes), cpuLimits);
  expect(verdict).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});

test("a hole of one missed scrape is none", () => {
  const scrapes = changed(good.scrapes, (series) => [without(series, from + 15_000, from + 45_000)]);
  expect(judgeCpuBand(nodeUse({}, { scrapes }), cpuLimits).outcome).toBe("pass");
});

test.each<readonly [number, Outcome]>([
  [74.9, "pass"],
  [75.1, "unproven"],
  [45.1, "pass"],
  [44.9, "unproven"],
])("60 %% by Prometheus and %d %% by metrics-server", (percent, outcome) => {
  const other = nodeUse({ worker: { cpuPercent: percent }, worker2: { cpuPercent: percent } });
  const verdict = judgeCpuBand(nodeUse({}, { witnesses: other.witnesses }), cpuLimits);
  expect(verdict.outcome).toBe(outcome);
  expect(verdict.because).toMatch(
    outcome === "pass"
      ? /averaged 60 %/
      : new RegExp(
          `^node worker averages 60 % CPU by Prometheus and ${percent} % by metrics-server: .* 15 percentage points`,
        ),
  );
});

test("where metrics-server contradicts it, an average outside the band is no fault either", () => {
  expect(judgeCpuBand({ ...both(90), witnesses: nodeUse().witnesses }, cpuLimits).outcome).toBe("unproven");
});

test("what metrics-server says before and after the plateau does not count", () => {
  const outside = (ms: number) =>
    read(
      [{ node: "worker", at: new Date(ms).toISOString(), windowSeconds: 15, cores: 1.2, memoryBytes: 1 }],
      "m",
      lookedAt,
    );
  const verdict = judgeCpuBand(nodeUse({}, { witnesses: [outside(from - 1), outside(until + 1)] }), cpuLimits);
  expect(verdict).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/^node worker was not measured by metrics-server/),
  });
});

test("a container that restarted on the plateau is named, and its workload's average with it", () => {
  const ends = [{ reason: "Error", at: new Date(from + 60_000).toISOString() }];
  const again = containerRun({ restarts: 1, startedAt: new Date(from + 61_000).toISOString(), ends });
  const verdict = judgeCpuBand(nodeUse({}, { containersAfter: read([again], "pods", lookedAt) }), cpuLimits);
  expect(verdict).toMatchObject({
    outcome: "unproven",
    because:
      "health-platform/api-1-a, container main restarted 1 times (Error), runs since 12:02:01: the average is not one of health-platform/api at work",
    evidence: expect.arrayContaining([
      expect.objectContaining({ what: "restart on the plateau: health-platform/api-1-a, container main" }),
    ]),
  });
});

test("the plateau of the run is what is averaged", () => {
  const load = loadRun({
    plateauFrom: new Date(from - 45_000).toISOString(),
    plateauUntil: new Date(from).toISOString(),
  });
  const verdict = judgeCpuBand(nodeUse({}, { load, witnesses: [] }), cpuLimits);
  expect(verdict.evidence).toEqual(
    expect.arrayContaining([expect.objectContaining({ what: "average CPU utilization of node worker", value: 5 })]),
  );
});
