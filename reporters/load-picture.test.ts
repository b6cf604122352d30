import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LoadRun } from "../probes/load/load-run.ts";
import { loadEvidence } from "../suites/performance/load-evidence.ts";
import {
  changedSamples,
  exampleEndpoints,
  isOnPlateau,
  loadRun,
  plateauMs,
} from "../suites/performance/load-examples.ts";
import { faultsOf } from "../test/well-formed.ts";
import { loadPictures } from "./load-picture.ts";
import type { Picture } from "./picture.ts";

const judged = { limits: { p95Ms: 500, p99Ms: 1000, failedPercent: 0.5 }, endpoints: exampleEndpoints, reasons: [] };
type Evidence = ReturnType<typeof loadEvidence>;
const good = loadEvidence(loadRun(), judged);

function written(evidence: unknown): readonly Picture[] {
  return ofText(JSON.stringify(evidence));
}

function ofText(text: string | undefined): readonly Picture[] {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-load-"));
  mkdirSync(join(directory, "evidence"));
  if (text !== undefined) writeFileSync(join(directory, "evidence", "load-run.json"), text);
  return loadPictures(directory);
}

const drawnOf = (changes: Partial<LoadRun>, endpoints: readonly string[] = exampleEndpoints): readonly Picture[] =>
  written(loadEvidence(loadRun(changes), { ...judged, endpoints }));
const find = (pictures: readonly Picture[], criterion: string, title: string): string =>
  pictures.find((one) => one.criterion === criterion && one.title.startsWith(title))?.svg.toString() ?? "";

test("three pictures a percentile, and four of the users", () => {
  expect(written(good).map(({ criterion, title }) => `${criterion}: ${title}`)).toEqual([
    ...["api-latency-p95", "api-latency-p99"].flatMap((criterion) => [
      `${criterion}: How long the requests on the plateau took`,
      `${criterion}: p50, p95 and p99 of each endpoint on the plateau`,
      `${criterion}: Percentiles over time, of all endpoints and of the slowest`,
    ]),
    "concurrent-users-served: Requests a second, asked for and reached",
    "concurrent-users-served: Users at once",
    "concurrent-users-served: Failed requests",
    "concurrent-users-served: Idle processors of the generator's machine",
  ]);
});

describe("what they show", () => {
  const slow = changedSamples(({ endpoint }) => (endpoint === exampleEndpoints[3] ? { durationMs: 700 } : undefined));

  test("limits and measured percentiles of the slowest endpoint, in numbers", () => {
    const svg = find(drawnOf({ samples: slow }), "api-latency-p95", "How long");
    for (const words of [
      "p95 limit 500 ms",
      "p99 limit 1000 ms",
      "its p95 700 ms",
      "the slowest, POST /api/v1/tasks",
      "all 6 endpoints",
    ])
      expect(svg).toContain(words);
  });

  test("an endpoint at or beyond the limit of the criterion, and only there", () => {
    const pictures = drawnOf({ samples: slow });
    const marked = (criterion: string): boolean =>
      find(pictures, criterion, "p50").includes('fill="var(--fail)">p9') &&
      find(pictures, criterion, "p50").includes('fill="var(--fail)">p95 700 ms, 1500 asked');
    expect([marked("api-latency-p95"), marked("api-latency-p99")]).toEqual([true, false]);
  });

  test("over time, the slowest endpoint beside all of them", () => {
    const svg = find(drawnOf({ samples: slow }), "api-latency-p95", "Percentiles");
    expect(svg).toContain("p95 of POST /api/v1/tasks");
    expect(svg.match(/stroke-linecap="round"/g)).toHaveLength(4);
  });

  test("axes with units, and the plateau", () => {
    const svgs = written(good).map(({ svg }) => svg.toString());
    expect(svgs.filter((svg) => svg.includes(">time since the start (min:s)<"))).toHaveLength(6);
    expect(svgs.filter((svg) => svg.includes(">plateau<"))).toHaveLength(6);
    expect(svgs.filter((svg) => />(ms|requests\/s|users|% of requests|% idle)</.test(svg))).toHaveLength(10);
  });

  test("failures against their limit", () => {
    const failing = changedSamples((sample) => (isOnPlateau(sample) ? { expected: false, status: 503 } : undefined));
    const svg = find(drawnOf({ samples: failing }), "concurrent-users-served", "Failed");
    expect(svg).toContain("limit 0.5 %");
    expect(/<path d="([^"]*)" fill="var\(--fail\)"/.exec(svg)?.[1]?.split("M").length).toBe(19);
    const none = find(written(good), "concurrent-users-served", "Failed");
    expect(/<path d="([^"]*)" fill="var\(--fail\)"/.exec(none)?.[1]).toBe("");
  });

  test("that a run proves nothing, in each title", () => {
    const pictures = written(
      loadEvidence(loadRun(), { ...judged, reasons: ["the generator dropped 3 arrivals", "and more"] }),
    );
    expect(
      pictures.every(({ title }) => title.endsWith(" (this run proves nothing: the generator dropped 3 arrivals)")),
    ).toBe(true);
  });
});

