/** A world of one switch, in which experiments are made. */
import type { ExperimentPlan, Fault } from "../harness/experiment.ts";
import type { JournalRecord, JournalStore } from "../harness/journal.ts";
import type { Clock } from "../harness/poll.ts";
import { read, unread, type Outcome } from "../harness/verdict.ts";

export const now = new Date("2026-01-01T00:00:00.000Z");

/** The fault turns the switch off, the steady state is that it is on. */
export function world(): {
  clock: Clock;
  broken: boolean;
  log: string[];
  records: JournalRecord[];
  journal: JournalStore;
} {
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

/** An experiment upon it. @param change of its fault. @param steady in place of what the switch says */
export function planIn(
  here: ReturnType<typeof world>,
  change: Partial<Fault> = {},
  steady?: () => Outcome,
): ExperimentPlan {
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
    lostMsMax: 10_000,
    clock: here.clock,
  };
}
