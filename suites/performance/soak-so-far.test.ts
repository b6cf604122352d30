import { expect, test } from "vitest";
import type { SoakLook } from "../../harness/soak/lines.ts";
import { gatewayPod, look, minuteOf, plan } from "../../harness/soak/soak-examples.ts";
import { soFarOf } from "./soak-so-far.ts";

/** Good looks up to a minute; from `bad` on one answer in a hundred is an error. */
function looksTo(minute: number, bad = Number.POSITIVE_INFINITY): readonly SoakLook[] {
  return Array.from({ length: minute + 1 }, (_, number) => {
    const errors = Math.max(0, number - bad);
    const pod = gatewayPod(number, { answers: { "2xx": 100 * number - errors, "5xx": errors } });
    return look(number, { traffic: { ok: true, pods: [pod], down: [] } });
  });
}

const unanswered: Partial<SoakLook> = { ingress: { state: "unanswered", because: "503" } };

test("an hour is told when the look after it has been made, and nothing is lost while all is well", () => {
  expect(soFarOf(plan(), [], undefined)).toEqual({});
  expect(soFarOf(plan(), looksTo(59), undefined)).toEqual({});
  expect(soFarOf(plan(), looksTo(60), undefined)).toMatchObject({ hour: { number: 1, answers: 6000, gaps: [] } });
  expect(soFarOf(plan(), looksTo(60), undefined).lost).toBe(undefined);
  expect(soFarOf(plan(), looksTo(61), undefined)).toEqual({});
});

test("an hour outside its limit loses the soak when it is over, and not before", () => {
  expect(soFarOf(plan(), looksTo(59, 0), undefined).lost).toBe(undefined);
  expect(soFarOf(plan(), looksTo(60, 0), undefined).lost).toMatch(/^hour 1 .*: 60 of 6000 answers were errors/);
});

test("minutes without an answer lose it at once, when there are more than the window may have", () => {
  // Of 400 minutes 0.5 % are 2.
  const longer = plan({ until: minuteOf(400) });
  const bad = (count: number): readonly SoakLook[] =>
    looksTo(20).map((one) => (one.minute < count ? { ...one, ...unanswered } : one));
  expect(soFarOf(longer, bad(2), undefined).lost).toBe(undefined);
  expect(soFarOf(longer, bad(3), undefined).lost).toMatch(/^3 of 400 minutes had no answer from outside, at most 2/);
});

test("gaps alone lose nothing: there may still be a fault to find", () => {
  const gaps = looksTo(60).filter(({ minute }) => minute % 10 !== 5);
  expect(soFarOf(plan(), gaps, undefined).lost).toBe(undefined);
});

test("hours are counted from the cutover, and what was before it is not judged", () => {
  // The first 30 minutes are bad, the cutover is after them.
  const looks = looksTo(90).map((one) => (one.minute < 30 ? { ...one, ...unanswered } : one));
  expect(soFarOf(plan(), looks, undefined).lost).toMatch(/^30 of 120 minutes/);
  expect(soFarOf(plan(), looks, minuteOf(30))).toMatchObject({ hour: { number: 1, from: minuteOf(30) } });
  expect(soFarOf(plan(), looks, minuteOf(30)).lost).toBe(undefined);
  expect(soFarOf(plan(), looksTo(90, 30), minuteOf(30)).lost).toMatch(
    /^hour 1 \(from 2026-11-22T10:30:00\.000Z\): 60 of 6000/,
  );
});

test.each(["2026-11-22T09:59:59.999Z", minuteOf(120)])("a cutover at %s is none of the window's", (cutoverAt) => {
  expect(soFarOf(plan(), looksTo(60), cutoverAt)).toMatchObject({ hour: { number: 1, from: minuteOf(0) } });
});
