import { expect, test } from "vitest";
import { now, planIn, world } from "../test/switch-world.ts";
import { experiment } from "./experiment.ts";
import { systemClock } from "./poll.ts";
import { judgeSurvival } from "./survival.judge.ts";
import { unread, type Outcome } from "./verdict.ts";

const limits = { lostMsMax: 10_000, recoverMsMax: 1000 };
const never = async (): Promise<never> => new Promise(() => undefined);

test("undo is written before the act, and forgotten after the removal", async () => {
  const here = world();
  const observed = await experiment(planIn(here));
  expect(here.log).toEqual(["journal written", "injected", "removed", "journal forgotten"]);
  expect(judgeSurvival(observed, limits, now).outcome).toBe("pass");
});

test("nothing is touched where the steady state does not hold before", async () => {
  const here = world();
  const observed = await experiment(planIn(here, {}, () => "fail"));
  expect(here.log).toEqual([]);
  expect(judgeSurvival(observed, limits, now)).toMatchObject({ outcome: "unproven" });
});

test.each<readonly [string, number, number, Outcome]>([
  ["at its last look", 500, 5, "pass"],
  ["a look too late", 500, 6, "unproven"],
  ["at the second look, where it is not waited for", 0, 1, "unproven"],
])("a steady state that comes %s", async (_, steadyWithinMs, failing, outcome) => {
  const here = world();
  let looks = 0;
  const steady = (): Outcome => {
    looks += 1;
    // One look before the waiting, and the waiting's own.
    return looks <= failing + (steadyWithinMs > 0 ? 1 : 0) || here.broken ? "fail" : "pass";
  };
  const steps: string[] = [];
  const say = (step: string): number => steps.push(step);
  const observed = await experiment({ ...planIn(here, {}, steady), steadyWithinMs, say });
  expect(judgeSurvival(observed, limits, now).outcome).toBe(outcome);
  expect(here.log.length > 0).toBe(outcome === "pass");
  expect(steps.includes("waiting up to 0.5 s for the steady state: the switch")).toBe(steadyWithinMs > 0);
});

test("waiting for the steady state ends with the run, and nothing is touched", async () => {
  const here = world();
  const ending = new AbortController();
  const steady = (): Outcome => {
    ending.abort();
    return "fail";
  };
  const observed = await experiment({ ...planIn(here, {}, steady), steadyWithinMs: 1_000, signal: ending.signal });
  expect(here.log).toEqual([]);
  expect(here.clock.now()).toBe(0);
  expect(judgeSurvival(observed, limits, now).outcome).toBe("unproven");
});

test("nothing is touched where the targets are unknown", async () => {
  const here = world();
  await experiment(planIn(here, { targets: unread("403", "world", now) }));
  expect(here.log).toEqual([]);
});

test("a fault that was injected half-way is removed all the same", async () => {
  const here = world();
  const inject = async (): Promise<void> => {
    here.broken = true;
    throw new Error("the second half was refused");
  };
  const observed = await experiment(planIn(here, { inject }));
  expect(here.broken).toBe(false);
  expect(judgeSurvival(observed, limits, now)).toMatchObject({
    outcome: "unproven",
    because: expect.stringContaining("second half"),
  });
});

test("a fault that cannot be removed fails and keeps its undo record", async () => {
  const here = world();
  const remove = async (): Promise<void> => {
    throw new Error("403 Forbidden");
  };
  const observed = await experiment(planIn(here, { remove }));
  expect(judgeSurvival(observed, limits, now)).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("403"),
  });
  expect(here.records).toHaveLength(1);
});

test("a fault that did not bite proves nothing", async () => {
  const here = world();
  const observed = await experiment(planIn(here, { inject: async () => undefined }));
  expect(judgeSurvival(observed, limits, now)).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/not felt: surviving it shows nothing \(.* felt: not within .*, last seen: .+\)/),
  });
});

test("a steady state that throws is unknown, not lost and not held", async () => {
  const here = world();
  const observed = await experiment({
    ...planIn(here),
    steady: async () => {
      if (here.broken) throw new Error("the API did not answer");
      return { outcome: "pass", because: "" };
    },
  });
  expect(judgeSurvival(observed, limits, now).outcome).toBe("unproven");
});

test("more looks than are kept leave the rest of the time unseen", async () => {
  const here = world();
  const observed = await experiment({ ...planIn(here, {}, () => "pass"), observeMs: 20_000_000 });
  expect(observed.during).toHaveLength(10_000);
  expect(judgeSurvival(observed, limits, now)).toMatchObject({
    outcome: "unproven",
    because: expect.stringContaining("cut short"),
  });
});

test("an interruption before the injection leaves everything as it is", async () => {
  const here = world();
  const observed = await experiment({ ...planIn(here), signal: AbortSignal.abort() });
  expect(here.log).toEqual([]);
  expect(judgeSurvival(observed, limits, now)).toMatchObject({ outcome: "unproven" });
});

