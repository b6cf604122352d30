import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { Answered } from "../../probes/tenants/people.ts";
import type { Lists, Question } from "./tenant-lists.judge.ts";
import type { Matrix, Trial } from "./tenant-matrix.judge.ts";
import { judgeUserIsolation } from "./user-isolation-todo.judge.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const answer = (status: number, body = ""): Answered => read({ status, body, headers: {}, bodyCut: false }, "api", at);
const trial = (foreign: Answered): Trial => ({
  operation: "GET /api/v1/tasks/{id}",
  place: "id in the path",
  object: "bob-a's task",
  canaries: ["oke-proof 1"],
  attacks: [
    {
      as: "alice-a",
      signedIn: true,
      how: "",
      foreign: { id: "1", answer: foreign },
      missing: { id: "2", answer: answer(404) },
    },
  ],
  before: [],
  attacked: [],
  used: [],
  byOwner: answer(200, "oke-proof 1"),
});
const question: Question = {
  operation: "GET /api/v1/notifications",
  about: "of everything",
  as: "alice-a",
  foreign: read([], "api", at),
  ids: ["3"],
  own: ["3"],
};
const judge = (matrix: Partial<Matrix>, lists: Partial<Lists>) =>
  judgeUserIsolation(
    { trials: [trial(answer(404))], intrusions: [], unasked: [], ...matrix },
    { questions: [question], refusals: [], unasked: [], ...lists },
    "a.json",
  );

test("users who see nothing of each other pass, with every request counted", () => {
  expect(judge({}, {})).toMatchObject({
    outcome: "pass",
    evidence: expect.arrayContaining([expect.objectContaining({ value: 0, limit: "0 in 2 requests" })]),
  });
});

test.each<readonly [string, Partial<Matrix>, Partial<Lists>, RegExp]>([
  [
    "a task that is shown",
    { trials: [trial(answer(200, "oke-proof 1"))] },
    {},
    /GET \S+ \(id in the path\) as alice-a showed bob-a's task/,
  ],
  [
    "a notification of another",
    {},
    { questions: [{ ...question, foreign: read(["bob-a"], "api", at) }] },
    /notifications of everything as alice-a shows 1 tasks of bob-a/,
  ],
])("%s fails", (_, matrix, lists, because) => {
  expect(judge(matrix, lists)).toMatchObject({ outcome: "fail", because: expect.stringMatching(because) });
});

test.each<readonly [string, Partial<Matrix>, Partial<Lists>, RegExp]>([
  ["no operation with a task", { trials: [] }, {}, /no operation names a task/],
  ["no list", {}, { questions: [] }, /no operation answers with a list/],
  ["an own notification that is not shown", {}, { questions: [{ ...question, ids: [] }] }, /does not show 1/],
  ["a request without answer", { trials: [trial(unread("late", "api", at))] }, {}, /late/],
])("%s is unproven", (_, matrix, lists, because) => {
  expect(judge(matrix, lists)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});
