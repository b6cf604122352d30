import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { resourceEvidence, type ResourceEvidence } from "../suites/performance/resource-evidence.ts";
import { nodeUse } from "../suites/performance/resource-examples.ts";
import { resourcePictures } from "./resource-picture.ts";

const evidence: ResourceEvidence = {
  schemaVersion: 1,
  startedAt: "2026-11-22T12:00:00.000Z",
  plateau: { fromSeconds: 60, untilSeconds: 240 },
  endedSeconds: 241,
  reasons: [],
  bands: {
    cpu: { roadmap: { from: 50, to: 70 }, judged: { from: 5, to: 30 }, why: "one machine" },
    memory: { roadmap: { from: 60, to: 75 }, judged: { from: 60, to: 75 } },
  },
  nodes: [
    {
      node: "worker",
      cpuPercent: [
        [0, 10],
        [60, 20],
        [120, null],
        [180, 25],
      ],
      memoryPercent: [
        [0, 61],
        [300, 70],
      ],
    },
    { node: "worker2", cpuPercent: [[0, 11]], memoryPercent: [] },
  ],
  autoscalers: [
    {
      name: "n/api",
      replicas: [
        [0, 2, 2],
        [40, 2, 3],
        [60, 3, 3],
        [560, 2, 2],
        [600, 2, 2],
      ],
    },
  ],
};

function written(text: string | undefined) {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-resources-"));
  mkdirSync(join(directory, "evidence"));
  if (text !== undefined) writeFileSync(join(directory, "evidence", "resource-use.json"), text);
  return resourcePictures(directory).map(({ criterion, title, svg }) => ({ criterion, title, svg: svg.toString() }));
}
const drawn = (changes: object = {}) => written(JSON.stringify({ ...evidence, ...changes }));

test("CPU and memory with their bands, and replicas, each at its criterion", () => {
  expect(drawn().map(({ criterion }) => criterion)).toEqual([
    "cpu-utilization-band",
    "memory-utilization-band",
    "autoscaling-out-and-back",
  ]);
});

test("what the suite writes is what is drawn", () => {
  const found = resourceEvidence(nodeUse(), evidence.bands, []);
  expect(written(JSON.stringify(found)).map(({ criterion }) => criterion)).toEqual([
    "cpu-utilization-band",
    "memory-utilization-band",
  ]);
});

test("a band of the profile's own is drawn, the roadmap's beside it; the roadmap's alone has no mark", () => {
  const [cpu, memory] = drawn();
  expect(cpu?.svg).toContain(">band 5 to 30 %<");
  expect(cpu?.svg).toContain(">roadmap 50 %<");
  expect(cpu?.svg).toContain(">roadmap 70 %<");
  expect(memory?.svg).toContain(">band 60 to 75 %<");
  expect(memory?.svg).not.toContain(">roadmap");
});

test("all drawings have the same time, with the plateau and the end of the load in it", () => {
  const ticks = (svg: string): string[] =>
    [...svg.matchAll(/text-anchor="middle" fill="var\(--muted\)">([0-9:]+)</g)].map(([, text = ""]) => text);
  const all = drawn();
  expect(new Set(all.map(({ svg }) => ticks(svg).join(" "))).size).toBe(1);
  expect(ticks(all[0]?.svg ?? "").at(-1)).toBe("10:00");
  for (const { svg } of all) {
    expect(svg).toContain(">plateau<");
    expect(svg).toContain(">load ended<");
  }
});

/** Paths of lines, by their beginnings and corners. */
const lines = (svg: string): string[] =>
  [...svg.matchAll(/<path d="(M[^"]*L[^"]*|M[^"]*h0)"/g)].map(([, path = ""]) => path);

test("replicas go up and down in steps, and a hole in a line is not drawn through", () => {
  const [cpu, , replicas] = drawn();
  const ready = lines(replicas?.svg ?? "").at(-1) ?? "";
  const places = [...ready.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(
    ([, x = "", y = ""]) => [Number(x), Number(y)] as const,
  );
  const isStep = places.every(
    ([x, y], index) => index === 0 || x === places[index - 1]?.[0] || y === places[index - 1]?.[1],
  );
  expect(places.length).toBe(7);
  expect(isStep).toBe(true);
  expect((lines(cpu?.svg ?? "")[0] ?? "").match(/M/g)).toHaveLength(2);
});

test("a run that proves nothing says so in its pictures", () => {
  expect(
    drawn({ reasons: ["the generator was stopped"] }).every(({ title }) =>
      title.endsWith("(this run proves nothing: the generator was stopped)"),
    ),
  ).toBe(true);
});

test("names are escaped", () => {
  const [cpu] = drawn({ nodes: [{ node: "<script>", cpuPercent: [[0, 1]], memoryPercent: [] }] });
  expect(cpu?.svg).not.toContain("<script>");
});

test("without a plateau, nodes or autoscalers there is less to draw", () => {
  const none = { fromSeconds: null, untilSeconds: null };
  expect(drawn({ plateau: none, endedSeconds: null })[0]?.svg).not.toContain("plateau");
  expect(drawn({ nodes: [] }).map(({ criterion }) => criterion)).toEqual(["autoscaling-out-and-back"]);
  expect(drawn({ nodes: [], autoscalers: [] })).toEqual([]);
});

test.each([
  ["no file", undefined],
  ["no JSON", "{"],
  ["another version", JSON.stringify({ ...evidence, schemaVersion: 2 })],
  [
    "less than nothing",
    JSON.stringify({ ...evidence, nodes: [{ node: "a", cpuPercent: [[0, -1]], memoryPercent: [] }] }),
  ],
  ["text for a number", JSON.stringify({ ...evidence, endedSeconds: "soon" })],
])("nothing is drawn from %s", (_, text) => {
  expect(written(text)).toEqual([]);
});

test("whatever is in the file, nothing is thrown and no number is NaN", () => {
  const measured = fc.array(fc.tuple(fc.double(), fc.option(fc.double())), { maxLength: 5 });
  const nodes = fc.array(fc.record({ node: fc.string(), cpuPercent: measured, memoryPercent: measured }), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(nodes, fc.option(fc.double()), (found, endedSeconds) => {
      expect(drawn({ nodes: found, endedSeconds }).filter(({ svg }) => svg.includes("NaN"))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
