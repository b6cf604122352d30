import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { LoggedMessage } from "../../probes/dapr-prober/kafka.ts";
import { judgeRoundTrips, type RoundTrip } from "./kafka-round-trip.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const at = now.toISOString();
const refused = unread<never>("POST /x: 403, the harness has no right to read this", "the prober", now);
const first: LoggedMessage = { partition: 0, offset: "7", value: "a" };
const second: LoggedMessage = { partition: 1, offset: "3", value: "b" };
const produced = (acknowledged: readonly LoggedMessage[]) =>
  read({ at, topic: "reminders", acknowledged: [...acknowledged] }, "the broker", now);
const found = (messages: readonly LoggedMessage[], complete = true) =>
  read({ at, topic: "reminders", complete, messages: [...messages] }, "the broker", now);

function trip(changes: Partial<RoundTrip> = {}): RoundTrip {
  return {
    topic: "reminders",
    sent: ["a", "b"],
    produced: produced([first, second]),
    found: found([first, second]),
    ...changes,
  };
}

const wanted = { topics: ["reminders"], samplesMin: 2 };

test.each<readonly [string, Partial<RoundTrip>, Outcome, RegExp]>([
  ["all read back", {}, "pass", /^all 4 messages that the broker acknowledged were read back, on 1 topics$/],
  ["more in the log than was sent", { found: found([first, second, { ...second, offset: "4" }]) }, "pass", /all 4/],
  [
    "one lost",
    { found: found([first]) },
    "fail",
    /^a message to reminders\/1 at offset 3 was acknowledged and is lost$/,
  ],
  ["moved", { found: found([first, { ...second, offset: "4" }]) }, "fail", /lost/],
  ["altered", { found: found([first, { ...second, value: "c" }]) }, "fail", /^a message .* is altered$/],
  ["one not taken", { produced: produced([first]) }, "unproven", /1 of 2 messages not acknowledged/],
  ["not sent", { produced: refused }, "unproven", /topic reminders: POST \/x: 403/],
  ["not read", { found: refused }, "unproven", /403/],
  ["not read to the end", { found: found([first], false) }, "unproven", /not read to its end/],
])("a round trip: %s", (_, changes, outcome, because) => {
  expect(judgeRoundTrips([trip(), trip(changes)], wanted)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("too few round trips, and a topic without one, are unproven", () => {
  expect(judgeRoundTrips([trip()], wanted).because).toMatch(/1 round trips, of which 2 must be seen/);
  expect(judgeRoundTrips([trip(), trip()], { ...wanted, topics: ["reminders", "other"] }).outcome).toBe("unproven");
  expect(judgeRoundTrips([], wanted).outcome).toBe("unproven");
  expect(judgeRoundTrips([], { topics: [], samplesMin: 2 }).outcome).toBe("unproven");
});
