import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import { judgeTopics } from "./kafka-topics.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const at = now.toISOString();
const wanted = [
  { name: "reminders", partitions: 3 },
  { name: "task-events", partitions: 3 },
];
const refused = unread<never>("POST /x: 403, the harness has no right to read this", "the prober", now);
const topics = (found: readonly (readonly [string, number])[]) =>
  read({ at, topics: found.map(([name, partitions]) => ({ name, partitions })) }, "the broker", now);
const demand = (existsAfterwards: boolean) =>
  read({ at, topic: "oke-proof-1", answer: "unknown topic", existsAfterwards }, "the broker", now);
const both: readonly (readonly [string, number])[] = [
  ["reminders", 3],
  ["task-events", 3],
];

test.each<readonly [string, readonly (readonly [string, number])[], boolean, Outcome, RegExp]>([
  ["all there", both, false, "pass", /all 2 topics exist/],
  ["one more than declared", [...both, ["other", 1]], false, "pass", /all 2/],
  ["more partitions", [["reminders", 4], both[1] ?? ["", 0]], false, "pass", /all 2/],
  ["one partition short", [["reminders", 2], both[1] ?? ["", 0]], false, "fail", /^topic reminders has 2 of 3/],
  ["one missing", [["reminders", 3]], false, "fail", /^topic task-events does not exist$/],
  ["none", [], false, "fail", /reminders does not exist; topic task-events/],
  ["made on demand", both, true, "fail", /^the broker made the topic oke-proof-1 on demand$/],
])("topics: %s", (_, found, made, outcome, because) => {
  expect(judgeTopics({ topics: topics(found), demand: demand(made) }, wanted)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test.each(["Cannot connect to any broker.", "described"])(
  "a broker that did not refuse the topic itself (%s)",
  (answer) => {
    const unheard = read({ at, topic: "oke-proof-1", answer, existsAfterwards: false }, "the broker", now);
    expect(judgeTopics({ topics: topics(both), demand: unheard }, wanted)).toMatchObject({
      outcome: "unproven",
      because: `whether the broker refuses oke-proof-1 cannot be told: ${answer}`,
    });
  },
);

test("what could not be asked is unproven, and so is a profile without topics", () => {
  expect(judgeTopics({ topics: refused, demand: demand(false) }, wanted).outcome).toBe("unproven");
  expect(judgeTopics({ topics: topics(both), demand: refused }, wanted).because).toMatch(/403/);
  expect(judgeTopics({ topics: topics([]), demand: demand(false) }, []).outcome).toBe("unproven");
});