describe("whole and escaped", () => {
  const hostile = `</svg><script>"'&`;

  test.each<readonly [string, Partial<LoadRun>]>([
    ["a good run", {}],
    ["nothing asked", { samples: [], users: [], seconds: [] }],
    [
      "one request",
      { samples: [{ atMs: plateauMs.from, endpoint: "GET /", durationMs: 3, status: 200, expected: true }] },
    ],
    ["all alike", { samples: changedSamples(() => ({ durationMs: 100 })) }],
    ["no time at all", { samples: changedSamples(() => ({ durationMs: 0 })) }],
    ["an age", { samples: changedSamples((_, index) => ({ durationMs: index % 2 === 0 ? 0 : 9e8 })) }],
    ["nothing answered", { samples: changedSamples(() => ({ expected: false, status: 0 })) }],
    ["times that are none", { startedAt: "x" }],
    ["hostile names", { samples: changedSamples((_, index) => ({ endpoint: `${hostile}${index % 3}` })) }],
    ["long names", { samples: changedSamples((_, index) => ({ endpoint: `${index % 60}${"x".repeat(5000)}` })) }],
    ["ten hours", { endedAt: new Date(plateauMs.until + 36_000_000).toISOString() }],
  ])("%s", (_, changes) => {
    const pictures = drawnOf(changes, []);
    expect(pictures).toHaveLength(10);
    expect(pictures.flatMap(({ svg }) => faultsOf(svg.toString()))).toEqual([]);
    expect(pictures.reduce((sum, { svg }) => sum + svg.toString().length, 0)).toBeLessThan(250_000);
  });

  test("whatever numbers the file holds", () => {
    const amount = fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.constantFrom(0, 5e-324, 1e9));
    const positive = fc.double({ min: 1e-12, max: 1e9, noNaN: true });
    const known = fc.option(amount);
    const point = fc.record({
      fromSeconds: amount,
      asked: amount,
      reached: amount,
      failed: amount,
      users: known,
      idlePercent: known,
      p50Ms: known,
      p95Ms: known,
      p99Ms: known,
      slowestP95Ms: known,
    });
    const endpoint = fc.record({
      endpoint: fc.string({ unit: "binary", maxLength: 100 }),
      asked: amount,
      failed: amount,
      p50Ms: known,
      p95Ms: known,
      p99Ms: known,
      counts: fc.array(amount, { minLength: 2, maxLength: 2 }),
    });
    const file = fc.record({
      schemaVersion: fc.constant(1),
      plan: fc.record({ usersPlateau: amount, generatorIdlePercentMin: amount }),
      reasons: fc.array(fc.string({ maxLength: 100 }), { maxLength: 2 }),
      limits: fc.record({ p95Ms: positive, p99Ms: positive, failedPercent: amount }),
      plateau: fc.record({ fromSeconds: known, untilSeconds: known }),
      edgesMs: fc.constantFrom([1, 10, 100], [1e-12, 1e-9, 1e9]),
      endpoints: fc.array(endpoint, { maxLength: 3 }),
      series: fc.record({ stepSeconds: positive, points: fc.array(point, { maxLength: 4 }) }),
    });
    fc.assert(
      fc.property(file, (evidence) => {
        const pictures = written(evidence);
        expect(pictures).toHaveLength(10);
        expect(pictures.flatMap(({ svg }) => faultsOf(svg.toString()))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

const [first] = good.endpoints;
const pointOf = (changes: object): Evidence["series"]["points"] =>
  good.series.points.map((one, index) => (index === 0 ? { ...one, ...changes } : one));

describe("nothing is drawn", () => {
  test.each<readonly [string, string | undefined]>([
    ["without a file", undefined],
    ["from what is no JSON", "{"],
    ["from nothing", ""],
    ["from a list", "[]"],
    ["from another version", JSON.stringify({ ...good, schemaVersion: 2 })],
    [
      "from a number that is none",
      JSON.stringify({ ...good, series: { ...good.series, points: pointOf({ reached: Number.NaN }) } }),
    ],
    [
      "from a negative number",
      JSON.stringify({ ...good, series: { ...good.series, points: pointOf({ reached: -1 }) } }),
    ],
    [
      "from a number too large",
      JSON.stringify({ ...good, series: { ...good.series, points: pointOf({ p99Ms: 1e12 }) } }),
    ],
    [
      "from words for a number",
      JSON.stringify({ ...good, series: { ...good.series, points: pointOf({ users: "<b>" }) } }),
    ],
    ["from edges that fall", JSON.stringify({ ...good, edgesMs: good.edgesMs.toReversed() })],
    ["from counts that do not fit", JSON.stringify({ ...good, endpoints: [{ ...first, counts: [1] }] })],
    [
      "from too many points",
      JSON.stringify({
        ...good,
        series: { ...good.series, points: Array.from({ length: 301 }, () => good.series.points[0]) },
      }),
    ],
    ["without limits", JSON.stringify({ ...good, limits: undefined })],
  ])("%s", (_, text) => {
    expect(ofText(text)).toEqual([]);
  });
});
