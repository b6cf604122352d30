import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { RoundTrips } from "../../probes/service-prober/round-trips.ts";
import { judgeDataService } from "./data-services.judge.ts";

type Trip = RoundTrips["trips"][number];
type Attempt = RoundTrips["refusals"][number];
type Kind = "refused-credentials" | "connection-refused" | "timeout" | "dns" | "service-error" | "other";

const now = new Date("2026-11-22T12:00:00.000Z");
const samplesMin = 3;
const well = (written: string): Trip => ({ written, read: [written], ms: 2 });
const back = (written: string, ...came: readonly string[]): Trip => ({ written, read: [...came], ms: 2 });
const failed = (written: string, kind: Kind): Trip => ({ written, failure: { kind, detail: `${kind} it was` } });
const refused: Attempt = {
  as: "a client without a password",
  failure: { kind: "refused-credentials", detail: "NOAUTH" },
};
const attempted = (kind: Kind): Attempt => ({ ...refused, failure: { kind, detail: `${kind} it was` } });
const letIn: Attempt = { as: "a client without a password", answered: "3 keys" };

function judged(trips: readonly Trip[], refusals: readonly Attempt[] = [refused]) {
  const value: RoundTrips = {
    target: "redis-health",
    kind: "redis",
    nonce: "n",
    at: now.toISOString(),
    trips: [...trips],
    refusals: [...refusals],
  };
  return judgeDataService("redis-health", read(value, "the prober", now), samplesMin);
}

test.each<readonly [string, readonly Trip[], Outcome, RegExp]>([
  [
    "each came back as it was",
    [well("a"), well("b"), well("c")],
    "pass",
    /returned all of 3 values unaltered and refused all of 1/,
  ],
  ["fewer than asked for", [well("a"), well("b")], "unproven", /2 round trips, where 3 are asked for/],
  ["none was taken", [], "unproven", /0 round trips, where 3/],
  ["one was lost", [well("a"), back("b"), well("c")], "fail", /^redis-health lost a value: nothing came back for 'b'$/],
  ["one came twice", [well("a"), back("b", "b", "b"), well("c")], "fail", /returned a value 2 times: 'b'/],
  ["one was altered", [well("a"), well("b"), back("c", "d")], "fail", /altered a value: 'c' came back as 'd'/],
  ["a space was added", [well("a"), well("b"), back("c", "c ")], "fail", /altered a value/],
  [
    "one was refused by a service that knew us",
    [well("a"), failed("b", "service-error"), well("c")],
    "fail",
    /refused a value of a client it knows: service-error it was/,
  ],
  [
    "all were refused by a service that knew us",
    ["a", "b", "c"].map((one) => failed(one, "service-error")),
    "fail",
    /refused a value/,
  ],
  [
    "one had no answer, where others had",
    [well("a"), failed("b", "timeout"), well("c")],
    "fail",
    /lost a value that it should have kept: timeout/,
  ],
  [
    "one had no connection, where others had",
    [failed("a", "connection-refused"), well("b"), well("c")],
    "fail",
    /connection-refused/,
  ],
])("round trips: %s", (_, trips, outcome, because) => {
  expect(judged(trips)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each<Kind>(["refused-credentials", "connection-refused", "timeout", "dns", "other"])(
  "a service that gave no answer to anybody (%s) is unproven: neither lost nor refusing",
  (kind) => {
    const trips = ["a", "b", "c"].map((one) => failed(one, kind));
    const because = expect.stringMatching(
      new RegExp(`^redis-health gave no answer to a client that should have one: ${kind}`),
    );
    expect(judged(trips, [attempted(kind)])).toMatchObject({ outcome: "unproven", because });
    // Even where it refuses whom it should: so it would if it refused everybody.
    expect(judged(trips)).toMatchObject({ outcome: "unproven", because });
  },
);

const good = [well("a"), well("b"), well("c")];

test.each<readonly [string, readonly Attempt[], Outcome, RegExp]>([
  ["all refused", [refused, refused], "pass", /refused all of 2 clients/],
  ["one answered", [refused, letIn], "fail", /^redis-health answered a client without a password \(3 keys\)$/],
  ["one answered with nothing", [{ ...letIn, answered: "" }], "fail", /answered a client without a password/],
  ["nobody tried", [], "unproven", /nobody tried it without credentials/],
  [
    "one ended without an answer",
    [refused, attempted("timeout")],
    "unproven",
    /cannot be told whether a client without a password is refused: timeout/,
  ],
  ["one could not connect", [attempted("connection-refused")], "unproven", /connection-refused/],
  ["one ended in another error", [attempted("service-error")], "unproven", /service-error/],
  ["one answered and one untold", [letIn, attempted("other")], "fail", /answered a client/],
])("clients without credentials: %s", (_, refusals, outcome, because) => {
  expect(judged(good, refusals)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("a service that answers anybody fails, though it gives its own clients nothing", () => {
  const trips = ["a", "b", "c"].map((one) => failed(one, "timeout"));
  expect(judged(trips, [letIn]).outcome).toBe("fail");
});

test("a prober that does not answer is unproven, with its reason", () => {
  const silent = unread<RoundTrips>("POST /x: no answer within 45 s", "the API server", now);
  expect(judgeDataService("minio", silent, samplesMin)).toEqual({
    outcome: "unproven",
    because: "minio: POST /x: no answer within 45 s",
    evidence: [],
  });
});

test("the evidence counts the samples, and what was lost or answered", () => {
  const { evidence } = judged([well("a"), back("b"), { ...well("c"), ms: 41.5 }], [refused, letIn]);
  expect(evidence).toMatchObject([
    { what: "round trips lost or altered", value: 1, limit: "0 of 3", samples: 3 },
    { what: "requests without credentials that were answered", value: 1, limit: "0 of 2" },
    { what: "slowest round trip", value: 41.5, unit: "ms", samples: 3 },
  ]);
});

test("what a service says at length is cut short in the sentence", () => {
  expect(judged(good, [{ ...letIn, answered: "x".repeat(900) }]).because.length).toBeLessThan(200);
});
