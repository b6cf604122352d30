import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Accepted, SurgeAnswer, SurgeRun } from "../../probes/load/surge-run.ts";
import { judgeOverload, type OverloadReadings, type SteadyLook } from "./overload.judge.ts";

const end = Date.parse("2026-11-22T12:00:30.000Z");
const now = new Date(end + 90_000);
const limits = { recoverySecondsMax: 60, latencyMsMax: 500, usualRatePerSecond: 50 };
const away = unread<never>("alice-a cannot sign in", "ingress", now);

const looks = (count: number, fromSeconds: number, changes: Partial<SteadyLook> = {}): SteadyLook[] =>
  Array.from({ length: count }, (_, index) => ({
    at: new Date(end + (fromSeconds + index) * 1000).toISOString(),
    right: true,
    durationMs: 30,
    ...changes,
  }));
const answer = (outcome: SurgeAnswer["outcome"], status: number, error?: string): SurgeAnswer => ({
  name: "POST /api/v1/records",
  atMs: 10,
  durationMs: 20,
  status,
  outcome,
  ...(error === undefined ? {} : { error }),
});
const accepted: readonly Accepted[] = Array.from({ length: 20 }, (_, value) => ({
  id: `id-${value}`,
  user: "alice-a",
  value,
}));
const many = (one: SurgeAnswer, count: number): SurgeAnswer[] => Array.from({ length: count }, () => one);
/** 2,000 answers in 20 s: 100 a second, twice what 500 users ask. */
const surge = (answers: readonly SurgeAnswer[], changes: Partial<SurgeRun> = {}): SurgeRun => ({
  ratePerSecond: 150,
  seconds: 20,
  startedAt: new Date(end - 20_000).toISOString(),
  endedAt: new Date(end).toISOString(),
  answers,
  accepted,
  dropped: 0,
  source: "surge",
  ...changes,
});
const usual = [...many(answer("right", 201), 1_000), ...many(answer("refused", 503), 1_000)];
const found = accepted.map((write) => ({ write, found: true }));
const readings = (run: SurgeRun = surge(usual), changes: Partial<OverloadReadings> = {}): OverloadReadings => ({
  before: looks(5, -40),
  surge: read(run, "surge", now),
  after: [...looks(10, 0, { durationMs: 900 }), ...looks(60, 10)],
  kept: read(found, "ingress", now),
  ...changes,
});

test.each<readonly [string, OverloadReadings, Outcome, RegExp]>([
  [
    "refusals and right answers",
    readings(),
    "pass",
    /^1000 of 2000 answers at 100 requests\/s were right .* normal 10 s after$/,
  ],
  [
    "429 in place of 503",
    readings(surge([...usual.slice(0, 1_000), ...many(answer("refused", 429), 1_000)])),
    "pass",
    /right/,
  ],
  [
    "one answer of another kind",
    readings(surge([...usual, answer("neither", 500)])),
    "fail",
    /^1 of 2001 answers were neither right nor a refusal: 1 x POST \/api\/v1\/records 500$/,
  ],
  [
    "one connection that was reset",
    readings(surge([...usual, answer("neither", 0, "connection reset")])),
    "fail",
    /1 x POST \/api\/v1\/records connection reset/,
  ],
  [
    "an answer that says done and holds nothing",
    readings(surge([...usual, ...many(answer("neither", 200), 3)])),
    "fail",
    /3 x POST \/api\/v1\/records 200/,
  ],
  [
    "one accepted write lost",
    readings(surge(usual), {
      kept: read(
        found.map((one, at) => ({ ...one, found: at !== 7 })),
        "ingress",
        now,
      ),
    }),
    "fail",
    /^1 of 20 accepted writes are lost, as id-7 of alice-a$/,
  ],
  [
    "recovery just in time",
    readings(surge(usual), { after: [...looks(60, 0, { durationMs: 500 }), ...looks(10, 60)] }),
    "pass",
    /normal 60 s after$/,
  ],
  [
    "recovery too late",
    readings(surge(usual), { after: [...looks(61, 0, { durationMs: 500 }), ...looks(10, 61)] }),
    "fail",
    /normal only 61 s after the overload, more than 60 s/,
  ],
  [
    "no recovery",
    readings(surge(usual), { after: looks(70, 0, { right: false }) }),
    "fail",
    /was not normal 69 s after/,
  ],
  [
    "a relapse",
    readings(surge(usual), { after: [...looks(30, 0), ...looks(1, 65, { right: false }), ...looks(3, 66)] }),
    "fail",
    /was not normal 68 s after/,
  ],
  [
    "a recovery that was watched too briefly",
    readings(surge(usual), { after: looks(4, 0) }),
    "unproven",
    /watched for 3 s/,
  ],
  ["five looks in a row", readings(surge(usual), { after: looks(5, 0) }), "pass", /normal 0 s after$/],
  ["no look after it", readings(surge(usual), { after: [] }), "unproven", /watched for 0 s/],
  ["nothing refused", readings(surge(many(answer("right", 201), 2_000))), "unproven", /^nothing was refused/],
  [
    "one request too few",
    readings(surge(usual.slice(1))),
    "unproven",
    /reached 100 requests\/s, not 2 times the 50|reached 99.9/,
  ],
  [
    "one accepted write too few",
    readings(surge(usual, { accepted: accepted.slice(1) })),
    "unproven",
    /19 writes were accepted/,
  ],
  [
    "a write that was not looked for",
    readings(surge(usual), { kept: read(found.slice(1), "ingress", now) }),
    "unproven",
    /1 of 20 accepted writes were not looked for/,
  ],
  ["writes that cannot be looked for", readings(surge(usual), { kept: away }), "unproven", /cannot sign in/],
  ["no surge", readings(surge(usual), { surge: away }), "unproven", /cannot sign in/],
  [
    "a platform that was slow before",
    readings(surge(usual), { before: looks(5, -40, { durationMs: 500 }) }),
    "unproven",
    /5 of 5 looks before/,
  ],
  ["too few looks before", readings(surge(usual), { before: looks(4, -40) }), "unproven", /^4 looks before/],
])("an overload with %s", (_name, given, outcome, because) => {
  expect(judgeOverload(given, limits)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});
