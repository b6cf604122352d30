import { expect, test } from "vitest";
import { experiment, type ExperimentPlan, type Fault } from "./experiment.ts";
import type { JournalRecord, JournalStore } from "./journal.ts";
import type { Clock } from "./poll.ts";
import { judgeSurvival } from "./survival.judge.ts";
import { read, unread, type Outcome } from "./verdict.ts";

const now = new Date("2026-01-01T00:00:00.000Z");

/** A world of one switch: the fault turns it off, the steady state is that it is on. */
function world(): { clock: Clock; broken: boolean; log: string[]; records: JournalRecord[]; journal: JournalStore } {
  let elapsed = 0;
  const records: JournalRecord[] = [];
  const log: string[] = [];
  return {
    clock: {
      now: () => elapsed,
      sleep: async (ms) => {
        elapsed += ms;
      },
    },
    broken: false,
    log,
    records,
    journal: {
      name: "memory",
      write: async (record) => {
        log.push("journal written");
        records.push(record);
      },
      forget: async () => {
        log.push("journal forgotten");
        records.length = 0;
      },
      list: async () => read(records, "memory", now),
    },
  };
}

function planIn(here: ReturnType<typeof world>, change: Partial<Fault> = {}, steady?: () => Outcome): ExperimentPlan {
  const fault: Fault = {
    name: "switch-off",
    disturbance: "pod",
    targets: read(["Switch a"], "world", now),
    undo: { switch: "a" },
    inject: async () => {
      here.log.push("injected");
      here.broken = true;
    },
    felt: async () =>
      here.broken
        ? read({ what: "switch off", value: true, source: "world", at: now.toISOString() }, "world", now)
        : unread("still on", "world", now),
    remove: async () => {
      here.log.push("removed");
      here.broken = false;
    },
    ...change,
  };
  return {
    runId: "run-1",
    fault,
    steady: async () => ({ outcome: steady?.() ?? (here.broken ? "fail" : "pass"), because: "the switch" }),
    journals: [here.journal],
    observeMs: 1000,
    everyMs: 100,
    feltWithinMs: 500,
    recoverWithinMs: 2000,
    clock: here.clock,
  };
}

const limits = { lostMsMax: 1500, recoverMsMax: 1000 };

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
    because: expect.stringContaining("not felt"),
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
  const observed = await experiment({ ...planIn(here, {}, () => "pass"), observeMs: 2_000_000 });
  expect(observed.during).toHaveLength(10_000);
  expect(judgeSurvival(observed, limits, now)).toMatchObject({
    outcome: "unproven",
    because: expect.stringContaining("cut short"),
  });
});

test("an interruption removes the fault before it ends", async () => {
  const here = world();
  const observed = await experiment({ ...planIn(here), signal: AbortSignal.abort() });
  expect(here.broken).toBe(false);
  expect(observed.removedAtMs).toBeDefined();
  expect(judgeSurvival(observed, limits, now).outcome).toBe("unproven");
});
