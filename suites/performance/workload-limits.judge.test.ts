import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { ContainerRun } from "../../probes/kubernetes/container-runs.ts";
import type { Series } from "../../probes/observability/range.ts";
import { loadRun, plateauMs, startedMs } from "./load-examples.ts";
import { containerRun, exampleNodes, lookedAt, mib, points, without } from "./resource-examples.ts";
import { judgeWorkloadLimits, type WorkloadUse } from "./workload-limits.judge.ts";

const judge = (found: WorkloadUse): Verdict => judgeWorkloadLimits(found, { throttledPercentBelow: 5 });
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "x", lookedAt);
const labels = { namespace: "health-platform", pod: "api-1-a", container: "main" };
const at = (seconds: number): string => new Date(startedMs + seconds * 1000).toISOString();
const series = (value: (seconds: number) => number, of: Readonly<Record<string, string>> = labels): Series => ({
  labels: of,
  points: points(value),
});
const reading = <T>(...list: readonly T[]): Reading<readonly T[]> => read(list, "Prometheus", lookedAt);
/** On the plateau, from its begin to its end. */
const plateauSeconds = (seconds: number): number => Math.min(Math.max(seconds - 60, 0), 180);

type Taken = {
  readonly before?: number;
  /** Up to the middle of the plateau; as its peak where it is not said. */
  readonly early?: number;
  readonly peak?: number;
  readonly after?: number;
  /** Pages of files that it read or wrote on the way, and that nobody has asked back. */
  readonly pages?: number;
  readonly throttledPercent?: number;
};

/** One container of 256 MiB and half a core: 100 MiB before the load, 200 at its peak, 110 after it, none of them pages of files, throttled for 1 %. */
function use(taken: Taken = {}, changes: Partial<WorkloadUse> = {}): WorkloadUse {
  const { before = 100, peak = 200, early = peak, after = 110, pages = 0, throttledPercent = 1 } = taken;
  const own = (seconds: number): number =>
    (seconds <= 0 ? before : seconds <= 150 ? early : seconds <= 240 ? peak : after) * mib;
  const memory = (seconds: number): number => own(seconds) + (seconds <= 0 ? 0 : pages * mib);
  return {
    load: loadRun(),
    validity: { reasons: [], facts: [] },
    watchedUntil: lookedAt.toISOString(),
    containersBefore: reading(containerRun()),
    containersAfter: reading(containerRun()),
    scrapes: reading(...exampleNodes.map((node) => series(() => 1, { node }))),
    memoryBytes: reading(series(memory)),
    anonymousBytes: reading(series(own)),
    throttledPeriods: reading(series((seconds) => 7 + (plateauSeconds(seconds) * 10 * throttledPercent) / 100)),
    periods: reading(series((seconds) => 900 + plateauSeconds(seconds) * 10)),
    memoryKills: reading(),
    ...changes,
  };
}

