import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import { notificationsAnswer, taskAnswer, tasksAnswer } from "./answers.ts";
import { isLogged } from "./events.ts";

/** As the todo backend and the broker answered on the local cluster. */
const task = {
  id: "6cb05c3f-22bb-4570-ae54-017b30a43901",
  tags: ["home"],
  dueAt: "2027-01-31T08:00:00.000Z",
  title: "Water plants",
  nextId: "104a036a-0bf5-836e-8b0c-5c4f125ab938",
  status: "done",
  priority: "high",
  remindAt: "2026-11-22T04:44:56.000Z",
  revision: 2,
  createdAt: "2026-11-22T04:44:52.940Z",
  recurring: "monthly",
  updatedAt: "2026-11-22T04:44:53.467Z",
  completedAt: "2026-11-22T04:44:53.467Z",
};
const notification = {
  id: "6ffa7602-fccd-40a3-bfa9-f2da0a6b9dad.1",
  title: "Remind me",
  taskId: "6ffa7602-fccd-40a3-bfa9-f2da0a6b9dad",
  remindAt: "2026-11-22T04:44:57.000Z",
  signature: "BEK1boYSiOC4ru_yVgxRkyq7rW_mRWVri1y_gtphNqU",
  deliveredAt: "2026-11-22T04:44:58.042Z",
};

test("what the backend answers is read", () => {
  expect(tasksAnswer.parse({ tasks: [task], total: 1 }).tasks[0]).toMatchObject({ id: task.id, status: "done" });
  expect(notificationsAnswer.parse({ notifications: [notification] }).notifications[0]?.taskId).toBe(
    notification.taskId,
  );
});

test.each([{ id: 1 }, { title: undefined }, { status: "gone" }, { tags: "home" }, { createdAt: "today" }])(
  "a task with %j is no task",
  (bent) => {
    expect(taskAnswer.safeParse({ ...task, ...bent }).success).toBe(false);
  },
);

const now = new Date("2026-11-22T12:00:00.000Z");
const event = { type: "task.created", taskId: task.id };
const message = (value: string) => ({ partition: 0, offset: "7", value });
const log = (complete: boolean, ...values: readonly string[]) =>
  read({ at: now.toISOString(), topic: "task-events", complete, messages: values.map(message) }, "the log", now);
const envelope = (data: object): string => JSON.stringify({ specversion: "1.0", type: "com.dapr.event.sent", data });

test.each([
  ["the event", log(true, envelope({ ...event, task })), { ok: true, value: true }],
  ["another's event", log(true, envelope({ ...event, taskId: "other" })), { ok: true, value: false }],
  ["another event", log(true, envelope({ ...event, type: "task.deleted" })), { ok: true, value: false }],
  ["what is no event", log(true, "{", "1", "{}"), { ok: true, value: false }],
  ["the event, in a log that goes on", log(false, envelope(event)), { ok: true, value: true }],
  ["nothing yet of a log that goes on", log(false), { ok: false }],
  ["no log", unread<never>("no", "the log", now), { ok: false, why: "no" }],
])("%s", (_, found, expected) => {
  expect(isLogged(found, event)).toMatchObject(expected);
});
