import { expect, test } from "vitest";
import { ended, gatewayPod, look, minuteOf, plan } from "../../harness/soak/soak-examples.ts";
import { soFarOf } from "./soak-so-far.ts";
import { beginningWords, endWords, lengthWords, progressWords } from "./soak-words.ts";

const file = "reports/soak/soak-1/looks.jsonl";
const looksTo = (minute: number) => Array.from({ length: minute + 1 }, (_, number) => look(number));
const long = plan({ until: minuteOf(2880) });
const told = (ofSoak: typeof long, looks: ReturnType<typeof looksTo>): string[] =>
  progressWords(ofSoak, looks, soFarOf(ofSoak, looks, undefined));

test.each([
  [0, "0 min"],
  [5, "5 min"],
  [59, "59 min"],
  [60, "1 h"],
  [61, "1 h 1 min"],
  [2880, "48 h"],
])("%i minutes are %s", (minutes, words) => {
  expect(lengthWords(minutes)).toBe(words);
});

test("the first line says where, until when, what may be lost, and where the record is", () => {
  const now = new Date(minuteOf(0));
  expect(beginningWords(long, undefined, { now, budget: 14, file })).toBe(
    "soak of 48 h on oke-production begins: from 2026-11-22 10:00 UTC to 2026-11-24 10:00 UTC, at most 14 minutes without an answer; record: reports/soak/soak-1/looks.jsonl",
  );
});

test("going on says what is over, and what nobody watched of it", () => {
  const at = (minute: number, looks: number): string =>
    beginningWords(long, looksTo(looks - 1), { now: new Date(minuteOf(minute)), budget: 14, file });
  expect(at(192, 192)).toBe(
    "soak of 48 h on oke-production goes on until 2026-11-24 10:00 UTC: 3 h 12 min are over; at most 14 minutes without an answer; record: reports/soak/soak-1/looks.jsonl",
  );
  expect(at(192, 188)).toMatch(
    /3 h 12 min are over, nobody watched 4 of them and their hours cannot be proven any more; at most/,
  );
  // Interrupted before the first whole minute.
  expect(at(-1, 0)).toMatch(/goes on until .*: 0 min are over;/);
});

test("a long soak is told of every ten minutes, a short one of each", () => {
  expect(told(long, looksTo(10))).toEqual(["  10 min of 48 h: budget: 14 of 14 minutes without an answer left"]);
  expect(told(long, looksTo(11))).toEqual([]);
  expect(told(plan({ until: minuteOf(5) }), looksTo(3))).toEqual([
    "  3 min of 5 min: budget: 0 of 0 minutes without an answer left",
  ]);
  expect(told(long, [])).toEqual([]);
});

test("a minute without an answer, and one that could not be seen, are told at once", () => {
  const bad = (state: "unanswered" | "unseen") =>
    told(long, [...looksTo(10), look(11, { ingress: { state, because: "status 503" } })]);
  expect(bad("unanswered")).toEqual(["  minute 12: no answer from outside: status 503"]);
  expect(bad("unseen")).toEqual(["  minute 12: not seen from outside: status 503"]);
});

test("an hour is told when it is over, with what it leaves of the budget", () => {
  const looks = looksTo(60).map((one) =>
    one.minute === 7 ? { ...one, ingress: { state: "unanswered" as const, because: "503" } } : one,
  );
  expect(told(long, looks)).toEqual([
    "  hour 1 is over: 6000 answers, 0 errors, 1 minutes without an answer, 0 not measured",
    "  1 h of 48 h: budget: 13 of 14 minutes without an answer left",
  ]);
  expect(
    told(
      long,
      looksTo(60).filter(({ minute }) => minute !== 7),
    ).at(-1),
  ).toMatch(/left, 2 minutes not measured$/);
});

test("the look that only closes the counters tells nothing of a minute", () => {
  const short = plan({ until: minuteOf(5) });
  const last = look(5, {
    ingress: { state: "unseen", because: "no network" },
    traffic: { ok: true, pods: [gatewayPod(5)], down: [] },
  });
  expect(told(short, [...looksTo(4), last]).filter((line) => line.includes("minute 6"))).toEqual([]);
});

test("the last line says how it ended", () => {
  const looks = looksTo(191);
  expect(endWords(long, looksTo(2880), ended("complete"))).toBe("soak of 48 h is over: 2881 looks");
  expect(endWords(long, looks, ended("stopped"))).toBe(
    "soak of 48 h stopped after 3 h 12 min, nothing to come can mend it: as the test wants it",
  );
  expect(endWords(long, looks, ended("interrupted"))).toBe(
    "soak of 48 h interrupted after 3 h 12 min: as the test wants it",
  );
  expect(endWords(long, [], ended("interrupted"))).toMatch(/after 0 min/);
});
