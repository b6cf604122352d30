import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import { judgeRoles, type RoleTry, type Roles } from "./roles.judge.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const yes = read(true, "api", at);
const no = read(false, "api", at);
const get = "GET /records/{id}";
const member: RoleTry = { operation: get, role: "member", user: "bob-a", own: yes, colleagues: no };
const admin: RoleTry = { operation: get, role: "admin", user: "alice-a", own: yes, colleagues: yes };
const may = { [get]: { member: "own", admin: "tenant" } } as const;
const judge = (change: Partial<Roles>, table: Parameters<typeof judgeRoles>[1] = may) =>
  judgeRoles({ tries: [member, admin], operations: [get], unasked: [], ...change }, table, "a.json");

test("roles that can what they may, and no more, pass", () => {
  expect(judge({})).toMatchObject({ outcome: "pass", because: expect.stringMatching(/^2 tries of 1 operations/) });
  const nothing = { [get]: { member: "none", admin: "tenant" } } as const;
  expect(judge({ tries: [{ ...member, own: no }, admin] }, nothing).outcome).toBe("pass");
});

test.each<readonly [string, RoleTry, string]>([
  [
    "more",
    { ...member, colleagues: yes },
    `bob-a (member) by ${get} reaches 'tenant', where 'own' is what the role may`,
  ],
  [
    "less",
    { ...admin, colleagues: no },
    `alice-a (admin) by ${get} reaches 'own', where 'tenant' is what the role may`,
  ],
  [
    "nothing",
    { ...admin, own: no, colleagues: no },
    `alice-a (admin) by ${get} reaches 'none', where 'tenant' is what the role may`,
  ],
  [
    "only what is another's",
    { ...member, own: no, colleagues: yes },
    `bob-a (member) by ${get} reaches a colleague's and not the own`,
  ],
])("a role that can do %s fails", (_, one, because) => {
  expect(judge({ tries: [member, admin, one] })).toMatchObject({ outcome: "fail", because });
});

test.each<readonly [string, Partial<Roles>, RegExp]>([
  [
    "an own object that was not read",
    { tries: [{ ...member, own: unread("late", "api", at) }] },
    /bob-a \(member\).*own object: late/,
  ],
  [
    "a colleague's that was not",
    { tries: [{ ...admin, colleagues: unread("503", "api", at) }] },
    /colleague's object: 503/,
  ],
  ["an operation without a row", { operations: [get, "PUT /x"] }, /of PUT \/x the profile does not say who may/],
  ["a row without an operation", { operations: [] }, /is no operation of the document/],
  ["an operation that was not tried", { tries: [] }, /was not tried/],
  [
    "an operation that could not be asked",
    { unasked: [{ operation: get, why: "no type" }] },
    /could not be asked: no type/,
  ],
])("%s is unproven", (_, change, because) => {
  expect(judge(change)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});
