import { describe, expect, it } from "vitest";
import { runStages, stageTable } from "./stages.ts";
import type { Stage } from "./stages.ts";

function trial() {
  const log: string[] = [];
  const lines: string[] = [];
  let running = 0;
  let runningMax = 0;
  const stage = (name: string, after: readonly string[] = [], more: Partial<Stage> = {}): Stage => ({
    name,
    expectedSeconds: 1,
    after,
    run: async () => {
      running += 1;
      runningMax = Math.max(runningMax, running);
      await Promise.resolve();
      log.push(name);
      running -= 1;
    },
    ...more,
  });
  const options = { say: (line: string) => void lines.push(line), signal: new AbortController().signal, atOnce: 2 };
  return { log, lines, stage, options, most: () => runningMax };
}

describe("runStages", () => {
  it("runs each after what it waits for, and two at once at most", async () => {
    const { log, stage, options, most } = trial();
    await runStages([stage("d", ["b", "c"]), stage("b", ["a"]), stage("c", ["a"]), stage("a"), stage("e")], options);
    expect(log.indexOf("a")).toBeLessThan(log.indexOf("b"));
    expect(log.indexOf("d")).toBeGreaterThan(Math.max(log.indexOf("b"), log.indexOf("c")));
    expect(log).toHaveLength(5);
    expect(most()).toBe(2);
  });

  it("does not run what is done, and counts it as cached", async () => {
    const { log, stage, options } = trial();
    const times = await runStages([stage("a", [], { done: () => Promise.resolve(true) }), stage("b", ["a"])], options);
    expect(log).toEqual(["b"]);
    expect(times.map((time) => time.cached)).toEqual([true, false]);
  });

  it("names the stage that failed, keeps the cause, and starts nothing after it", async () => {
    const { log, stage, options } = trial();
    const cause = new Error("no disk");
    const broken = stage("b", [], { run: () => Promise.reject(cause) });
    const failure = await runStages([broken, stage("c", ["b"])], options).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: "stage 'b' failed", cause });
    expect(log).toEqual([]);
  });

  it("tells the others when one fails", async () => {
    const { stage, options } = trial();
    let told = false;
    const waiting = stage("w", [], {
      run: (signal) => new Promise((resolve) => signal.addEventListener("abort", () => ((told = true), resolve()))),
    });
    await expect(
      runStages([waiting, stage("b", [], { run: () => Promise.reject(new Error("x")) })], options),
    ).rejects.toThrow("stage 'b'");
    expect(told).toBe(true);
  });

  it.each([
    ["a name that does not exist", [["a", "z"]], "do not exist: z"],
    [
      "a circle",
      [
        ["a", "b"],
        ["b", "a"],
      ],
      "wait for each other: a, b",
    ],
  ])("refuses %s", async (_name, edges, message) => {
    const { stage, options } = trial();
    await expect(
      runStages(
        edges.map(([name = "", after = ""]) => stage(name, [after])),
        options,
      ),
    ).rejects.toThrow(message);
  });

  it("starts nothing once interrupted", async () => {
    const { log, stage, options } = trial();
    await expect(
      runStages([stage("a")], { ...options, signal: AbortSignal.abort(new Error("SIGINT")) }),
    ).rejects.toMatchObject({ cause: { message: "SIGINT" } });
    expect(log).toEqual([]);
  });
});

describe("stageTable", () => {
  it("puts the longest first and counts what was done already", () => {
    const time = (name: string, seconds: number, cached: boolean) => ({ name, seconds, cached, expectedSeconds: 9 });
    const table = stageTable([time("short", 1, false), time("long", 70, false), time("old", 0, true)]);
    expect(table.map((line) => line.trim().split(/\s+/).slice(0, 2).join(" "))).toEqual(["long 70", "short 1", "1 of"]);
  });
});
