import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { read } from "../../harness/verdict.ts";
import { loadSchema } from "../../reporters/load-schema.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import { judgeLatency } from "./latency.judge.ts";
import { loadEvidence, type LoadJudged } from "./load-evidence.ts";
import { changedSamples, exampleEndpoints, isOnPlateau, loadRun, plateauMs, startedMs } from "./load-examples.ts";
import { latencyLimits, servedLimits } from "./load-limits.ts";
import { judgeUsersServed } from "./users-served.judge.ts";

const judged: LoadJudged = {
  limits: { p95Ms: 500, p99Ms: 1000, failedPercent: 0.5 },
  endpoints: exampleEndpoints,
  reasons: [],
};
const evidenceOf = (changes: Partial<LoadRun> = {}) => loadEvidence(loadRun(changes), judged);
const good = loadRun();
const bytesMax = 150_000;

test("a run by endpoint and over time, as the pictures read it", () => {
  const evidence = evidenceOf();
  expect(loadSchema.safeParse(JSON.parse(JSON.stringify(evidence))).error).toBeUndefined();
  expect(evidence.endpoints).toHaveLength(6);
  expect(evidence.endpoints.every(({ asked, failed }) => asked === 1500 && failed === 0)).toBe(true);
  expect(evidence.plateau).toEqual({ fromSeconds: 60, untilSeconds: 240 });
  expect(evidence.series.stepSeconds).toBe(10);
  expect(evidence.series.points).toHaveLength(25);
  expect(evidence.series.points[10]).toMatchObject({
    fromSeconds: 100,
    asked: 50,
    reached: 50,
    failed: 0,
    users: 500,
    idlePercent: 55,
  });
});

test("the rate that was asked for rises with the users, and ends with the plateau", () => {
  const asked = evidenceOf().series.points.map((point) => point.asked);
  // Ten seconds from 100 users: their middle is at 133 users, with 10 s to think.
  expect(asked[0]).toBeCloseTo(13.33, 2);
  expect(asked[5]).toBeCloseTo(46.67, 2);
  expect([asked[6], asked[23], asked[24]]).toEqual([50, 50, 0]);
});

test("the slowest endpoint has a percentile of its own over time", () => {
  const samples = changedSamples(({ endpoint }) =>
    endpoint === exampleEndpoints[2] ? { durationMs: 800 } : undefined,
  );
  const { series, endpoints } = evidenceOf({ samples });
  expect(endpoints[0]).toMatchObject({ endpoint: exampleEndpoints[2], p95Ms: 800 });
  expect(series.points[10]).toMatchObject({ slowestP95Ms: 800, p50Ms: expect.closeTo(140, -2) });
});

test("failed requests are counted, and are no latency", () => {
  const samples = changedSamples((sample, index) =>
    isOnPlateau(sample) && index % 10 === 0 ? { expected: false, status: 503, durationMs: 60_000 } : undefined,
  );
  const { series, endpoints } = evidenceOf({ samples });
  expect(series.points[10]).toMatchObject({ reached: 50, failed: 5 });
  expect(series.points[10]?.p99Ms).toBeLessThan(220);
  expect(endpoints.reduce((sum, { failed }) => sum + failed, 0)).toBe(900);
});

describe("the histogram", () => {
  const counted = (durationMs: number): readonly (readonly [number, number])[] => {
    const samples = changedSamples((sample, index) =>
      isOnPlateau(sample) ? { durationMs, endpoint: index === 0 ? "GET /other" : "GET /one" } : undefined,
    );
    const { endpoints, edgesMs } = loadEvidence(loadRun({ samples }), { ...judged, endpoints: [] });
    return (endpoints[0]?.counts ?? []).flatMap((count, bucket) =>
      count === 0 ? [] : [[edgesMs[bucket] ?? Number.NaN, count] as const],
    );
  };

  test.each([
    [0, 1],
    [0.3, 1],
    [1, 1],
    [1.3, 1.26],
    [10.1, 10],
    [101, 100],
    [99_000, 79432.82],
    [500_000, 79432.82],
  ])("%d ms are counted from %d ms on", (durationMs, edge) => {
    expect(counted(durationMs)).toEqual([[edge, 9000]]);
  });
});

