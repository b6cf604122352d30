import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { Asked, Outcome } from "../../probes/http/outcome.ts";
import { judgeForgeries, type Tried } from "./webauthn-forgeries.judge.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const source = "https://a.test/auth/login/verify";
const asked = (outcome: Outcome<unknown>): Asked<unknown> => read(outcome, source, at);
const done = asked({ kind: "done", value: { token: "secret" } });
const refused = (status: number): Asked<unknown> => asked({ kind: "refused", status, said: "no" });
const lost = unread<never>("no answer within 5 s", source, at);

const names = ["another origin", "a foreign key"];
const good: readonly Tried[] = names.map((forgery) => ({ forgery, before: done, forged: refused(401), after: done }));
const judge = (change: Partial<Tried>) =>
  judgeForgeries(
    good.map((one, index) => (index === 1 ? { ...one, ...change } : one)),
    names,
  );

test("refusals between honest logins pass, and no token is among the facts", () => {
  const verdict = judgeForgeries(good, names);
  expect(verdict.outcome).toBe("pass");
  expect(verdict.evidence).toHaveLength(2);
  expect(JSON.stringify(verdict)).not.toContain("secret");
});

test.each([400, 403])("a refusal by %i is one", (status) => {
  expect(judge({ forged: refused(status) }).outcome).toBe("pass");
});

test.each<readonly [string, Partial<Tried>]>([
  ["a session", { forged: done }],
  ["the status of an accepted one", { forged: asked({ kind: "malformed", why: "token" }) }],
  ["a session, whatever became of the controls", { forged: done, before: lost, after: refused(401) }],
])("a forgery that is given %s fails", (_, change) => {
  const verdict = judge(change);
  expect(verdict).toMatchObject({ outcome: "fail", because: "a foreign key was accepted at login" });
  expect(verdict.evidence[0]).toMatchObject({ what: "a foreign key", value: "accepted", limit: "refused" });
});

test.each<readonly [string, Partial<Tried>, RegExp]>([
  ["no answer", { forged: lost }, /a foreign key: no answer within 5 s/],
  ["a server that fails", { forged: refused(503) }, /answered with 503 \(no\), which is no refusal/],
  ["a path that is not there", { forged: refused(404) }, /answered with 404/],
  ["no connection", { forged: asked({ kind: "unanswered", why: "refused" }) }, /a foreign key was unanswered/],
  ["a control that was refused before", { before: refused(401) }, /before a foreign key was refused with 401: no/],
  ["a control that was refused after", { after: refused(401) }, /after a foreign key was refused with 401/],
  ["a control without an answer", { after: lost }, /after a foreign key: no answer within 5 s/],
])("%s is unproven", (_, change, because) => {
  expect(judge(change)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});

test("what was not tried is unproven, and so is nothing", () => {
  expect(judgeForgeries(good.slice(1), names)).toMatchObject({
    outcome: "unproven",
    because: "another origin was not tried",
  });
  expect(judgeForgeries([], []).outcome).toBe("unproven");
});
