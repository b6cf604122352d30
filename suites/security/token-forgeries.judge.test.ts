import { expect, test } from "vitest";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Met } from "../../probes/tokens/met.ts";
import { judgeTokens, type Tried } from "./token-forgeries.judge.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const source = "https://a.test/api";
const met = (status: number, backend?: string): Reading<Met> =>
  read({ status, ...(backend === undefined ? {} : { backend }) }, source, at);
const lost = unread<never>("no answer within 5 s", source, at);

const names = ["expired", "signed by a stranger"];
const places = [
  { service: "api", operation: "GET /records", wall: "gateway" },
  { service: "api", operation: "GET /records", wall: "service" },
] as const;
const letIn = met(200, "api");
const good: readonly Tried[] = places.map((place) => ({
  ...place,
  where: "127.0.0.1:443",
  before: letIn,
  forged: names.map((name) => ({ name, met: place.wall === "gateway" ? met(401) : met(401, "api") })),
  after: letIn,
}));
const needed = [read("tokens", source, at)];
const judge = (tried: readonly Tried[], had: readonly Reading<unknown>[] = needed) =>
  judgeTokens({ needed: had, tried }, { places, names });
/** One forgery answered otherwise at one wall. */
const answered = (wall: 0 | 1, reading: Reading<Met>) =>
  judge(
    good.map((one, index) =>
      index === wall ? { ...one, forged: one.forged.with(0, { name: "expired", met: reading }) } : one,
    ),
  );
const controlled = (wall: 0 | 1, change: Partial<Tried>) =>
  judge(good.map((one, index) => (index === wall ? { ...one, ...change } : one)));

test("refusals by both walls pass", () => {
  const verdict = judge(good);
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: expect.stringMatching(/^4 forged tokens were refused at 2 walls of 1 op/),
  });
  expect(verdict.evidence).toHaveLength(2);
});

test("the gateway may refuse an audience with 403, and a right token may meet 404", () => {
  expect(answered(0, met(403)).outcome).toBe("pass");
  expect(controlled(1, { before: met(404, "api"), after: met(400, "api") }).outcome).toBe("pass");
});

test.each<readonly [string, ReturnType<typeof judge>, RegExp]>([
  ["200 of the service", answered(1, met(200, "api")), /^api accepted a token expired at GET \/records$/],
  ["404 of the service", answered(1, met(404, "api")), /^api accepted a token expired/],
  ["403 of the service, which knows the role then", answered(1, met(403, "api")), /^api accepted a token expired/],
  ["the service's 401 at the gateway", answered(0, met(401, "api")), /^the gateway let through to api a token expired/],
  ["the service's 200 at the gateway", answered(0, met(200, "api")), /^the gateway let through to api a token expired/],
])("%s fails", (_, verdict, because) => {
  expect(verdict).toMatchObject({ outcome: "fail", because: expect.stringMatching(because) });
  expect(verdict.evidence[0]).toMatchObject({ value: 1, limit: "0" });
});

test("one sentence tells of all operations at once", () => {
  const [, first] = good;
  if (first === undefined) throw new Error("there is no first");
  const open = { ...first, forged: [{ name: "expired", met: letIn }] };
  const verdict = judge([...good, open, { ...open, operation: "POST /records" }]);
  expect(verdict.because).toBe("api accepted a token expired at GET /records and at 1 more");
});

test.each<readonly [string, ReturnType<typeof judge>, RegExp]>([
  ["no answer", answered(1, lost), /a token expired: no answer within 5 s/],
  ["a failing service", answered(1, met(503, "api")), /answered with 503 by api, .* that is no refusal/],
  ["a failing gateway", answered(0, met(503)), /answered with 503 by nobody known/],
  ["a 401 of nobody known behind the gateway", answered(1, met(401)), /answered with 401 by nobody known/],
  ["a 404 of the gateway", answered(0, met(404)), /answered with 404 by nobody known/],
  ["another service's answer", answered(1, met(200, "other")), /answered with 200 by other/],
  [
    "a control that was refused",
    controlled(1, { before: met(401, "api") }),
    /the right token was answered with 401 by api/,
  ],
  [
    "a control that nobody answered",
    controlled(0, { after: met(404) }),
    /the right token was answered with 404 by nobody/,
  ],
  ["a control without an answer", controlled(0, { after: lost }), /no answer within 5 s/],
  ["tokens that could not be made", judge(good, [lost]), /no answer within 5 s/],
  [
    "a wall that was not tried",
    judge(good.slice(1)),
    /2 of 2 forgeries were not tried at GET \/records of api, at the gateway/,
  ],
  [
    "a forgery that was not tried",
    controlled(1, { forged: [{ name: "expired", met: met(401, "api") }] }),
    /1 of 2 forgeries were not/,
  ],
  ["nothing", judge([]), /not tried/],
])("%s is unproven", (_, verdict, because) => {
  expect(verdict).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});
