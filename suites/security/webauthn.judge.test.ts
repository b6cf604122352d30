import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { Asked, Outcome } from "../../probes/http/outcome.ts";
import { judgeAuthentication, type Revoked, type Round, type Shown } from "./webauthn.judge.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const asked = (outcome: Outcome<unknown>): Asked<unknown> => read(outcome, "https://a.test/auth", at);
const done = asked({ kind: "done", value: {} });
const refused = (status: number): Asked<unknown> => asked({ kind: "refused", status, said: "no" });
const lost = unread<never>("no answer within 5 s", "https://a.test/auth", at);
const shown = (service: string, status: number, backend = service): Shown => ({
  service,
  met: read({ status, backend }, `https://${service}`, at),
});

const steps = ["the login of the tenant's admin", "the invitation", "the registration", "the login", "the logout"];
const revoked: Revoked = {
  refreshed: refused(401),
  refusals: ["health-api", "todo-backend"].map((service) => ({ ...shown(service, 401), seconds: 2.1 })),
  others: [shown("health-api", 200), shown("todo-backend", 200)],
};
const good: Round = {
  user: "oke-proof-1",
  steps: steps.map((step) => ({ step, asked: done })),
  accepted: [shown("health-api", 200), shown("todo-backend", 200)],
  revoked,
};
const limits = { samplesMin: 3, revokedWithinSeconds: 5 };
const judge = (change: Partial<Round>) => judgeAuthentication([good, good, { ...good, ...change }], limits);
const judgeRevoked = (change: Partial<Revoked>) => judge({ revoked: { ...revoked, ...change } });
const withStep = (outcome: Asked<unknown>) =>
  good.steps.map((one, index) => (index === 2 ? { ...one, asked: outcome } : one));

test("three users in a row pass, with the seconds of each refusal", () => {
  const verdict = judgeAuthentication([good, good, good], limits);
  expect(verdict.outcome).toBe("pass");
  expect(verdict.evidence).toContainEqual(
    expect.objectContaining({
      what: expect.stringMatching(/refusal of its token at health-api/),
      value: 2.1,
      unit: "s",
    }),
  );
});

test.each<readonly [string, ReturnType<typeof judge>, RegExp]>([
  [
    "a registration refused",
    judge({ steps: withStep(refused(401)) }),
    /^the registration was refused with 401 \(no\)$/,
  ],
  [
    "a registration answered with nonsense",
    judge({ steps: withStep(asked({ kind: "malformed", why: "token" })) }),
    /the registration was malformed: token/,
  ],
  [
    "a service that refuses a living session",
    judge({ accepted: [shown("health-api", 401), shown("todo-backend", 200)] }),
    /^health-api did not accept the token of a session that lives: 401 from health-api$/,
  ],
  [
    "another backend that accepts it",
    judge({ accepted: [shown("health-api", 200, "todo-backend")] }),
    /health-api did not accept .* 200 from todo-backend/,
  ],
  ["a renewal", judgeRevoked({ refreshed: done }), /^a revoked session was renewed$/],
  [
    "a token that is still accepted",
    judgeRevoked({ refusals: [{ ...shown("health-api", 200), seconds: 6 }] }),
    /^health-api accepts the token of a revoked session after 6\.0 s \(200\)$/,
  ],
  [
    "a token that is let in to nothing",
    judgeRevoked({ refusals: [{ ...shown("health-api", 404), seconds: 6 }] }),
    /health-api accepts the token of a revoked session after 6\.0 s \(404\)/,
  ],
  [
    "a refusal just too late",
    judgeRevoked({ refusals: [{ ...shown("health-api", 401), seconds: 5.01 }] }),
    /for more than 5 s: 5\.0 s/,
  ],
])("%s fails", (_, verdict, because) => {
  expect(verdict).toMatchObject({ outcome: "fail", because: expect.stringMatching(because) });
});

test("a refusal just in time passes", () => {
  expect(judgeRevoked({ refusals: [{ ...shown("health-api", 401), seconds: 5 }] }).outcome).toBe("pass");
});

test.each<readonly [string, ReturnType<typeof judge>, RegExp]>([
  ["two users", judgeAuthentication([good, good], limits), /2 users in a row, where 3 are asked for/],
  ["nobody", judgeAuthentication([], limits), /0 users in a row/],
  ["a step without an answer", judge({ steps: withStep(lost) }), /the registration: no answer within 5 s/],
  [
    "a session that nobody ended",
    judgeAuthentication([{ user: "x", steps: good.steps }], limits),
    /no session of x was/,
  ],
  ["an API that did not answer", judge({ accepted: [{ service: "a", met: lost }] }), /no answer within 5 s/],
  [
    "an API that fails",
    judge({ accepted: [shown("health-api", 503), shown("todo-backend", 200)] }),
    /health-api answered 503 to the token of a session that lives/,
  ],
  [
    "no answer to a revoked session",
    judgeRevoked({ refusals: [{ service: "a", met: lost, seconds: 1 }] }),
    /no answer/,
  ],
  [
    "a service that fails",
    judgeRevoked({ refusals: [{ ...shown("health-api", 503), seconds: 6 }] }),
    /health-api answered 503 to the token of a revoked session/,
  ],
  [
    "a service that refuses everybody",
    judgeRevoked({ others: [shown("health-api", 401), shown("todo-backend", 200)] }),
    /health-api refused another session too \(401\)/,
  ],
  [
    "no other session",
    judgeRevoked({ others: [shown("health-api", 200)] }),
    /no other session was shown to todo-backend/,
  ],
  ["a renewal without an answer", judgeRevoked({ refreshed: lost }), /no answer within 5 s/],
  [
    "a renewal that failed otherwise",
    judgeRevoked({ refreshed: refused(503) }),
    /was refused, and not refused with 401/,
  ],
])("%s is unproven", (_, verdict, because) => {
  expect(verdict).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});
