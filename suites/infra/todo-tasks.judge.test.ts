import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import type { Task, TaskList } from "../../probes/todo/answers.ts";
import { judgeAdvancedFeatures, judgeBackendServing, type QuestionRound, type TaskLife } from "./todo-tasks.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const source = "https://todo.oke-proof.test/api/v1 as bob-a";
const done = <T>(value: T): Asked<T> => read({ kind: "done", value }, source, now);
const refused = (status: number): Asked<never> => read({ kind: "refused", status, said: "no" }, source, now);
const late: Asked<never> = unread("no answer within 5000 ms", source, now);

const task = (changes: Partial<Task> = {}): Task => ({
  id: "6cb05c3f-22bb-4570-ae54-017b30a43901",
  title: "first",
  status: "open",
  priority: "high",
  tags: ["oke-proof", "life"],
  createdAt: now.toISOString(),
  ...changes,
});

const life = (changes: Partial<TaskLife> = {}): TaskLife => ({
  address: "127.0.0.1:18443",
  sent: { title: "first", priority: "high", tags: ["life", "oke-proof"] },
  newTitle: "second",
  created: done(task()),
  found: done(task()),
  changed: done(task({ title: "second" })),
  foundChanged: done(task({ title: "second" })),
  removed: done(undefined),
  foundRemoved: refused(404),
  asNobody: refused(401),
  ...changes,
});

test.each<readonly [string, Partial<TaskLife>, Outcome, RegExp]>([
  ["as it must be", {}, "pass", /^3 tasks were created, returned, changed and deleted as asked/],
  ["refused", { created: refused(503) }, "fail", /^creating a task at 127.0.0.1:18443 was refused with 503 \(no\)$/],
  ["made with another title", { created: done(task({ title: "firs" })) }, "fail", /creating .* 'firs', not 'first'/],
  [
    "made with another priority",
    { created: done(task({ priority: "low" })) },
    "fail",
    /gave the priority low, not high/,
  ],
  ["made without its tags", { found: done(task({ tags: [] })) }, "fail", /gave the tags none, not life, oke-proof/],
  ["changed without effect", { foundChanged: done(task()) }, "fail", /returning the changed .* 'first', not 'second'/],
  ["not deleted", { removed: refused(404) }, "fail", /deleting a task .* refused with 404/],
  ["there after its end", { foundRemoved: done(task()) }, "fail", /the deleted task .* with 404, and came to done/],
  ["gone with another status", { foundRemoved: refused(500) }, "fail", /with 404, and came to 500/],
  ["shown to nobody", { asNobody: done({ tasks: [], total: 0 }) }, "fail", /without a token .* and came to done/],
  ["not read in time", { found: late }, "unproven", /^returning the created task .*: no answer within 5000 ms/],
  ["asked of a silent control", { asNobody: late }, "unproven", /without a token .*: no answer/],
  [
    "answered with something else",
    { found: read({ kind: "malformed", why: "x" }, source, now) },
    "fail",
    /something else: x/,
  ],
  [
    "not answered",
    { found: read({ kind: "unanswered", why: "reset" }, source, now) },
    "fail",
    /was not answered: reset/,
  ],
])("a task that is %s", (_, changes, outcome, because) => {
  const lives = read([life(), life(), life(changes)], source, now);
  expect(judgeBackendServing(lives, 3)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("serving: too few lives, and a sign-in that failed, are unproven; what was not tried is nobody's fault", () => {
  expect(judgeBackendServing(read([life(), life()], source, now), 3)).toMatchObject({ outcome: "unproven" });
  expect(judgeBackendServing(unread("sign-in: no", source, now), 3)).toMatchObject({ because: "sign-in: no" });
  const { found: _, changed: __, foundChanged: ___, removed: ____, foundRemoved: _____, ...begun } = life();
  const verdict = judgeBackendServing(read([life(), life(), { ...begun, created: late }], source, now), 3);
  expect(verdict).toMatchObject({ outcome: "unproven", because: expect.stringMatching(/^creating a task [^;]*$/) });
});

const ids = { ant: "6cb05c3f-22bb-4570-ae54-017b30a43901", bee: "6cb05c3f-22bb-4570-ae54-017b30a43902" };
const ant = task({ id: ids.ant });
const bee = task({ id: ids.bee });
const list = (tasks: readonly Task[], total = tasks.length): Asked<TaskList> => done({ tasks: [...tasks], total });
const round = (asked: Asked<TaskList>, changes: Partial<QuestionRound> = {}): QuestionRound => ({
  address: "127.0.0.1:18443",
  made: [
    { name: "ant", task: done(ant) },
    { name: "bee", task: done(bee) },
  ],
  questions: [{ feature: "ordering", wanted: ["ant", "bee"], asked }],
  ...changes,
});

test.each<readonly [string, QuestionRound, Outcome, RegExp]>([
  ["right", round(list([ant, bee])), "pass", /^2 questions .* were answered with the right tasks in 2 rounds/],
  ["in another order", round(list([bee, ant])), "fail", /^ordering at 127.0.0.1:18443 gave bee, ant, not ant, bee$/],
  ["short of one", round(list([ant])), "fail", /gave ant, not ant, bee/],
  ["empty", round(list([])), "fail", /gave no task, not ant, bee/],
  ["with a stranger", round(list([ant, task({ id: "other" })])), "fail", /gave ant, a task of somebody else, not/],
  ["counted wrongly", round(list([ant, bee], 3)), "fail", /counted 3 tasks, not 2/],
  ["refused", round(refused(400)), "fail", /ordering .* was refused with 400/],
  ["late", round(late), "unproven", /ordering .*: no answer/],
  ["not asked", round(late, { questions: [] }), "unproven", /fewer than 2 rounds/],
  [
    "about tasks that were not made",
    round(list([]), { made: [{ name: "ant", task: refused(500) }], questions: [] }),
    "fail",
    /making the task ant .* refused with 500/,
  ],
])("an answer that is %s", (_, changed, outcome, because) => {
  const verdict = judgeAdvancedFeatures(read([round(list([ant, bee])), changed], source, now), 2);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("a page is counted in all, and a failed sign-in is unproven", () => {
  const page = { feature: "paging", wanted: ["bee"], total: 2, asked: list([bee], 2) };
  expect(judgeAdvancedFeatures(read([round(late, { questions: [page] })], source, now), 1).outcome).toBe("pass");
  expect(judgeAdvancedFeatures(unread("no", source, now), 1).outcome).toBe("unproven");
});
