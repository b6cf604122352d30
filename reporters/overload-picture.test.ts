import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { read, unread } from "../harness/verdict.ts";
import type { SurgeAnswer, SurgeRun } from "../probes/load/surge-run.ts";
import { overloadEvidence, overloadEvidenceFile } from "../suites/performance/overload-evidence.ts";
import { faultsOf } from "../test/well-formed.ts";
import { overloadPictures } from "./overload-picture.ts";

const zero = Date.parse("2026-11-23T12:00:00.000Z");
const now = new Date(zero);
const limits = { latencyMsMax: 500, recoverySecondsMax: 60 };
const answer = (atMs: number, outcome: SurgeAnswer["outcome"]): SurgeAnswer => ({
  name: "GET /api/v1/records",
  atMs,
  durationMs: 20,
  status: outcome === "right" ? 200 : 503,
  outcome,
});
const surge: SurgeRun = {
  ratePerSecond: 2,
  seconds: 3,
  startedAt: now.toISOString(),
  endedAt: new Date(zero + 3_000).toISOString(),
  answers: [answer(0, "right"), answer(999, "refused"), answer(1_000, "right"), answer(3_010, "neither")],
  accepted: [],
  dropped: 0,
  source: "surge",
};
const look = (atSeconds: number, durationMs: number, right = true) => ({
  at: new Date(zero + atSeconds * 1000).toISOString(),
  right,
  durationMs,
});
const readings = {
  before: [look(-2, 20), look(-1, 30)],
  surge: read(surge, "surge", now),
  after: [look(4, 900), look(5, 10, false), look(64, 25)],
  kept: read([], "ingress", now),
};
const evidence = overloadEvidence(readings, limits);

function written(text: string) {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-overload-"));
  mkdirSync(join(directory, "evidence"));
  writeFileSync(join(directory, "evidence", overloadEvidenceFile), text);
  return overloadPictures(directory).map(({ criterion, title, svg }) => ({ criterion, title, svg: svg.toString() }));
}

test("answers are counted by the second they were asked for in, the last one's late ones with it", () => {
  expect(evidence).toMatchObject({
    surgeSeconds: 3,
    steps: [
      { fromSeconds: 0, right: 1, refused: 1, neither: 0 },
      { fromSeconds: 1, right: 1, refused: 0, neither: 0 },
      { fromSeconds: 2, right: 0, refused: 0, neither: 1 },
    ],
    looks: [
      [-2, 20],
      [-1, 30],
      [4, 900],
      [5, null],
      [64, 25],
    ],
  });
});

test("both are drawn at their criterion, the surge in three colours", () => {
  const pictures = written(JSON.stringify(evidence));
  expect(pictures.map(({ criterion, title }) => [criterion, title])).toEqual([
    ["overload-degrades-gracefully", "The surge: 2 requests answered, 1 refused, 1 neither"],
    ["overload-degrades-gracefully", "One small request a second, before the surge and after it"],
  ]);
  const [answers, looks] = pictures;
  expect(pictures.flatMap(({ svg }) => faultsOf(svg))).toEqual([]);
  for (const name of ["right", "refused", "neither"]) expect(answers?.svg).toContain(`>${name}<`);
  for (const name of ["surge", "normal: below 500 ms", "must be normal"]) expect(looks?.svg).toContain(`>${name}<`);
});

test("without a surge there is nothing to draw", () => {
  const none = { ...readings, surge: unread<SurgeRun>("not steady", "surge", now) };
  expect(overloadEvidence(none, limits)).toBeUndefined();
  expect(overloadPictures(mkdtempSync(join(tmpdir(), "oke-proof-overload-")))).toEqual([]);
});

test("a file that anybody has changed is drawn whole or left out, and never breaks a page", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.record({ looks: fc.anything(), limits: fc.anything(), steps: fc.anything() }),
      ),
      (changes) => {
        const text = typeof changes === "string" ? changes : JSON.stringify({ ...evidence, ...changes });
        expect(written(text).flatMap(({ svg }) => faultsOf(svg))).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});