test.each<readonly [string, Taken, Outcome, RegExp]>([
  [
    "good",
    {},
    "pass",
    /^1 containers stayed within their memory limits, none was throttled for 5 % of its time or kept what it had taken$/,
  ],
  ["just below its limit", { peak: 255.9 }, "pass", /^1 containers/],
  ["at its limit", { peak: 256 }, "fail", /^health-platform\/api-1-a, container main took all of its memory limit$/],
  ["throttled a little", { throttledPercent: 4.99 }, "pass", /^1 containers/],
  ["throttled", { throttledPercent: 5.001 }, "fail", /container main was throttled for 5 % of its time \(below 5 %\)$/],
  ["full of pages of files", { peak: 100, after: 100, pages: 150 }, "pass", /^1 containers/],
  ["full to its limit with them", { peak: 100, after: 100, pages: 156 }, "fail", /took all of its memory limit$/],
  ["64 MiB more than before, and growing", { before: 40, early: 60, after: 104 }, "pass", /^1 containers/],
  [
    "more than that, and growing",
    { before: 40, early: 60, after: 104.1 },
    "fail",
    /main kept 64\.1 MiB beyond the 40 MiB from before it, at most 64 MiB are no growth, and took 44\.1 MiB of them in the plateau's second half$/,
  ],
  ["as much again as before, and growing", { before: 100, early: 120, peak: 210, after: 200 }, "pass", /^1 containers/],
  [
    "more than as much again, and growing",
    { before: 80, early: 100, after: 160.2 },
    "fail",
    /kept 80\.2 MiB beyond the 80 MiB from before it, at most 80 MiB/,
  ],
  ["larger, a quarter of it late", { before: 40, early: 100, after: 120 }, "fail", /kept 80 MiB .* took 20 MiB/],
  ["larger, less of it late", { before: 40, early: 100.1, after: 120 }, "pass", /^1 containers/],
  ["larger, all of it early", { before: 40, early: 220, after: 220, peak: 220 }, "pass", /^1 containers/],
])("a container that is %s", (_, taken, outcome, because) => {
  expect(judge(use(taken))).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each<readonly [number, Outcome]>([
  [120, "pass"],
  [119.9, "fail"],
])("80 MiB more than 40, and growing, of a container whose memory request is %s MiB", (requestMib, outcome) => {
  const run = reading(containerRun({ memoryRequestBytes: requestMib * mib }));
  const taken = use({ before: 40, early: 100, after: 120 }, { containersBefore: run, containersAfter: run });
  expect(judge(taken).outcome).toBe(outcome);
});

test("the most throttled, the fullest and what kept most are told, and on how many samples that rests", () => {
  expect(judge(use({ throttledPercent: 4 })).evidence).toEqual([
    expect.objectContaining({
      what: expect.stringMatching(/^containers killed/),
      value: 0,
      limit: "0 of 1",
      samples: 21,
    }),
    expect.objectContaining({
      what: "time throttled of health-platform/api-1-a, container main",
      value: 4,
      limit: "below 5 %",
    }),
    expect.objectContaining({ what: expect.stringMatching(/^memory of its limit/), value: 78.1 }),
    expect.objectContaining({ what: expect.stringMatching(/^memory kept/), value: 10, unit: "MiB" }),
  ]);
});

const killedAt = (seconds: number | undefined) => ({
  ends: [{ reason: "OOMKilled", at: seconds === undefined ? undefined : at(seconds) }],
});

test.each<readonly [string, Partial<ContainerRun>, Outcome, RegExp]>([
  [
    "on the plateau",
    { restarts: 1, startedAt: at(101), ...killedAt(100) },
    "fail",
    /^health-platform\/api-1-a, container main was killed for its memory at 12:01:40/,
  ],
  ["and not back", { restarts: 1, startedAt: undefined, ...killedAt(100) }, "fail", /was killed for its memory/],
  [
    "in the recovery",
    { restarts: 1, startedAt: at(290), ...killedAt(289) },
    "fail",
    /was killed for its memory at 12:04:49/,
  ],
  [
    "when nobody knows, with a restart",
    { restarts: 1, startedAt: at(101), ...killedAt(undefined) },
    "fail",
    /was killed for its memory/,
  ],
  ["long before", { ...killedAt(-3600) }, "pass", /^1 containers/],
  ["long before, when nobody knows", { ...killedAt(undefined) }, "pass", /^1 containers/],
])("a container killed for its memory %s", (_, changes, outcome, because) => {
  const verdict = judge(use({}, { containersAfter: reading(containerRun(changes)) }));
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("a process that died in a container that lived on counts as killed, one from before the load does not", () => {
  const kills = (after: number) => reading(series((seconds) => (seconds > after ? 3 : 1)));
  expect(judge(use({}, { memoryKills: kills(100) }))).toMatchObject({
    outcome: "fail",
    because: "health-platform/api-1-a, container main lost 2 processes to its memory limit",
  });
  expect(judge(use({}, { memoryKills: kills(-20) })).outcome).toBe("pass");
});

const added = containerRun({ pod: "api-1-b", podUid: "uid-b", createdAt: at(100), startedAt: at(101) });
const ofAdded = { ...labels, pod: "api-1-b" };
const fromSecond = (second: number, one: Series): Series => without(one, 0, startedMs + second * 1000);

test("a container that scaling added is judged from its start, and not by what it had before", () => {
  const good = use();
  const more = (found: Reading<readonly Series[]>, value: (seconds: number) => number): Reading<readonly Series[]> =>
    found.ok ? reading(...found.value, fromSecond(120, series(value, ofAdded))) : found;
  const scaled = (peakMib: number): WorkloadUse => ({
    ...good,
    containersAfter: reading(containerRun(), added),
    memoryBytes: more(good.memoryBytes, () => peakMib * mib),
    anonymousBytes: more(good.anonymousBytes, () => peakMib * mib),
    throttledPeriods: more(good.throttledPeriods, () => 0),
    periods: more(good.periods, () => 100),
  });
  expect(judge(scaled(200))).toMatchObject({
    outcome: "pass",
    because: expect.stringMatching(/^2 containers/),
  });
  expect(judge(scaled(256))).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/api-1-b, container main took all/),
  });
});

test("one that was added in the last minute has no numbers yet", () => {
  const late = { ...added, createdAt: at(240), startedAt: at(241) };
  const verdict = judge(use({}, { containersAfter: reading(containerRun(), late) }));
  expect(verdict).toMatchObject({ outcome: "pass", because: expect.stringMatching(/^1 containers/) });
  const alone = judge(use({}, { containersAfter: reading(late) }));
  expect(alone).toMatchObject({ outcome: "unproven", because: "no container was measured" });
});

const { from, until } = plateauMs;
const holed = (
  found: Reading<readonly Series[]>,
  fromMs = from + 15_000,
  untilMs = from + 90_000,
): Reading<readonly Series[]> =>
  found.ok ? { ...found, value: found.value.map((one) => without(one, fromMs, untilMs)) } : found;
const good = use();

test.each<readonly [string, Partial<WorkloadUse>, RegExp]>([
  ["a load that proves nothing", { validity: { reasons: ["no samples"], facts: [] } }, /^no samples$/],
  ["no containers before", { containersBefore: refused }, /403/],
  ["no containers after", { containersAfter: refused }, /403/],
  ["no scrapes", { scrapes: refused }, /403/],
  ["no memory", { memoryBytes: refused }, /403/],
  ["no anonymous memory", { anonymousBytes: refused }, /403/],
  ["no throttling", { throttledPeriods: refused }, /403/],
  ["no periods", { periods: refused }, /403/],
  ["no kills", { memoryKills: refused }, /403/],
  ["no container at all", { containersAfter: reading() }, /no container was measured/],
  ["no node scraped", { scrapes: reading() }, /no node's containers were scraped/],
  [
    "a hole in the scrapes",
    { scrapes: holed(good.scrapes) },
    /^node worker has no sample from 12:01:15 to 12:02:30 .*its containers were not measured/,
  ],
  [
    "a hole in its memory",
    { memoryBytes: holed(good.memoryBytes) },
    /main has no sample from 12:01:15 .*its memory is not known$/,
  ],
  [
    "a hole in its throttling",
    { throttledPeriods: holed(good.throttledPeriods) },
    /main has no sample.*its throttling is not known$/,
  ],
  ["a hole in its periods", { periods: holed(good.periods) }, /main has no sample.*its throttling is not known$/],
  ["no series", { memoryBytes: reading() }, /main has no series of memory$/],
  ["no series of its own memory", { anonymousBytes: reading() }, /main has no series of anonymous memory$/],
  [
    "series of two lives",
    {
      memoryBytes: reading(
        series(() => 1),
        series(() => 1),
      ),
    },
    /main has 2 series of memory$/,
  ],
  ["a CPU limit and no periods", { periods: reading() }, /main has no series of periods$/],
  ["a CPU limit and no throttled periods", { throttledPeriods: reading() }, /main has no series of throttled periods$/],
  [
    "nothing from before",
    { anonymousBytes: holed(good.anonymousBytes, 0, startedMs + 1) },
    /main has no number from before the load/,
  ],
  [
    "nothing from after",
    {
      anonymousBytes: holed(good.anonymousBytes, until - 1, until + 3_600_000),
      watchedUntil: new Date(until + 60_000).toISOString(),
    },
    /main has no number from after the load/,
  ],
  [
    "no memory limit",
    { containersAfter: reading(containerRun({ memoryLimitBytes: undefined })) },
    /main has no memory limit to stay within$/,
  ],
  [
    "a restart",
    {
      containersAfter: reading(
        containerRun({ restarts: 1, startedAt: at(100), ends: [{ reason: "Error", at: at(99) }] }),
      ),
    },
    /main restarted 1 times \(Error\).*what it had taken is not known/,
  ],
  [
    "a pod that was put out",
    {
      containersAfter: reading(
        containerRun(),
        containerRun({ podUid: "uid-e", pod: "api-1-e", podReason: "Evicted", startedAt: undefined }),
      ),
    },
    /^health-platform\/api-1-e was put out by its node: whether for memory/,
  ],
])("%s is unproven", (_, changes, because) => {
  expect(judge(use({}, changes))).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(because),
  });
});

test("a container without a CPU limit cannot be throttled; a pod put out long ago says nothing of this load", () => {
  const unlimited = containerRun({ cpuLimitCores: undefined });
  expect(
    judge(use({}, { containersAfter: reading(unlimited), periods: reading(), throttledPeriods: reading() })).outcome,
  ).toBe("pass");
  const old = containerRun({ podUid: "uid-e", pod: "api-1-e", podReason: "Evicted", startedAt: undefined });
  expect(
    judge(use({}, { containersBefore: reading(containerRun(), old), containersAfter: reading(containerRun(), old) }))
      .outcome,
  ).toBe("pass");
});
