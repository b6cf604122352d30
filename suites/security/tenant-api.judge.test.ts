import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { Operation } from "../../probes/openapi/document.ts";
import type { Answered } from "../../probes/tenants/people.ts";
import { judgeTenantApi } from "./tenant-api.judge.ts";
import type { Matrix, Trial } from "./tenant-matrix.judge.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const answer = (status: number, body = ""): Answered => read({ status, body, headers: {}, bodyCut: false }, "api", at);
const get: Operation = {
  name: "GET /records/{id}",
  method: "GET",
  path: "/records/{id}",
  parameters: [],
  secured: true,
  answered: { headers: [] },
};
const trial = (foreign: Answered): Trial => ({
  operation: get.name,
  place: "id in the path",
  object: "bob-a's record",
  canaries: ["canary"],
  attacks: [
    {
      as: "bob-b",
      signedIn: true,
      how: "",
      foreign: { id: "1", answer: foreign },
      missing: { id: "2", answer: answer(404) },
    },
  ],
  before: [],
  attacked: [],
  used: [],
  byOwner: answer(200, "canary"),
});
const judge = (change: Partial<Matrix>) =>
  judgeTenantApi(
    { trials: [trial(answer(404))], intrusions: [], unasked: [], ...change },
    { operations: [get], file: "a.json" },
  );

test("a matrix in which all was refused passes, and counts its cells", () => {
  const verdict = judge({});
  expect(verdict).toMatchObject({ outcome: "pass", because: expect.stringMatching(/^1 requests for records/) });
  expect(verdict.evidence[0]).toMatchObject({
    value: 0,
    limit: "0 in 1 requests of 1 operations",
    file: "a.json",
  });
  expect(verdict.evidence[1]).toMatchObject({
    what: "GET /records/{id} (id in the path)",
    value: "1 requests refused",
  });
});

test.each<readonly [string, Partial<Matrix>, string, RegExp]>([
  ["one that shows", { trials: [trial(answer(200, "canary"))] }, "fail", /as bob-b showed bob-a's record/],
  ["one that is not answered", { trials: [trial(unread("late", "api", at))] }, "unproven", /late/],
  [
    "an operation that was not asked",
    { unasked: [{ operation: "PUT /x", why: "no type" }] },
    "unproven",
    /PUT \/x could not/,
  ],
  ["nothing", { trials: [] }, "unproven", /no operation names an object/],
  [
    "a fault beside a gap",
    { trials: [trial(answer(403))], unasked: [{ operation: "PUT /x", why: "" }] },
    "fail",
    /betrayed/,
  ],
])("a matrix with %s", (_, change, outcome, because) => {
  expect(judge(change)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});
