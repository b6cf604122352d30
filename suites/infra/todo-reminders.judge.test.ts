import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import type { Notification, Task } from "../../probes/todo/answers.ts";
import { judgeDelivered, judgeReminderFlow, type Flow, type Reminded } from "./todo-reminders.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const source = "the todo backend";
const done = <T>(value: T): Asked<T> => read({ kind: "done", value }, source, now);
const refused: Asked<never> = read({ kind: "refused", status: 503, said: "no" }, source, now);
const late: Asked<never> = unread("no answer within 5000 ms", source, now);

const task = (id: string): Asked<Task> =>
  done({
    id,
    title: `title of ${id}`,
    status: "open",
    priority: "normal",
    tags: [],
    createdAt: now.toISOString(),
    remindAt: now.toISOString(),
  });
const notification = (taskId: string, changes: Partial<Notification> = {}): Notification => ({
  id: `${taskId}.1`,
  taskId,
  title: `title of ${taskId}`,
  remindAt: now.toISOString(),
  deliveredAt: now.toISOString(),
  ...changes,
});

const reminded: readonly Reminded[] = [
  { fate: "due", task: task("a") },
  { fate: "due", task: task("b") },
  { fate: "withdrawn", task: task("c"), changed: task("c") },
  { fate: "later", task: task("d") },
];
const delivered = [notification("a"), notification("b")];
const wanted = { dueMin: 2, watchedSeconds: 35 };

test.each<readonly [string, readonly Notification[], Outcome, RegExp]>([
  ["once each", delivered, "pass", /^2 due reminders were delivered, each once, and none of the 2/],
  ["among others'", [...delivered, notification("x")], "pass", /^2 due/],
  ["but for one", [notification("a")], "fail", /a reminder was not delivered within 35 s/],
  [
    "one of them twice",
    [...delivered, notification("b", { id: "b.1.again" })],
    "fail",
    /a reminder was delivered 2 times/,
  ],
  ["with another title", [notification("a", { title: "?" }), notification("b")], "fail", /says '\?', not 'title of a'/],
  ["with one that was taken back", [...delivered, notification("c")], "fail", /that was taken back was delivered/],
  ["with one that is not due", [...delivered, notification("d")], "fail", /delivered before its time/],
])("reminders delivered %s", (_, notifications, outcome, because) => {
  const verdict = judgeDelivered(
    read({ reminded, inbox: done({ notifications: [...notifications] }) }, source, now),
    wanted,
  );
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each<readonly [string, readonly Reminded[], Asked<{ notifications: Notification[] }>, Outcome, RegExp]>([
  ["notifications that are refused", reminded, refused, "fail", /the notifications was refused with 503/],
  ["notifications that are late", reminded, late, "unproven", /the notifications: no answer/],
  [
    "a task that is refused",
    [{ fate: "due", task: refused }, ...reminded],
    done({ notifications: delivered }),
    "fail",
    /creating a task with a reminder \(due\) was refused/,
  ],
  [
    "a withdrawal that is refused",
    [...reminded, { fate: "withdrawn", task: task("e"), changed: refused }],
    done({ notifications: delivered }),
    "fail",
    /taking a reminder back was refused/,
  ],
  [
    "one due reminder of two",
    reminded.slice(1),
    done({ notifications: delivered }),
    "unproven",
    /1 due reminders, not 2/,
  ],
  ["no control", reminded.slice(0, 2), done({ notifications: delivered }), "unproven", /2 due reminders/],
])("%s", (_, those, inbox, outcome, because) => {
  expect(judgeDelivered(read({ reminded: those, inbox }, source, now), wanted)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

const yes: Reading<boolean> = read(true, "the log", now);
const no: Reading<boolean> = read(false, "the log", now);
const unreadLog: Reading<boolean> = unread("the log was not read", "the log", now);
const flow = (changes: Partial<Flow> = {}): Flow => ({
  task: task("a"),
  eventLogged: yes,
  reminderLogged: yes,
  notifiedAfterSeconds: 3,
  lastLook: done({ notifications: [] }),
  ...changes,
});
const limits = { flowsMin: 2, lagSecondsMax: 30 };
const { notifiedAfterSeconds: _seconds, ...unnoticed } = flow();

test.each<readonly [string, Flow, Outcome, RegExp]>([
  ["at every station", flow(), "pass", /^2 tasks were seen as event, as reminder and as notification, the last 3.0 s/],
  ["at the limit", flow({ notifiedAfterSeconds: 30 }), "pass", /the last 30.0 s/],
  ["just too late", flow({ notifiedAfterSeconds: 30.1 }), "fail", /found it 30.1 s after it was due \(at most 30 s\)/],
  ["a little early", flow({ notifiedAfterSeconds: -2 }), "pass", /the last 3.0 s/],
  ["too early", flow({ notifiedAfterSeconds: -2.1 }), "fail", /found it 2.1 s before it was due/],
  ["without its notification", unnoticed, "fail", /notification of task 2 found none within 30 s of being due/],
  [
    "without its event",
    flow({ eventLogged: no }),
    "fail",
    /^task 2: the event that it was created is not in the topic task-events$/,
  ],
  ["without its reminder", flow({ reminderLogged: no }), "fail", /reminder is set is not in the topic reminders/],
  ["in a log that was not read", flow({ eventLogged: unreadLog }), "unproven", /task 2: .* the log was not read/],
  ["by a silent backend", { ...unnoticed, lastLook: late }, "unproven", /notification of task 2: no answer/],
  ["at no station", { task: task("a") }, "unproven", /^task 2 was not looked for at every station$/],
  ["nowhere", { task: refused }, "fail", /creating task 2 was refused with 503/],
])("a task that is seen %s", (_, one, outcome, because) => {
  const verdict = judgeReminderFlow(read([flow(), one], source, now), limits);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("one flow of two, and a failed sign-in, are unproven", () => {
  expect(judgeReminderFlow(read([flow()], source, now), limits).outcome).toBe("unproven");
  expect(judgeReminderFlow(unread("no", source, now), limits).outcome).toBe("unproven");
});