describe("small whatever the run", () => {
  test.each<readonly [string, Partial<LoadRun>]>([
    [
      "a thousand endpoints",
      { samples: changedSamples((_, index) => ({ endpoint: `GET /${index % 1000}/${"x".repeat(2000)}` })) },
    ],
    ["ten hours", { endedAt: new Date(startedMs + 36_000_000).toISOString() }],
    ["a thousand clocks", { clocks: Array.from({ length: 1000 }, () => ({ of: "x", aheadMs: 0, tookMs: 0 })) }],
    ["a long word", { stopped: "x".repeat(1_000_000), source: "x".repeat(1_000_000) }],
  ])("%s", (_, changes) => {
    const text = JSON.stringify(
      loadEvidence(loadRun(changes), { ...judged, reasons: Array.from({ length: 1000 }, () => "x".repeat(1000)) }),
    );
    expect(text.length).toBeLessThan(bytesMax);
    expect(loadSchema.safeParse(JSON.parse(text)).error).toBeUndefined();
  });
});

describe("a run that is hardly one", () => {
  test.each<readonly [string, Partial<LoadRun>]>([
    ["nothing was asked", { samples: [], users: [], seconds: [] }],
    [
      "one request",
      { samples: [{ atMs: plateauMs.from, endpoint: "GET /", durationMs: 3, status: 200, expected: true }] },
    ],
    [
      "numbers that are none",
      {
        samples: changedSamples(() => ({ durationMs: Number.NaN, atMs: Number.NaN })),
        seconds: [{ atMs: startedMs, idlePercent: Number.NaN, generatorPercent: 0 }],
      },
    ],
    ["times that are none", { startedAt: "x", plateauFrom: "x" }],
    ["an end before the start", { endedAt: new Date(startedMs - 1).toISOString() }],
    ["a plateau before the start", { startedAt: new Date(plateauMs.until).toISOString() }],
  ])("%s", (_, changes) => {
    const text = JSON.stringify(evidenceOf(changes));
    expect(loadSchema.safeParse(JSON.parse(text)).error).toBeUndefined();
  });

  test("a step without an answer has no percentile", () => {
    const [first] = evidenceOf({ samples: [] }).series.points;
    expect(first).toMatchObject({ reached: 0, p50Ms: null, p95Ms: null, p99Ms: null });
  });
});

test("of numbers that may be anything no judge makes a verdict, and nothing throws", () => {
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -1, plateauMs.from, startedMs),
  );
  const time = fc.oneof(
    fc.string(),
    fc.constantFrom(good.startedAt, good.plateauFrom, good.plateauUntil, good.endedAt),
  );
  const told = fc.option(number, { nil: undefined });
  const sample = fc.record({
    atMs: number,
    endpoint: fc.string(),
    durationMs: number,
    status: fc.nat(),
    expected: fc.boolean(),
  });
  const changes: fc.Arbitrary<Partial<LoadRun>> = fc.record({
    startedAt: time,
    plateauFrom: time,
    plateauUntil: time,
    endedAt: time,
    samples: fc.array(sample, { maxLength: 20 }),
    users: fc.array(fc.record({ atMs: number, users: number }), { maxLength: 20 }),
    received: fc.array(fc.record({ atMs: number, bytes: number }), { maxLength: 20 }),
    seconds: fc.array(fc.record({ atMs: number, idlePercent: number, generatorPercent: number }), { maxLength: 20 }),
    told: fc.record({ requests: told, iterations: told, dropped: told, usersMax: told }),
    clocks: fc.array(fc.record({ of: fc.string(), aheadMs: number, tookMs: number }), { maxLength: 3 }),
  });
  const needs = { usersRoadmap: 500, nodesBesideGenerator: read([], "nodes", new Date(startedMs)), evidenceFile: "x" };
  fc.assert(
    fc.property(changes, (changed) => {
      const reading = read({ ...good, plan: { ...good.plan, balancerMbps: 10 }, ...changed }, "x", new Date(startedMs));
      expect(judgeLatency(reading, needs, latencyLimits(99, [])).outcome).toBe("unproven");
      expect(judgeUsersServed(reading, needs, servedLimits()).outcome).toBe("unproven");
      expect(JSON.stringify(loadEvidence(reading.ok ? reading.value : good, judged)).length).toBeLessThan(bytesMax);
    }),
    { numRuns: 200 },
  );
});
