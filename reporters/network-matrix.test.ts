import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { networkMatrixPictures } from "./network-matrix.ts";

const cells = [
  { from: "x/a", to: "y/b", by: "tcp TCP 8080" },
  { from: "x/a", to: "y/b", by: "udp UDP 8080" },
  { from: "x/a", to: "dns", by: "dns UDP 53" },
  { from: "y/b", to: "x/a", by: "tcp TCP 8080" },
];

function drawn(one: { readonly expected: string; readonly seen: string; readonly name?: string }): string {
  const matrix = { schemaVersion: 1, cells, cases: [{ name: "deny-egress", appliedSeconds: 0.42, ...one }] };
  return written(JSON.stringify(matrix))[0]?.svg.toString() ?? "";
}

function written(text: string | undefined) {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-matrix-"));
  mkdirSync(join(directory, "evidence"));
  if (text !== undefined) writeFileSync(join(directory, "evidence", "network-policies-enforced.json"), text);
  return networkMatrixPictures(directory);
}

/** How many squares and parts of squares of a colour there are. */
function count(svg: string, colour: string): number {
  const paths = [...svg.matchAll(/<path fill="var\(--([a-z]+)\)" d="([^"]*)"/g)];
  return paths.filter(([, name]) => name === colour).reduce((sum, [, , d = ""]) => sum + d.split("M").length - 1, 0);
}

test("expected beside observed, with the time that the policy took", () => {
  const svg = drawn({ expected: "bobo", seen: "toro" });
  expect(svg).toContain("deny-egress");
  expect(svg).toContain(" 0.4 s");
  expect([count(svg, "ink"), count(svg, "allowed"), count(svg, "fail")]).toEqual([4, 4, 0]);
});

test.each([
  ["open where it must be blocked", "bobo", "ooro", 1],
  ["blocked where it must be open", "bobo", "ttro", 1],
  ["all the other way, those between the same two as one", "bobo", "otot", 3],
])("%s is marked", (_, expected, seen, marked) => {
  expect(count(drawn({ expected, seen }), "fail")).toBe(marked);
});

test("what could not be told is neither", () => {
  const svg = drawn({ expected: "bobo", seen: "nedu" });
  expect([count(svg, "unproven"), count(svg, "fail")]).toEqual([3, 0]);
});

test("what is left to the plugin is never marked", () => {
  expect(count(drawn({ expected: "-obo", seen: "ooto" }), "fail")).toBe(0);
});

test("names are escaped", () => {
  expect(drawn({ expected: "bobo", seen: "toro", name: "<script>" })).not.toContain("<script>");
});

test.each([
  ["no file", undefined],
  ["no JSON", "{"],
  ["another version", JSON.stringify({ schemaVersion: 2, cells, cases: [] })],
  ["no case", JSON.stringify({ schemaVersion: 1, cells, cases: [] })],
])("nothing is drawn from %s", (_, text) => {
  expect(written(text)).toEqual([]);
});
