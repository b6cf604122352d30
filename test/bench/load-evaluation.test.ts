import { expect, test } from "vitest";
import { loadRun } from "../../suites/performance/load-examples.ts";
import { evaluated } from "./load-evaluation.ts";

test("all endpoints are one, on the plateau alone", () => {
  const run = loadRun();
  const { measured, failed } = evaluated(run);
  const fromMs = Date.parse(run.plateauFrom);
  const onPlateau = run.samples.filter(({ atMs }) => atMs >= fromMs && atMs < Date.parse(run.plateauUntil));
  expect(measured.answers).toBe(onPlateau.length);
  expect(onPlateau.length).toBeLessThan(run.samples.length);
  // 20 to 219 ms, each as often as any other.
  expect(measured.percentiles[50]).toBeCloseTo(119, -1);
  expect(measured.percentiles[99]).toBeCloseTo(217, -1);
  expect(failed).toBe(0);
});

test("what was not answered as expected has no latency, and is told", () => {
  const run = loadRun();
  const samples = run.samples.map((sample, index) =>
    index % 2 === 0 ? sample : { ...sample, durationMs: 1, expected: false },
  );
  const { measured, failed } = evaluated({ ...run, samples });
  expect(failed).toBeGreaterThan(4000);
  expect(measured.percentiles[50]).toBeGreaterThan(50);
});

test("without an answer there is no percentile", () => {
  expect(evaluated({ ...loadRun(), samples: [] })).toEqual({
    measured: { answers: 0, percentiles: { 50: Number.NaN, 95: Number.NaN, 99: Number.NaN } },
    failed: 0,
  });
});
