import fc from "fast-check";
import { expect, test } from "vitest";
import type { LoadPlan } from "../../../environments/load-plan.ts";
import { arrivalsOf, usersAt, visit, type Arrivals } from "../../../fixtures/load/arrivals.ts";
import { isMarked, tagIn, tagOf } from "../../../harness/mark.ts";
import { markDigits, requestTimes, staySeconds, turnOf } from "./visit.ts";

const plan: LoadPlan = {
  usersFirst: 100,
  usersPlateau: 500,
  thinkSeconds: 20,
  rampSeconds: 60,
  plateauSeconds: 180,
  recoverySeconds: 60,
  generatorIdlePercentMin: 20,
};

/** When k6 begins its visits: one each time that the area below the rate has grown by one (ramping-arrival-rate, steps only). */
function visitTimes({ stages, startRate }: Arrivals): number[] {
  const times: number[] = [];
  let [rate, at, area] = [startRate / 3600, 0, 0];
  for (const { duration, target } of stages) {
    const seconds = duration.endsWith("ms") ? Number(duration.slice(0, -2)) / 1000 : Number(duration.slice(0, -1));
    rate = target / 3600;
    for (let next = times.length + 1; next <= area + rate * seconds; next += 1) times.push(at + (next - area) / rate);
    at += seconds;
    area += rate * seconds;
  }
  return times;
}

const stayOf = ({ thinkSeconds }: LoadPlan) => ({ meanSeconds: visit.requests * thinkSeconds, spread: visit.spread });

function visitsOf(
  given: LoadPlan,
): { readonly from: number; readonly until: number; readonly requests: readonly number[] }[] {
  // The same dice for every test: a simulation that fails now and then proves nothing.
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  return visitTimes(arrivalsOf(given)).map((from, index) => {
    const seconds = staySeconds(index, stayOf(given));
    const requests = requestTimes(visit.requests, seconds, random).map((after) => from + after);
    return { from, until: from + seconds, requests };
  });
}

const plans: readonly (readonly [string, LoadPlan])[] = [
  ["a stay longer than the ramp", plan],
  ["stays shorter than the ramp", { ...plan, thinkSeconds: 5 }],
  ["short stays", { ...plan, thinkSeconds: 1 }],
  ["a long plateau", { ...plan, thinkSeconds: 10, rampSeconds: 120, plateauSeconds: 600 }],
  ["a ramp of one second", { ...plan, rampSeconds: 1 }],
  ["few users", { ...plan, usersFirst: 10, usersPlateau: 50 }],
  ["no growth", { ...plan, usersFirst: 500 }],
];

test.each(plans)("as many users as planned are there at once, on the ramp and on the plateau: %s", (_, given) => {
  const visits = visitsOf(given);
  const there = (at: number): number => visits.filter(({ from, until }) => from <= at && at < until).length;
  const { rampSeconds, plateauSeconds, usersPlateau } = given;
  for (let at = rampSeconds; at < rampSeconds + plateauSeconds; at += 1) {
    expect(there(at)).toBeGreaterThanOrEqual(usersPlateau);
    expect(there(at)).toBeLessThanOrEqual(usersPlateau * 1.05 + 5);
    expect(there(at)).toBeLessThan(arrivalsOf(given).users);
  }
  for (let at = rampSeconds / 10; at < rampSeconds; at += rampSeconds / 20) {
    expect(Math.abs(there(at) - usersAt(given, at))).toBeLessThan(usersPlateau * 0.03 + 3);
  }
});

test.each(plans)("each user asks once in the time that is planned between two requests: %s", (_, given) => {
  const { rampSeconds, plateauSeconds, usersPlateau, thinkSeconds } = given;
  const onPlateau = visitsOf(given).flatMap(({ requests }) =>
    requests.filter((at) => at >= rampSeconds && at < rampSeconds + plateauSeconds),
  );
  const asked = (usersPlateau / thinkSeconds) * plateauSeconds;
  expect(onPlateau.length / asked).toBeGreaterThan(0.97);
  expect(onPlateau.length / asked).toBeLessThan(1.1);
});

test("nobody arrives after the plateau, and stays are never longer than one and a half of the mean", () => {
  const visits = visitsOf(plan);
  expect(Math.max(...visits.map(({ from }) => from))).toBeLessThanOrEqual(240);
  expect(Math.max(...visits.map(({ from, until }) => until - from))).toBeLessThanOrEqual(120);
  expect(Math.min(...visits.map(({ from, until }) => until - from))).toBeGreaterThanOrEqual(40);
});

test("requests lie within the stay, in their order", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true })),
      (count, dice) => {
        const times = requestTimes(count, 80, () => dice.next().value ?? 0);
        expect(times).toHaveLength(count);
        expect(times.every((time, index) => time >= (times[index - 1] ?? 0) && time <= 80)).toBe(true);
      },
    ),
  );
});

test("marks are those of the harness", () => {
  const tag = tagOf("run-1");
  for (const random of [() => 0, () => 0.999_999, Math.random]) {
    for (const mark of [`oke-proof-${markDigits(tag, random)}`, `oke-proof ${markDigits(tag, random)}`]) {
      expect(isMarked(mark)).toBe(true);
      expect(tagIn(mark)).toBe(tag);
    }
  }
});

test("visitors take turns, and not in an empty list", () => {
  expect([0, 1, 2, 3].map((index) => turnOf(["a", "b"], index))).toEqual(["a", "b", "a", "b"]);
  expect(() => turnOf([], 0)).toThrow("is empty");
});
