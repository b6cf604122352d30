import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rebuildStages, restoreStages } from "../probes/restore/restore-run.ts";
import { restoreEvidence, restoreEvidenceFile } from "../suites/dr/restore-evidence.ts";
import { exampleRestore, exampleStages, momentAt, restoreBut } from "../suites/dr/restore-example.ts";
import { faultsOf } from "../test/well-formed.ts";
import { restorePictures } from "./restore-picture.ts";

function written(name: string, text: string) {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-restore-"));
  mkdirSync(join(directory, "evidence"));
  writeFileSync(join(directory, "evidence", name), text);
  return restorePictures(directory).map(({ criterion, title, svg }) => ({ criterion, title, svg: svg.toString() }));
}
const name = restoreEvidenceFile("run");
const wanted = { criteria: ["restore-within-two-hours"], stages: restoreStages, secondsMax: 7200 };
const example = restoreEvidence(exampleRestore(), wanted);
const drawn = (evidence: object) => written(name, JSON.stringify(evidence));

test("what the suite writes are the stages since the loss was declared, and what came back", () => {
  expect(example).toMatchObject({
    what: "namespace health-platform",
    newestBackSeconds: 20.5,
    newestAcceptedSeconds: 0.5,
    parts: { verified: 120, lost: 0, altered: 0, unread: 0 },
  });
  expect(example.stages.map(({ seconds }) => seconds)).toEqual([0, 1, 30, 40, 60]);
});

test("it is drawn at every criterion that it stands beside", () => {
  const all = drawn({ ...example, criteria: ["restore-within-two-hours", "restore-data-intact"] });
  expect(all.map(({ criterion }) => criterion)).toEqual(["restore-within-two-hours", "restore-data-intact"]);
  expect(all[0]?.title).toBe(
    "namespace health-platform restored: 120 rows and objects verified, 0 lost or altered; the newest marker that came back was 20.5 s old",
  );
  const svg = all[0]?.svg ?? "";
  expect(faultsOf(svg)).toEqual([]);
  for (const word of [...restoreStages, "29 s", "10 s", "20 s"]) expect(svg).toContain(`>${word}<`);
  expect(svg).toContain("60 s from declared to verified, limit below 7200 s");
  expect(svg).not.toContain("var(--fail)");
});

test("each bar begins where the one before it ended", () => {
  const [picture] = drawn(example);
  const bars = [...(picture?.svg ?? "").matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
    ([, x, wide]) => [Number(x), Number(wide)] as const,
  );
  expect(bars).toHaveLength(5);
  for (const [index, [x]] of bars.slice(2).entries()) {
    const [before = 0, wide = 0] = bars[index + 1] ?? [];
    expect(Math.abs(before + wide - x)).toBeLessThan(0.2);
  }
});

test("a stage that nobody saw is said to be so, and one past the limit is red", () => {
  const [unseen] = drawn(
    restoreEvidence(exampleRestore({ stages: exampleStages({ "data verified": undefined }) }), wanted),
  );
  expect(unseen?.svg).toContain(">not seen<");
  expect(unseen?.svg).toContain("data never verified");
  const [late] = drawn({ ...example, secondsMax: 60 });
  expect(late?.svg.split('fill="var(--fail)"')).toHaveLength(2);
  expect(drawn(restoreEvidence(exampleRestore(), { ...wanted, stages: rebuildStages }))[0]?.svg).toContain(
    ">cluster ready<",
  );
});

test("when the pods were of their own templates again stands below the stages, where somebody saw it", () => {
  const renewed = restoreEvidence(exampleRestore({ renewed: momentAt(200_000) }), wanted);
  expect([renewed.renewedSeconds, example.renewedSeconds]).toEqual([90, null]);
  expect(drawn(renewed)[0]?.svg).toContain("limit below 7200 s; pods of their own templates at 90 s");
  const { renewedSeconds: _renewedSeconds, ...older } = example;
  for (const none of [example, older]) expect(drawn(none)[0]?.svg).toContain("limit below 7200 s</text>");
});

test("what was lost is told, and what did not come back", () => {
  const lost = restoreEvidence(restoreBut("marker-3", "row", "missing"), wanted);
  expect(drawn(lost)[0]?.title).toContain("119 rows and objects verified, 1 lost or altered");
  expect(drawn(restoreEvidence(exampleRestore({ markers: [] }), wanted))[0]?.title).toContain("no marker came back");
});

test.each<readonly [string, string, string]>([
  ["no JSON", name, "{"],
  ["another version", name, JSON.stringify({ ...example, schemaVersion: 2 })],
  ["one stage", name, JSON.stringify({ ...example, stages: example.stages.slice(0, 1) })],
  ["less than nothing", name, JSON.stringify({ ...example, secondsMax: -1 })],
  ["a file of another name", "other.json", JSON.stringify(example)],
])("nothing is drawn from %s", (_, file, text) => {
  expect(written(file, text)).toEqual([]);
});

test("whatever the stages are, the drawing is well formed", () => {
  const stage = fc.record({
    name: fc.string({ minLength: 1, maxLength: 120 }),
    seconds: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
  });
  fc.assert(
    fc.property(fc.array(stage, { minLength: 2, maxLength: 12 }), (stages) => {
      const [picture] = drawn({ ...example, stages });
      expect(faultsOf(picture?.svg ?? "<none")).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
