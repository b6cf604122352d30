/** Recurring tasks: completing one makes the next, on its date, once. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import type { Task, TaskList } from "../../probes/todo/answers.ts";
import { heldAgainst, together, type Findings } from "./todo-outcome.judge.ts";

/** One recurring task that was completed, taken up again and completed once more: two events, one next task. */
export type Recurrence = {
  readonly rhythm: string;
  readonly wantedDueAt: string;
  readonly created: Asked<Task>;
  /** Absent where the one before it failed. */
  readonly completed?: Asked<Task>;
  readonly reopened?: Asked<Task>;
  readonly completedAgain?: Asked<Task>;
  /** All tasks of this recurrence, some seconds after the next one came or the wait for it ended. */
  readonly listed?: Asked<TaskList>;
};

/** @param wanted.waitedSeconds how long the wait for the next task was at most */
export function judgeNextInstance(
  recurrences: Reading<readonly Recurrence[]>,
  wanted: { readonly recurrencesMin: number; readonly waitedSeconds: number },
): Verdict {
  if (!recurrences.ok) return unproven(recurrences.why);
  const { value, source, at } = recurrences;
  const findings = together(value.map((one) => findingsOf(one, wanted.waitedSeconds)));
  const enough =
    value.length >= wanted.recurrencesMin &&
    value.every(({ reopened, listed }) => reopened !== undefined && listed !== undefined);
  const tooFew = enough ? [] : [`fewer than ${wanted.recurrencesMin} recurring tasks were seen to their end`];
  return conclude({
    faults: findings.faults,
    gaps: [...findings.gaps, ...tooFew],
    facts: [
      {
        what: "next instances missing, doubled or with a wrong date",
        value: findings.faults.length,
        unit: "instances",
        limit: `0 of ${value.length}`,
        source,
        at,
        samples: value.length,
      },
    ],
    held: `${value.map(({ rhythm }) => rhythm).join(", ")}: each made one next task, on its date, though it was completed twice`,
  });
}

function findingsOf(one: Recurrence, waitedSeconds: number): Findings {
  const { rhythm, wantedDueAt } = one;
  return together([
    heldAgainst(`creating a ${rhythm} task`, one.created),
    heldAgainst(`completing a ${rhythm} task`, one.completed),
    // A task that is still done is not completed by being done: there would be one event only.
    heldAgainst(`taking up a ${rhythm} task again`, one.reopened, ({ status }) =>
      status === "open" ? undefined : `left it ${status}`,
    ),
    heldAgainst(`completing a ${rhythm} task again`, one.completedAgain),
    heldAgainst(`the ${rhythm} task`, one.listed, ({ tasks }) => {
      const first = one.created.ok && one.created.value.kind === "done" ? one.created.value.value.id : "";
      const next = tasks.filter(({ id }) => id !== first);
      if (next.length === 0) return `has no next one ${waitedSeconds} s after it was completed`;
      if (next.length > 1) return `has ${next.length} next ones`;
      const [{ dueAt, status, recurring } = { dueAt: "", status: "", recurring: "" }] = next;
      if (dueAt !== wantedDueAt) return `is due next at ${dueAt ?? "no time"}, not ${wantedDueAt}`;
      if (status !== "open") return `has a next one that is ${status}`;
      return recurring === rhythm ? undefined : `has a next one that recurs ${recurring ?? "never"}`;
    }),
  ]);
}
