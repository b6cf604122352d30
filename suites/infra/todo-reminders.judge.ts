/** Reminders: each one that is due is delivered, once and in time, and is seen at each station of its way. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import type { Notification, Task } from "../../probes/todo/answers.ts";
import { heldAgainst, together, type Findings } from "./todo-outcome.judge.ts";

type Inbox = { readonly notifications: readonly Notification[] };

/** A task with a reminder, and what is to become of it: `due` is delivered; `withdrawn` was taken back before its time, `later` has its time to come. */
export type Reminded = {
  readonly fate: "due" | "withdrawn" | "later";
  readonly task: Asked<Task>;
  readonly changed?: Asked<Task>;
};

/** The user's notifications when the watch ended, which went on after all that were due had come. */
export type Watched = { readonly reminded: readonly Reminded[]; readonly inbox: Asked<Inbox> };

/** @param wanted.dueMin how many due reminders there must have been; `watchedSeconds` how long the wait was at most */
export function judgeDelivered(
  watched: Reading<Watched>,
  wanted: { readonly dueMin: number; readonly watchedSeconds: number },
): Verdict {
  if (!watched.ok) return unproven(watched.why);
  const { reminded, inbox } = watched.value;
  const due = reminded.filter(({ fate }) => fate === "due");
  const controls = reminded.filter(({ fate }) => fate !== "due");
  const findings = together([
    ...reminded.map(({ fate, task }) => heldAgainst(`creating a task with a reminder (${fate})`, task)),
    ...reminded.map(({ changed }) => heldAgainst("taking a reminder back", changed)),
    heldAgainst("the notifications", inbox, ({ notifications }) => {
      const wrong = reminded.flatMap((one) => wrongDelivery(one, notifications, wanted.watchedSeconds));
      return wrong.length === 0 ? undefined : `are not as they must be: ${wrong.join("; ")}`;
    }),
  ]);
  const enough = due.length >= wanted.dueMin && controls.length > 0;
  return conclude({
    faults: findings.faults,
    gaps: enough ? findings.gaps : [...findings.gaps, `${due.length} due reminders, not ${wanted.dueMin}`],
    facts: [
      {
        what: "reminders lost or delivered twice",
        value: findings.faults.length,
        unit: "reminders",
        limit: `0 of ${due.length} due and ${controls.length} not due`,
        source: watched.source,
        at: watched.at,
        samples: due.length,
      },
    ],
    held: `${due.length} due reminders were delivered, each once, and none of the ${controls.length} that were not due`,
  });
}

function wrongDelivery({ fate, task }: Reminded, notifications: readonly Notification[], seconds: number): string[] {
  if (!task.ok || task.value.kind !== "done") return [];
  const { id, title, remindAt } = task.value.value;
  const found = notifications.filter(({ taskId }) => taskId === id);
  if (fate === "withdrawn") return found.length === 0 ? [] : ["a reminder that was taken back was delivered"];
  if (fate === "later")
    return found.length === 0 ? [] : [`a reminder for ${remindAt ?? ""} was delivered before its time`];
  if (found.length === 0) return [`a reminder was not delivered within ${seconds} s`];
  if (found.length > 1) return [`a reminder was delivered ${found.length} times`];
  return found[0]?.title === title ? [] : [`a reminder says '${found[0]?.title ?? ""}', not '${title}'`];
}

/** One task with a reminder, at each station. */
export type Flow = {
  readonly task: Asked<Task>;
  /** Whether the event that the task was created stands in the log of its topic, and the one that its reminder is set. */
  readonly eventLogged?: Reading<boolean>;
  readonly reminderLogged?: Reading<boolean>;
  /** Seconds from due to when its notification was first seen, by one clock; absent where it was not seen. */
  readonly notifiedAfterSeconds?: number;
  /** The last look at the notifications: what stands behind an absent one. Absent, like the others, only where the task could not be made. */
  readonly lastLook?: Asked<Inbox>;
};

/** A clock of the platform may run before ours by this much. */
const earlySecondsMax = 2;

/** @param limits.lagSecondsMax from due to notified */
export function judgeReminderFlow(
  flows: Reading<readonly Flow[]>,
  limits: { readonly flowsMin: number; readonly lagSecondsMax: number },
): Verdict {
  if (!flows.ok) return unproven(flows.why);
  const { value, source, at } = flows;
  const findings = together(
    value.map((flow, index) => findingsOfFlow(flow, `task ${index + 1}`, limits.lagSecondsMax)),
  );
  const lags = value.flatMap(({ notifiedAfterSeconds }) =>
    notifiedAfterSeconds === undefined ? [] : [notifiedAfterSeconds],
  );
  const enough = value.length >= limits.flowsMin;
  const longest = lags.length === 0 ? [] : [Math.max(...lags)];
  return conclude({
    faults: findings.faults,
    gaps: enough ? findings.gaps : [...findings.gaps, `${value.length} flows, not ${limits.flowsMin}`],
    facts: [
      {
        what: "tasks that lost their event, reminder or notification",
        value: findings.faults.length,
        unit: "tasks",
        limit: `0 of ${value.length}`,
        source,
        at,
        samples: value.length,
      },
      ...longest.map((seconds) => ({
        what: "longest time from due to notified",
        value: Math.round(seconds * 10) / 10,
        unit: "s",
        limit: `at most ${limits.lagSecondsMax}`,
        source,
        at,
        samples: lags.length,
      })),
    ],
    held: `${value.length} tasks were seen as event, as reminder and as notification, the last ${longest.map((seconds) => seconds.toFixed(1)).join("")} s after it was due`,
  });
}

function findingsOfFlow(flow: Flow, name: string, lagSecondsMax: number): Findings {
  const { task, eventLogged, reminderLogged, notifiedAfterSeconds, lastLook } = flow;
  const made = task.ok && task.value.kind === "done";
  const unasked = made && (eventLogged === undefined || reminderLogged === undefined || lastLook === undefined);
  return together([
    { faults: [], gaps: unasked ? [`${name} was not looked for at every station`] : [] },
    heldAgainst(`creating ${name}`, task),
    logged(`${name}: the event that it was created`, "task-events", eventLogged),
    logged(`${name}: the event that its reminder is set`, "reminders", reminderLogged),
    heldAgainst(`looking for the notification of ${name}`, lastLook, () => {
      if (notifiedAfterSeconds === undefined) return `found none within ${lagSecondsMax} s of being due`;
      if (notifiedAfterSeconds < -earlySecondsMax)
        return `found it ${(-notifiedAfterSeconds).toFixed(1)} s before it was due`;
      return notifiedAfterSeconds > lagSecondsMax
        ? `found it ${notifiedAfterSeconds.toFixed(1)} s after it was due (at most ${lagSecondsMax} s)`
        : undefined;
    }),
  ]);
}

function logged(what: string, topic: string, found: Reading<boolean> | undefined): Findings {
  if (found === undefined) return { faults: [], gaps: [] };
  if (!found.ok) return { faults: [], gaps: [`${what}: ${found.why}`] };
  return found.value ? { faults: [], gaps: [] } : { faults: [`${what} is not in the topic ${topic}`], gaps: [] };
}
