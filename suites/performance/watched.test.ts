import { expect, test } from "vitest";
import type { FoundSoak } from "../../harness/soak/find.ts";
import { look, minuteOf, plan } from "../../harness/soak/soak-examples.ts";
import type { SoakPlan } from "../../harness/soak/lines.ts";
import { read, unread } from "../../harness/verdict.ts";
import { watchedOf, watchedSince } from "./watched.ts";

const now = new Date(minuteOf(200));
const looks = Array.from({ length: 121 }, (_, minute) => look(minute));
const record = (changes: Partial<SoakPlan> = {}) => ({ plan: plan(changes), sessions: 1, looks, bytes: 0, sum: "" });

function found(changes: Partial<SoakPlan> = {}): FoundSoak {
  return { file: "looks.jsonl", record: read(record(changes), "looks.jsonl", now) };
}

const since = (from: string, minutes: number, soaks: readonly FoundSoak[] = [found()]) =>
  watchedSince(soaks, { clusterUid: "uid-1", from: new Date(from), minutes, now });

test("what was watched of a window is its hours, and the minutes without an answer against its own length", () => {
  const unanswered = { ingress: { state: "unanswered" as const, because: "503" } };
  const bad = { ...record(), looks: looks.map((one) => (one.minute < 3 ? { ...one, ...unanswered } : one)) };
  expect(watchedOf(bad, { from: new Date(minuteOf(1)), minutes: 119 })).toMatchObject({
    soak: "soak-1",
    from: minuteOf(1),
    until: minuteOf(120),
    hours: [{ minutes: 60 }, { minutes: 59 }],
    unanswered: { planned: 119, lost: 2, lostMax: 0, isBurned: true },
  });
});

test.each<readonly [string, string, number, boolean]>([
  ["its whole window", minuteOf(0), 120, true],
  ["an instant within its first minute", "2026-11-22T10:00:59.999Z", 120, true],
  ["an instant before it", "2026-11-22T09:59:59.999Z", 60, false],
  ["a minute more than it has", minuteOf(1), 120, false],
  ["its end", minuteOf(60), 60, true],
])("a soak covers %s", (_, from, minutes, isCovered) => {
  expect(since(from, minutes).ok).toBe(isCovered);
});

test("every soak that covers the window counts, and none of another cluster", () => {
  const three = [found(), found({ id: "soak-2" }), found({ id: "soak-3", clusterUid: "uid-2" })];
  expect(since(minuteOf(0), 120, three)).toMatchObject({ ok: true, value: [{ soak: "soak-1" }, { soak: "soak-2" }] });
});

test("where none covers it the reason says how to begin one, and what could not be read", () => {
  const damaged = {
    file: "x",
    record: unread<never>("the soak's record x proves nothing: line 3 is damaged", "x", now),
  };
  expect(since(minuteOf(90), 2880, [damaged, found()])).toMatchObject({
    ok: false,
    why: "no soak of this cluster covers the 48 hours from 2026-11-22T11:30:00.000Z: begin 'validate --soak 49h' before the cutover; the soak's record x proves nothing: line 3 is damaged",
  });
});

test("a watch that looked at another pace is none of an hour's", () => {
  const until = new Date(Date.parse(minuteOf(0)) + 120 * 30_000).toISOString();
  expect(since(minuteOf(0), 60, [found({ everyMs: 30_000, until })]).ok).toBe(false);
});