test("an interruption while the fault stands removes it before it ends", async () => {
  const here = world();
  const ending = new AbortController();
  const steady = (): Outcome => {
    if (here.broken) ending.abort();
    return here.broken ? "fail" : "pass";
  };
  const observed = await experiment({ ...planIn(here, {}, steady), signal: ending.signal });
  expect(here.log).toEqual(["journal written", "injected", "removed", "journal forgotten"]);
  expect(observed).toMatchObject({ interrupted: true, cutBecause: "interrupted", removeError: undefined });
  expect(judgeSurvival(observed, limits, now).outcome).toBe("unproven");
});

test("the steady state lost for longer than its budget ends the observation at once, and is a fail", async () => {
  const here = world();
  const observed = await experiment({ ...planIn(here), observeMs: 100_000, lostMsMax: 1000 });
  expect(observed).toMatchObject({ interrupted: true, cutBecause: expect.stringContaining("of 1000 ms") });
  expect(observed.removedAtMs).toBeLessThan(2500);
  expect(here.log.at(-1)).toBe("journal forgotten");
  expect(judgeSurvival(observed, { lostMsMax: 1000, recoverMsMax: 1000 }, now)).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("steady state lost"),
  });
});

test("a loss that shows before the fault is felt is the fault's, where that is felt in the end", async () => {
  const here = world();
  const observed = await experiment({ ...planIn(here), lostMsMax: 0 });
  expect(judgeSurvival(observed, { lostMsMax: 0, recoverMsMax: 1000 }, now).outcome).toBe("fail");
});

test("an injection that uses up the budget is cut short, and what it did is put back", async () => {
  const here = world();
  let isOver = false;
  const inject = async (signal: AbortSignal): Promise<void> => {
    here.broken = true;
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    // It disturbs once more before it heeds the signal.
    await Promise.resolve();
    here.broken = true;
    isOver = true;
  };
  const observed = await experiment({ ...planIn(here, { inject }), lostMsMax: 500 });
  expect([here.broken, isOver]).toEqual([false, true]);
  expect(observed.injectError).toContain("of 500 ms");
  expect(judgeSurvival(observed, limits, now).outcome).toBe("unproven");
});

test("an injection that never ends is given up, and cannot be called removed", async () => {
  const here = world();
  const observed = await experiment({
    ...planIn(here, { inject: never }, () => "pass"),
    actMsMax: 5,
    clock: systemClock,
  });
  expect(observed).toMatchObject({ injectError: "no end within 0.005 s", removeError: "no end within 0.005 s" });
  expect(here.records).toHaveLength(1);
});

test("a removal that never ends is a fail, and keeps its undo record", async () => {
  const here = world();
  const observed = await experiment({ ...planIn(here, { remove: never }), actMsMax: 5 });
  expect(judgeSurvival(observed, limits, now)).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("no end within"),
  });
  expect(here.records).toHaveLength(1);
});

test("a look at the steady state that never returns could not tell", async () => {
  const here = world();
  const steady = async (): Promise<{ outcome: Outcome; because: string }> =>
    here.broken ? never() : { outcome: "pass", because: "" };
  const observed = await experiment({ ...planIn(here), steady, lookMsMax: 5 });
  expect(observed.removedAtMs).toBeDefined();
  expect(judgeSurvival(observed, limits, now).outcome).toBe("unproven");
});

test("a look for the fault that never returns does not hold up its removal", async () => {
  const here = world();
  const observed = await experiment({ ...planIn(here, { felt: never }), lookMsMax: 5 });
  expect(here.broken).toBe(false);
  expect(judgeSurvival(observed, limits, now)).toMatchObject({ because: expect.stringContaining("not felt") });
});

test("the steady state is looked at while the fault is injected and removed", async () => {
  const here = world();
  const wait = async (): Promise<void> => {
    await here.clock.sleep(300);
    for (let turns = 0; turns < 200; turns += 1) await Promise.resolve();
  };
  const inject = async (): Promise<void> => {
    here.broken = true;
    await wait();
  };
  const observed = await experiment(planIn(here, { inject }));
  expect(observed.during.filter(({ atMs }) => atMs < (observed.injectedAtMs ?? 0)).length).toBeGreaterThan(0);
});

test("says each step as it is taken, in order", async () => {
  const here = world();
  const steps: string[] = [];
  await experiment({ ...planIn(here), say: (step) => steps.push(step) });
  expect(steps).toEqual([
    "steady before; switch-off is being injected",
    expect.stringMatching(/^felt; left in for \d+(\.\d+)? s$/),
    "switch-off is being removed",
    "switch-off is removed; waiting for the steady state",
    "steady again",
  ]);
});
