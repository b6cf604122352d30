import { expect, test } from "vitest";
import { drillTable, merged, parseSeen, type SeenDrill } from "./drill-table.ts";

const one: SeenDrill = {
  drill: "pod-kill-one",
  criterion: "pod-restart-survived",
  way: "good",
  outcome: "pass",
  because: "no accepted write was lost",
  seconds: 71,
  at: "2026-11-22T20:50:00.000Z",
};
const planted: SeenDrill = { ...one, way: "planted", outcome: "fail", because: "3 of 9 | writes are lost" };
const blinded: SeenDrill = { ...one, criterion: "", way: "blinded", outcome: "refused", because: "403" };

test("a line for each drill, with what was seen of it", () => {
  const lines = drillTable([one, planted, blinded], ["pod-kill-one", "node-stop"]).split("\n");
  expect(lines.filter((line) => line.startsWith("| `"))).toEqual([
    "| `pod-kill-one` | pod-restart-survived | pass, 71 s |  | fail | 3 of 9 \\| writes are lost | - | refused |",
    "| `node-stop` | - | - |  | - |  | - | - |",
  ]);
});

test("a drill of several criteria has a line for each", () => {
  const other = { ...one, criterion: "restore-data-intact", outcome: "unproven" as const, because: "unread" };
  const lines = drillTable([one, other, blinded], ["pod-kill-one"]).split("\n");
  expect(lines.filter((line) => line.startsWith("| `"))).toEqual([
    "| `pod-kill-one` | pod-restart-survived | pass, 71 s |  | - |  | - | refused |",
    "| `pod-kill-one` | restore-data-intact | unproven, 71 s | unread | - |  | - | refused |",
  ]);
});

test("long reasons are cut, whole ones are not", () => {
  const long = (count: number): string =>
    drillTable([{ ...planted, because: "x".repeat(count) }], ["pod-kill-one"]).replaceAll(/[^x…]/g, "");
  expect([long(160).length, long(161).at(-1)]).toEqual([160, "…"]);
});

test("a later look takes the place of an earlier one of the same drill, criterion and way, and leaves the others", () => {
  const later = { ...one, outcome: "fail" as const, at: "2026-11-22T21:00:00.000Z" };
  expect(merged([one, planted], [later])).toEqual([planted, later]);
  const other = { ...one, criterion: "writes-kept" };
  expect(merged([one, other], [later])).toEqual([other, later]);
  const refused = { ...one, criterion: "", outcome: "refused" as const };
  expect(merged([one, other, planted], [refused])).toEqual([planted, refused]);
  expect(merged([refused, planted], [one])).toEqual([planted, one]);
});

test.each(["", "{", "[{}]", JSON.stringify([{ ...one, outcome: "yes" }]), "null"])("%j is nothing", (text) => {
  expect(parseSeen(text)).toEqual([]);
});

test("what was written is read", () => {
  expect(parseSeen(JSON.stringify([one, blinded]))).toEqual([one, blinded]);
});
