import fc from "fast-check";
import { expect, test } from "vitest";
import type { LoadPlan } from "../../environments/load-plan.ts";
import type { LoadRun, Sample } from "./load-run.ts";
import { mergeRuns } from "./merge.ts";

const at = Date.parse("2026-11-22T12:00:00.000Z");
const iso = (ms: number): string => new Date(at + ms).toISOString();
const plan: LoadPlan = {
  usersFirst: 100,
  usersPlateau: 500,
  thinkSeconds: 10,
  rampSeconds: 60,
  plateauSeconds: 180,
  recoverySeconds: 60,
  generatorIdlePercentMin: 20,
};
const sample = (ms: number, durationMs = 10): Sample => ({
  atMs: at + ms,
  endpoint: "GET /x",
  durationMs,
  status: 200,
  expected: true,
});

const run = (changes: Partial<LoadRun> = {}): LoadRun => ({
  plan,
  startedAt: iso(0),
  plateauFrom: iso(61_000),
  plateauUntil: iso(241_000),
  endedAt: iso(251_000),
  exit: { code: 0, signal: null },
  samples: [sample(100)],
  users: [{ atMs: at + 70_100, users: 250 }],
  received: [{ atMs: at + 70_000, bytes: 1000 }],
  seconds: [{ atMs: at + 70_200, idlePercent: 60, generatorPercent: 20 }],
  told: { requests: 10, iterations: 3, dropped: 0, usersMax: 260 },
  clocks: [{ of: "the ingress", aheadMs: 1, tookMs: 2 }],
  gaps: [],
  source: "k6",
  ...changes,
});

test("one run alone stays what it is", () => {
  expect(mergeRuns([run()], "apart")).toEqual({
    ...run(),
    users: [{ atMs: at + 70_000, users: 250 }],
    seconds: [{ atMs: at + 70_000, idlePercent: 60, generatorPercent: 20 }],
    told: { ...run().told, usersMax: 250 },
  });
});

test("requests of all are put in their order, counts are summed, and the worst of the rest is taken", () => {
  const other = run({
    startedAt: iso(-500),
    plateauFrom: iso(62_000),
    plateauUntil: iso(240_500),
    endedAt: iso(260_000),
    exit: { code: 99, signal: null },
    samples: [sample(50, 900), sample(150)],
    users: [{ atMs: at + 70_900, users: 240 }],
    received: [
      { atMs: at + 70_000, bytes: 24 },
      { atMs: at + 71_000, bytes: 5 },
    ],
    seconds: [{ atMs: at + 70_900, idlePercent: 40, generatorPercent: 30 }],
    told: { requests: 5, iterations: 2, dropped: 1, usersMax: 250 },
    clocks: [{ of: "the ingress", aheadMs: -7, tookMs: 2 }],
    gaps: ["a clock did not answer"],
    source: "k6 in pod 2",
  });
  expect(mergeRuns([run(), other], "apart")).toEqual({
    plan,
    startedAt: iso(-500),
    plateauFrom: iso(62_000),
    plateauUntil: iso(240_500),
    endedAt: iso(260_000),
    exit: { code: 99, signal: null },
    samples: [sample(50, 900), sample(100), sample(150)],
    users: [{ atMs: at + 70_000, users: 490 }],
    received: [
      { atMs: at + 70_000, bytes: 1024 },
      { atMs: at + 71_000, bytes: 5 },
    ],
    seconds: [{ atMs: at + 70_000, idlePercent: 40, generatorPercent: 30 }],
    told: { requests: 15, iterations: 5, dropped: 1, usersMax: 490 },
    clocks: [
      { of: "the ingress", aheadMs: 1, tookMs: 2 },
      { of: "the ingress", aheadMs: -7, tookMs: 2 },
    ],
    gaps: ["a clock did not answer"],
    source: "k6; k6 in pod 2",
  });
});

test("on one machine the generators' shares add up", () => {
  expect(mergeRuns([run(), run()], "shared").seconds).toEqual([
    { atMs: at + 70_000, idlePercent: 60, generatorPercent: 40 },
  ]);
});

test("a second that one of them did not tell of is none", () => {
  const silent = run({ users: [{ atMs: at + 71_000, users: 250 }], seconds: [] });
  const merged = mergeRuns([run(), silent], "apart");
  expect(merged.users).toEqual([]);
  expect(merged.seconds).toEqual([]);
  expect(merged.told.usersMax).toBeUndefined();
});

test("users told twice in a second count once", () => {
  const twice = run({
    users: [
      { atMs: at + 70_000, users: 200 },
      { atMs: at + 70_999, users: 250 },
    ],
  });
  expect(mergeRuns([twice, run()], "apart").users).toEqual([{ atMs: at + 70_000, users: 500 }]);
});

test("what one of them did not tell, the whole does not", () => {
  const half = run({ told: { requests: 5, iterations: undefined, dropped: undefined, usersMax: undefined } });
  expect(mergeRuns([run(), half], "apart").told).toEqual({
    requests: 15,
    iterations: undefined,
    dropped: undefined,
    usersMax: undefined,
  });
});

test.each([
  [
    { code: 0, signal: null },
    { code: 99, signal: null },
    { code: 99, signal: null },
  ],
  [
    { code: 99, signal: null },
    { code: 107, signal: null },
    { code: 107, signal: null },
  ],
  [
    { code: null, signal: "SIGKILL" },
    { code: 107, signal: null },
    { code: null, signal: "SIGKILL" },
  ],
])("the worse of the ends %j and %j", (one, other, worse) => {
  expect(mergeRuns([run({ exit: one }), run({ exit: other })], "apart").exit).toEqual(worse);
  expect(mergeRuns([run({ exit: other }), run({ exit: one })], "apart").exit).toEqual(worse);
});

test("every reason to stop is told once", () => {
  const [interrupted, spent] = [run({ stopped: "interrupted" }), run({ stopped: "the budget is spent" })];
  expect(mergeRuns([interrupted, run(), interrupted, spent], "apart").stopped).toBe("interrupted; the budget is spent");
});

test("generators that began too far apart say so", () => {
  expect(mergeRuns([run(), run({ plateauFrom: iso(63_000) })], "apart").gaps).toEqual([]);
  expect(mergeRuns([run(), run({ plateauFrom: iso(63_001) })], "apart").gaps).toEqual([
    "the generators began 2 s apart",
  ]);
});

test("runs of different plans are no parts of one load", () => {
  const other = run({ plan: { ...plan, usersPlateau: 400 } });
  expect(() => mergeRuns([run(), other], "apart")).toThrow("different plans");
});

test("however a load is dealt out, its requests are those of one generator", () => {
  const dealt = fc.array(fc.tuple(fc.nat(100_000), fc.nat(3)), { maxLength: 60 });
  fc.assert(
    fc.property(dealt, (list) => {
      const whole = list.map(([ms], index) => ({ ...sample(ms), durationMs: index }));
      const [first, ...others] = [0, 1, 2, 3].map((part) =>
        run({ samples: whole.filter((_, index) => list[index]?.[1] === part) }),
      );
      const merged = mergeRuns([first ?? run(), ...others], "apart");
      const key = ({ atMs, durationMs }: Sample): string => `${atMs} ${durationMs}`;
      expect(merged.samples.map(key).toSorted()).toEqual(whole.map(key).toSorted());
      expect(merged.samples.every(({ atMs }, index) => atMs >= (merged.samples[index - 1]?.atMs ?? 0))).toBe(true);
    }),
  );
});
