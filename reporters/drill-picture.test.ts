import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { read } from "../harness/verdict.ts";
import { drillTimeline, timelineEvidenceFile } from "../suites/dr/drill-timeline.ts";
import { asksBut, exampleDrill, exampleNow, exampleObserved, refused, wrong } from "../suites/dr/watched-example.ts";
import { faultsOf } from "../test/well-formed.ts";
import { drillPictures } from "./drill-picture.ts";

function written(files: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-drill-"));
  mkdirSync(join(directory, "evidence"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, "evidence", name), text);
  return drillPictures(directory).map(({ criterion, title, svg }) => ({ criterion, title, svg: svg.toString() }));
}
const id = "pod-restart-survived";
const drawn = (timeline: object) => written({ [timelineEvidenceFile(id)]: JSON.stringify(timeline) });

const firing = [{ alert: "TargetDown", labels: {}, fromMs: Date.parse("2026-11-22T12:00:53.000Z"), untilMs: 0 }];
const asks = asksBut(2_000, 10_000, refused).map((ask) => (ask.atMs === 25_000 ? { ...ask, ...wrong } : ask));
const example = drillTimeline(id, exampleDrill({ firing: read(firing, "Prometheus", exampleNow) }, { asks }));

test("what the suite writes is one object of a drill: when what happened, and what users met", () => {
  expect(example).toMatchObject({
    criterion: id,
    fault: "pod-kill",
    injectedSeconds: 1,
    feltSeconds: 2,
    detectedSeconds: 43,
    detectedBy: "TargetDown",
    removedSeconds: 70,
    recoveredSeconds: 71,
    requests: { right: 564, refused: 32, wrong: 2, unanswered: 0, unseen: 0 },
    writes: { accepted: 322, lost: 0, altered: 0, unread: 0 },
    stepSeconds: 1,
  });
  expect(example.steps).toHaveLength(161);
  expect(example.steps[0]).toMatchObject({ fromSeconds: -10, right: 4 });
  expect(example.steps.reduce((sum, step) => sum + step.right + step.refused + step.wrong, 0)).toBe(asks.length);
});

test("it is drawn with its moments, and with what users got in three colours", () => {
  const [picture] = drawn(example);
  expect(picture).toMatchObject({
    criterion: id,
    title: "pod-kill: 32 requests refused, 2 lost, 0 of 322 accepted writes lost, TargetDown after 42 s",
  });
  const svg = picture?.svg ?? "";
  expect(faultsOf(svg)).toEqual([]);
  for (const name of ["injected", "felt", "detected by alert", "removed", "recovered", "right", "refused", "neither"]) {
    expect(svg).toContain(`>${name}<`);
  }
  expect(svg).not.toContain("not seen");
  const layers = ["fail", "unproven", "pass"].map((colour) => svg.indexOf(`fill="var(--${colour})"/><`));
  expect(layers.every((at) => at >= 0)).toBe(true);
});

test("a drill that was not felt, not detected and not recovered from has fewer moments", () => {
  const observed = exampleObserved({
    feltAtMs: undefined,
    felt: undefined,
    removedAtMs: undefined,
    recoveredAtMs: undefined,
  });
  const [picture] = drawn(drillTimeline(id, exampleDrill({ observed })));
  expect(picture?.title).toMatch(/no alert$/);
  expect(picture?.svg).toContain(">injected<");
  for (const name of ["felt", "detected by alert", "removed", "recovered"])
    expect(picture?.svg).not.toContain(`>${name}<`);
});

test("nobody watched: there is nothing to draw; an hour's watch has no more than 301 steps", () => {
  const nobody = exampleDrill({ watch: { ok: false, why: "no session", source: "x", at: exampleNow.toISOString() } });
  expect(drawn(drillTimeline(id, nobody))).toEqual([]);
  const long = drillTimeline(id, exampleDrill({}, { endedMs: 3_600_000 }));
  expect(long.steps.length).toBeLessThanOrEqual(301);
  expect(long.stepSeconds).toBe(12);
  expect(drawn(long)).toHaveLength(1);
});

test.each<readonly [string, Readonly<Record<string, string>>]>([
  ["no file", {}],
  ["no JSON", { "timeline-x.json": "{" }],
  ["another version", { "timeline-x.json": JSON.stringify({ ...example, schemaVersion: 2 }) }],
  ["a criterion that is none", { "timeline-x.json": JSON.stringify({ ...example, criterion: "<x>" }) }],
  [
    "less than nothing",
    { "timeline-x.json": JSON.stringify({ ...example, requests: { ...example.requests, right: -1 } }) },
  ],
  ["a file of another name", { "drill-x.json": JSON.stringify(example) }],
  ["a file that is too large", { "timeline-x.json": JSON.stringify({ ...example, more: "x".repeat(1_000_000) }) }],
])("nothing is drawn from %s", (_, files) => {
  expect(written(files)).toEqual([]);
});

test("several drills are several pictures; names are escaped", () => {
  const all = written({
    "timeline-b.json": JSON.stringify({ ...example, fault: "<b>" }),
    "timeline-a.json": JSON.stringify(example),
  });
  expect(all.map(({ title }) => title.slice(0, 3))).toEqual(["pod", "<b>"]);
  expect(all.flatMap(({ svg }) => faultsOf(svg))).toEqual([]);
});

test("whatever the moments are, the drawing is well formed", () => {
  const moment = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(moment, moment, moment, moment, (injectedSeconds, feltSeconds, removedSeconds, recoveredSeconds) => {
      const [picture] = drawn({ ...example, injectedSeconds, feltSeconds, removedSeconds, recoveredSeconds });
      expect(faultsOf(picture?.svg ?? "<none")).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
