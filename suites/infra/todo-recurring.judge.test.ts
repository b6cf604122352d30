import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import type { Task } from "../../probes/todo/answers.ts";
import { judgeNextInstance, type Recurrence } from "./todo-recurring.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const source = "the todo backend";
const wanted = { recurrencesMin: 2, waitedSeconds: 20 };
const wantedDueAt = "2031-03-01T09:30:00.000Z";
const done = <T>(value: T): Asked<T> => read({ kind: "done", value }, source, now);
const late: Asked<never> = unread("no answer within 5000 ms", source, now);

const first: Task = {
  id: "6cb05c3f-22bb-4570-ae54-017b30a43901",
  title: "water",
  status: "done",
  priority: "normal",
  tags: [],
  createdAt: now.toISOString(),
  dueAt: "2031-02-28T09:30:00.000Z",
  recurring: "daily",
};
const next = (changes: Partial<Task> = {}): Task => ({
  ...first,
  id: "6cb05c3f-22bb-4570-ae54-017b30a43902",
  status: "open",
  dueAt: wantedDueAt,
  ...changes,
});
const { dueAt: _dueAt, ...undated } = next();

const recurrence = (listed: Recurrence["listed"], changes: Partial<Recurrence> = {}): Recurrence => ({
  rhythm: "daily",
  wantedDueAt,
  created: done(first),
  completed: done(first),
  reopened: done({ ...first, status: "open" }),
  completedAgain: done(first),
  ...(listed === undefined ? {} : { listed }),
  ...changes,
});
const listed = (...tasks: readonly Task[]) => done({ tasks: [first, ...tasks], total: tasks.length + 1 });

test.each<readonly [string, Recurrence, Outcome, RegExp]>([
  ["followed by the next one", recurrence(listed(next())), "pass", /^daily, daily: each made one next task/],
  ["followed by none", recurrence(listed()), "fail", /^the daily task has no next one 20 s after it was completed$/],
  ["followed by two", recurrence(listed(next(), next({ id: "other" }))), "fail", /has 2 next ones/],
  [
    "followed a day late",
    recurrence(listed(next({ dueAt: "2031-03-02T09:30:00.000Z" }))),
    "fail",
    /due next at 2031-03-02T09:30:00.000Z, not 2031-03-01T09:30:00.000Z/,
  ],
  [
    "followed a millisecond late",
    recurrence(listed(next({ dueAt: "2031-03-01T09:30:00.001Z" }))),
    "fail",
    /00.001Z, not/,
  ],
  ["followed without a date", recurrence(listed(undated)), "fail", /due next at no time/],
  ["followed by one that is done", recurrence(listed(next({ status: "done" }))), "fail", /a next one that is done/],
  ["followed by one that recurs otherwise", recurrence(listed(next({ recurring: "weekly" }))), "fail", /recurs weekly/],
  [
    "refused",
    recurrence(undefined, { created: read({ kind: "refused", status: 400, said: "no" }, source, now) }),
    "fail",
    /creating a daily task was refused with 400/,
  ],
  [
    "not to be completed",
    recurrence(listed(next()), { completed: read({ kind: "refused", status: 500, said: "no" }, source, now) }),
    "fail",
    /completing a daily task was refused/,
  ],
  [
    "not to be taken up again",
    recurrence(listed(next()), { reopened: read({ kind: "refused", status: 409, said: "no" }, source, now) }),
    "fail",
    /taking up a daily task again was refused with 409/,
  ],
  ["done all the while", recurrence(listed(next()), { reopened: done(first) }), "fail", /again left it done$/],
  ["not seen taken up again", recurrence(listed(next()), { reopened: late }), "unproven", /again: no answer/],
  ["not read", recurrence(late), "unproven", /the daily task: no answer/],
  ["not seen to its end", recurrence(undefined), "unproven", /fewer than 2 recurring tasks/],
])("a recurring task that is %s", (_, one, outcome, because) => {
  const verdict = judgeNextInstance(read([recurrence(listed(next())), one], source, now), wanted);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("one recurring task of two, and a failed sign-in, are unproven", () => {
  expect(judgeNextInstance(read([recurrence(listed(next()))], source, now), wanted).outcome).toBe("unproven");
  expect(judgeNextInstance(unread("no", source, now), wanted).outcome).toBe("unproven");
});
