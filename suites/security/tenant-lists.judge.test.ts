import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import { judgeTenantLists, type Question, type Refusal } from "./tenant-lists.judge.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const question: Question = {
  operation: "GET /records",
  about: "of one kind",
  as: "bob-a",
  foreign: read([], "api", at),
  ids: ["1", "2"],
  total: 2,
  own: ["1", "2"],
  all: ["1", "2", "3"],
};
const refusal = (status: number): Refusal => ({
  operation: "GET /records",
  as: "nobody",
  answer: read({ status, body: "", headers: {}, bodyCut: false }, "api", at),
  leaked: false,
});
const judge = (questions: readonly Question[], refusals: readonly Refusal[] = [refusal(401)]) =>
  judgeTenantLists({ questions, refusals, unasked: [] }, { what: "records", file: "a.json" });
const { ids: _ids, ...totalOnly } = question;
const { all: _all, ...open } = question;

test.each<readonly [string, Question]>([
  ["the own", question],
  ["a colleague's too, which is the role's affair", { ...question, ids: ["1", "2", "3"], total: 3 }],
  ["a total alone", { ...totalOnly, total: 3 }],
  ["everything there is", { ...open, ids: ["1", "2", "9"], total: 3 }],
])("an answer of %s passes", (name, one) => {
  expect([name, judge([one])]).toMatchObject([
    name,
    { outcome: "pass", because: expect.stringMatching(/^1 answers of 1/) },
  ]);
});

test.each<readonly [string, Question, RegExp]>([
  [
    "another tenant's",
    { ...question, foreign: read(["clinic-b", "clinic-b"], "api", at) },
    /as bob-a shows 2 records of clinic-b/,
  ],
  ["what nobody made", { ...question, ids: ["1", "2", "8"] }, /shows records that are not the asker's/],
  ["one counted too many", { ...question, total: 3 }, /tells a total of 3, where there are 2, and shows 2/],
  ["one counted beyond the tenant's", { ...totalOnly, total: 4 }, /tells a total of 4, where there are 3$/],
  ["one counted and not shown", { ...open, total: 3 }, /tells a total of 3, where there are 2/],
])("an answer with %s fails", (_, one, because) => {
  expect(judge([question, one])).toMatchObject({ outcome: "fail", because: expect.stringMatching(because) });
});

test.each<readonly [string, Question, RegExp]>([
  ["that did not come", { ...question, foreign: unread("late", "api", at) }, /late/],
  ["without one of the own", { ...question, ids: ["1"], total: 1 }, /does not show 1 of the asker's own/],
  ["with a total that is too low", { ...totalOnly, total: 1 }, /tells a total of 1, where there are 2/],
  [
    "that tells nothing",
    { operation: "GET /x", about: "", as: "bob-a", foreign: read([], "api", at), own: [] },
    /tells nothing/,
  ],
])("an answer %s is unproven", (_, one, because) => {
  expect(judge([question, one])).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});

test("nobody is refused with 401, and shown nothing; an operation that was not asked is named", () => {
  expect(judge([question], [refusal(403)]).outcome).toBe("pass");
  expect(judge([question], [refusal(200)])).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("with 200"),
  });
  expect(judge([question], [{ ...refusal(401), leaked: true }]).outcome).toBe("fail");
  expect(judge([question], [refusal(503)]).outcome).toBe("unproven");
  expect(judge([]).outcome).toBe("unproven");
  const unasked = [{ operation: "GET /y", why: "it takes no kind" }];
  expect(
    judgeTenantLists({ questions: [question], refusals: [], unasked }, { what: "records", file: "" }),
  ).toMatchObject({
    outcome: "unproven",
    because: "GET /y could not be asked: it takes no kind",
  });
});
