import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, expect, test } from "vitest";
import type { Clock } from "../poll.ts";
import { minuteAt, type Seen, type SoakPlan } from "./lines.ts";
import { createRecord, readRecord, resumeRecord, type SoakRecord } from "./record.ts";
import { plan } from "./soak-examples.ts";
import { wallClock, watch, type Watch } from "./watch.ts";

const seen: Seen = { ingress: { state: "answered", because: "it did" }, traffic: { ok: false, why: "not asked" } };
let file = "";

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "oke-proof-watch-")), "soak-1", "looks.jsonl");
});

/** A window that begins in a moment, with minutes of so many milliseconds. */
function soon(minutes: number, everyMs: number): SoakPlan {
  const from = Date.now() + 20;
  const at = (ms: number): string => new Date(ms).toISOString();
  return plan({ from: at(from), until: at(from + minutes * everyMs), everyMs });
}

async function watched(ofWindow: SoakPlan, changes: Partial<Watch> = {}): Promise<SoakRecord> {
  const writer = createRecord(file, ofWindow);
  const { signal } = new AbortController();
  const options = { plan: ofWindow, looks: [], writer, enough: () => undefined, clock: wallClock, signal };
  await watch({ ...options, look: async () => seen, ...changes });
  writer.close();
  return recorded();
}

function recorded(): SoakRecord {
  const record = readRecord(file, new Date());
  if (!record.ok) throw new Error(record.why);
  return record.value;
}

const minutesIn = (record: SoakRecord): readonly number[] => record.looks.map(({ minute }) => minute);

/** Time that only passes while somebody sleeps. */
function ownClock(fromMs: number): Clock & { shift(ms: number): void } {
  let now = fromMs;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    shift: (ms) => {
      now += ms;
    },
  };
}

test("each minute is looked at once, and the end of the window once more", async () => {
  const window = soon(10, 80);
  const record = await watched(window, { clock: ownClock(Date.parse(window.from) - 1_000) });
  expect(record.ended).toMatchObject({ how: "complete", because: "the window is over: 11 looks" });
  expect(minutesIn(record)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(record.sessions).toBe(1);
});

test("by the clock of this machine no minute is looked at twice, and none outside of itself", async () => {
  const window = soon(20, 50);
  const record = await watched(window);
  expect(record.ended).toMatchObject({ how: "complete" });
  expect(record.looks.length).toBeGreaterThan(5);
  expect(new Set(minutesIn(record)).size).toBe(record.looks.length);
  expect(Date.parse(record.ended?.at ?? "")).toBeGreaterThanOrEqual(Date.parse(window.until));
});

test("a look that throws, one that hangs and one that cannot be written have seen nothing, and the watch goes on", async () => {
  const looks = [
    async () => Promise.reject(new Error("no network")),
    async () => new Promise<never>(() => undefined),
    async (): Promise<Seen> => ({ ...seen, ingress: { state: "answered", because: "x".repeat(3000) } }),
    async () => seen,
  ];
  const window = soon(3, 100);
  const record = await watched(window, {
    clock: ownClock(Date.parse(window.from)),
    look: async () => (looks.shift() ?? (async () => seen))(),
  });
  expect(record.looks.map(({ ingress }) => ingress)).toEqual([
    { state: "unseen", because: "no network" },
    { state: "unseen", because: "the look did not end within 0.08 s" },
    { state: "unseen", because: expect.stringContaining("Too big") },
    seen.ingress,
  ]);
});

test("minutes in which this process did not run are lost", async () => {
  let looks = 0;
  const record = await watched(soon(8, 80), {
    look: async () => {
      looks += 1;
      // Nothing in this process runs meanwhile, as while a machine sleeps.
      if (looks === 3) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      return seen;
    },
  });
  const [, , third = 0, fourth = 0] = minutesIn(record);
  // 200 of its milliseconds are two minutes and a half.
  expect(fourth - third).toBeGreaterThan(1);
  expect(record.ended).toMatchObject({ how: "complete" });
});

test("a burned budget ends the watch at once, and so does a signal", async () => {
  const stopped = await watched(soon(50, 60), { enough: (looks) => (looks.length === 3 ? "burned" : undefined) });
  expect(stopped).toMatchObject({ looks: { length: 3 }, ended: { how: "stopped", because: "burned" } });
  file = `${file}.2`;
  const began = performance.now();
  const interrupted = await watched(soon(2, 60_000), { signal: AbortSignal.timeout(100) });
  expect(interrupted.ended).toMatchObject({ how: "interrupted" });
  expect(performance.now() - began).toBeLessThan(2_000);
});

test("an interrupted watch goes on in the same window, with the minutes between lost", async () => {
  const window = soon(12, 80);
  await watched(window, { signal: AbortSignal.timeout(250) });
  const before = recorded();
  await delay(250);
  const writer = resumeRecord(file, before);
  const { signal } = new AbortController();
  await watch({
    plan: before.plan,
    looks: before.looks,
    writer,
    look: async () => seen,
    enough: () => undefined,
    clock: wallClock,
    signal,
  });
  const after = recorded();
  expect(after).toMatchObject({ plan: window, sessions: 2, ended: { how: "complete" } });
  expect(minutesIn(after).slice(0, before.looks.length)).toEqual(minutesIn(before));
  expect(after.looks.length).toBeLessThan(13);
});

test("a clock that is set back makes no minute twice, and one that is set forward loses those between", async () => {
  const from = Date.parse(plan().from);
  const looked: number[] = [];
  const clock = ownClock(from);
  const record = await watched(plan({ until: new Date(from + 10 * 60_000).toISOString() }), {
    clock,
    look: async () => {
      looked.push(minuteAt(plan(), clock.now()));
      if (looked.length === 3) clock.shift(-90_000);
      if (looked.length === 5) clock.shift(185_000);
      return seen;
    },
  });
  expect(looked).toEqual([0, 1, 2, 3, 4, 7, 8, 9, 10]);
  expect(minutesIn(record)).toEqual(looked);
});

test("killed again and again, with its last line torn, the watch goes on in the same window and makes no minute twice", async () => {
  const everyMs = 50;
  const window = soon(120, everyMs);
  createRecord(file, window).close();
  const watcher = join(import.meta.dirname, "..", "..", "test", "soak", "watcher.ts");
  let kills = 0;
  for (;;) {
    const child = spawn(process.execPath, [watcher, file], { stdio: ["ignore", "inherit", "inherit"] });
    const gone = once(child, "exit");
    const killer = setTimeout(() => child.kill("SIGKILL"), 700 + 700 * Math.random());
    const [code] = await gone;
    clearTimeout(killer);
    if (code === 0) break;
    kills += 1;
    // As if the machine had lost power in the middle of a line.
    appendFileSync(file, `{"sum":"0123456789abcdef","line":{"kind":"look","minute":${kills}`);
  }
  const record = recorded();
  expect(kills).toBeGreaterThan(1);
  expect(record).toMatchObject({ plan: window, ended: { how: "complete" } });
  // A process may be killed before it has written that it began.
  expect(record.sessions).toBeLessThanOrEqual(kills + 1);
  expect(record.looks.length).toBeGreaterThan(10);
  expect(new Set(minutesIn(record)).size).toBe(record.looks.length);
  expect(record.looks.every(({ minute, at }) => minuteAt(window, Date.parse(at)) === minute)).toBe(true);
});
