import { describe, expect, test } from "vitest";
import type { SoakLook } from "../../harness/soak/lines.ts";
import { ended, gatewayPod, look, minuteOf, plan } from "../../harness/soak/soak-examples.ts";
import { judgeSoak, soFarOf } from "./soak-so-far.ts";

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
  expect(soFarOf(plan(), [], undefined)).toEqual({ gaps: 0 });
  const budget = { planned: 120, lost: 0, lostMax: 0, isBurned: false };
  expect(soFarOf(plan(), looksTo(59), undefined)).toEqual({ gaps: 0, budget });
  expect(soFarOf(plan(), looksTo(60), undefined)).toMatchObject({ hour: { number: 1, answers: 6000, gaps: [] } });
  expect(soFarOf(plan(), looksTo(60), undefined).lost).toBe(undefined);
  expect(soFarOf(plan(), looksTo(61), undefined)).toEqual({ gaps: 0, budget });
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
  const looks = looksTo(60).filter(({ minute }) => minute % 10 !== 5);
  const { lost, gaps } = soFarOf(plan(), looks, undefined);
  expect(lost).toBe(undefined);
  // Six minutes that nobody looked at, and the six before them, whose end nobody saw.
  expect(gaps).toBe(12);
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

describe("a soak that has ended", () => {
  const now = new Date("2026-11-22T12:01:00.000Z");
  const judged = (looks: readonly SoakLook[], cutoverAt?: string, ofSoak = plan()) => {
    const record = { plan: ofSoak, sessions: 1, looks, ended: ended("complete"), bytes: 0, sum: "" };
    return judgeSoak(record, { cutoverAt, source: "looks.jsonl", now });
  };

  test("is a pass where each hour of its own window holds, and tells what it rests on", () => {
    expect(judged(looksTo(120))).toMatchObject({
      outcome: "pass",
      because: "the 2 hours of the soak were watched minute by minute, each within its limits",
      evidence: expect.arrayContaining([
        expect.objectContaining({ value: 2, limit: "at least 2", samples: 120, source: "looks.jsonl" }),
      ]),
    });
  });

  test("of a part of an hour is judged as that part", () => {
    const short = plan({ until: minuteOf(11) });
    expect(judged(looksTo(11), undefined, short).outcome).toBe("pass");
    // 900 answers tell no p99.
    const shorter = plan({ until: minuteOf(9) });
    expect(judged(looksTo(9), undefined, shorter)).toMatchObject({
      outcome: "unproven",
      because: expect.stringMatching(/p99 is not known: 900 answers, at least 1000 are needed$/),
    });
  });

  test("is unproven with a minute that nobody watched, its last one too", () => {
    expect(judged(looksTo(120).filter(({ minute }) => minute !== 40))).toMatchObject({ outcome: "unproven" });
    expect(judged(looksTo(119))).toMatchObject({
      outcome: "unproven",
      because: expect.stringMatching(/1 of 60 minutes were not measured, .*nobody watched its end$/),
    });
  });

  test("fails where it was stopped, though hours are left", () => {
    const looks = looksTo(30).map((one) => (one.minute === 30 ? { ...one, ...unanswered } : one));
    expect(judged(looks)).toMatchObject({
      outcome: "fail",
      because: expect.stringMatching(/^1 of 120 minutes had no answer from outside, at most 0/),
    });
  });

  test("is judged from the cutover on", () => {
    const looks = looksTo(120).map((one) => (one.minute < 60 ? { ...one, ...unanswered } : one));
    expect(judged(looks).outcome).toBe("fail");
    expect(judged(looks, minuteOf(60)).outcome).toBe("pass");
  });
});
