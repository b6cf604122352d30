import fc from "fast-check";
import { expect, test } from "vitest";
import { recordMsMax, roundsOf, startMsMax } from "./moments.ts";

const drills = ["pod-kill-one", "scale-in", "http-delay"];

test("the same seed gives the same rounds, another one others", () => {
  expect(roundsOf(7, 50, drills)).toEqual(roundsOf(7, 50, drills));
  expect(roundsOf(7, 50, drills)).not.toEqual(roundsOf(8, 50, drills));
});

test("fewer rounds are the first of more, but for the one with the API server", () => {
  const plain = (rounds: number) =>
    roundsOf(7, rounds, drills)
      .slice(0, 4)
      .map(({ drill }) => drill);
  expect(plain(8)).toEqual(plain(50));
});

test("whatever the seed: each moment lies in its bounds, every fifth is the dead man's, one has the API server restarting", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 120 }), (seed, rounds) => {
      const all = roundsOf(seed, rounds, drills);
      expect(all).toHaveLength(rounds);
      for (const [index, { drill, from, ms, alone }] of all.entries()) {
        expect(drills).toContain(drill);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(from === "record" ? recordMsMax : startMsMax);
        expect(alone).toBe((index + 1) % 5 === 0);
      }
      const restarting = all.filter(({ restartsApiServer }) => restartsApiServer);
      expect(restarting.map(({ alone, from }) => ({ alone, from }))).toEqual([{ alone: false, from: "record" }]);
      // What is undone by the dead man alone was recorded.
      expect(all.filter(({ alone, from }) => alone && from === "start")).toEqual([]);
    }),
  );
});

test("of 50 rounds every drill has its turn, and some kills come before the record", () => {
  for (const seed of [1, 20, 300]) {
    const all = roundsOf(seed, 50, drills);
    expect(new Set(all.map(({ drill }) => drill)).size).toBe(drills.length);
    expect(all.filter(({ from }) => from === "start").length).toBeGreaterThan(3);
  }
});

test("without a drill there is nothing to pick", () => {
  expect(() => roundsOf(1, 1, [])).toThrow("there is no drill to pick");
});
