import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { processorTicks, processTicks, secondBetween, watchMachine, type Look } from "./machine.ts";

const stat = `cpu  100 5 50 800 40 1 4 20 7 0
cpu0 50 2 25 400 20 1 2 10 3 0
intr 1 2 3
`;
const own = (user: number, system: number, name = "k6"): string =>
  `4242 (${name}) S 1 4242 4242 0 -1 4194560 100 0 0 0 ${user} ${system} 3 4 20 0 12 0 555 1 2`;

test("waiting for a disk is idle, what the host took is not, and a guest counts once", () => {
  expect(processorTicks(stat)).toEqual({ total: 1020, idle: 840 });
});

test("an older kernel tells no guests", () => {
  expect(processorTicks("cpu  1 2 3 4 5 6 7 8\n")).toEqual({ total: 36, idle: 9 });
});

test.each(["", "cpu", "cpu0 1 2 3 4 5 6 7 8\n", "cpu  1 2 3\n", "cpu  1 2 3 4 5 6 7 -8\n", "cpu  a b c d e f g h\n"])(
  "%j is no line of processors",
  (text) => {
    expect(processorTicks(text)).toBeUndefined();
  },
);

test.each([
  [own(30, 12), 42],
  [own(30, 12, "k6 (copy) 2"), 42],
  ["", undefined],
  ["4242 k6 S 1 2 3 4 5 6 7 8 9 10 11 12 13 14", undefined],
  [own(30, 12).slice(0, 40), undefined],
])("the ticks of %j", (text, ticks) => {
  expect(processTicks(text)).toBe(ticks);
});

const look = (given: Partial<Look>): Look => ({ atMs: 0, total: 0, idle: 0, generator: 0, ...given });

test("a second is the share of all processors between two looks", () => {
  const second = secondBetween(
    look({ total: 1000, idle: 500, generator: 10 }),
    look({ atMs: 9, total: 1200, idle: 550, generator: 60 }),
  );
  expect(second).toEqual({ atMs: 9, idlePercent: 25, generatorPercent: 25 });
});

test.each([
  ["stand still", look({ total: 5 }), look({ total: 5 })],
  ["went back", look({ total: 9 }), look({ total: 5 })],
  ["are those of another process", look({ generator: 7 }), look({ total: 5, generator: 3 })],
])("counters that %s say nothing", (_, before, after) => {
  expect(secondBetween(before, after)).toBeUndefined();
});

test("shares are never outside 0 to 100", () => {
  const counters = fc.record({ atMs: fc.nat(), total: fc.nat(), idle: fc.nat(), generator: fc.nat() });
  fc.assert(
    fc.property(counters, counters, (before, after) => {
      const second = secondBetween(before, after);
      for (const percent of second === undefined ? [] : [second.idlePercent, second.generatorPercent]) {
        expect(percent >= 0 && percent <= 100).toBe(true);
      }
    }),
  );
});

test("watches until it is told to end, and leaves a hole where it could not look", async () => {
  const procfs = mkdtempSync(join(tmpdir(), "oke-proof-procfs-"));
  const ending = new AbortController();
  const texts: (readonly [string, string])[] = [
    ["cpu  0 0 0 0 0 0 0 0\n", own(0, 0)],
    ["cpu  50 0 0 50 0 0 0 0\n", own(10, 10)],
    ["", own(10, 10)],
    ["cpu  100 0 0 200 0 0 0 0\n", own(10, 10)],
  ];
  mkdirSync(join(procfs, "4242"));
  const put = (): void => {
    const [machine, generator] = texts.shift() ?? [];
    if (machine === undefined || generator === undefined) return ending.abort();
    writeFileSync(join(procfs, "stat"), machine);
    writeFileSync(join(procfs, "4242", "stat"), generator);
  };
  put();
  const clock = { now: () => 0, sleep: async () => put() };
  try {
    expect(await watchMachine(4242, { signal: ending.signal, clock, procfs })).toMatchObject([
      { idlePercent: 50, generatorPercent: 20 },
      { idlePercent: 75, generatorPercent: 0 },
    ]);
  } finally {
    rmSync(procfs, { recursive: true });
  }
});

test("a generator that is not there, and a machine without /proc, are not idle: nothing is known of them", async () => {
  const ending = new AbortController();
  const clock = { now: () => 0, sleep: async () => ending.abort() };
  expect(await watchMachine(4_194_305, { signal: ending.signal, clock })).toEqual([]);
});
