import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { TableScans } from "../../probes/service-prober/table-scans.ts";
import { judgeQueries, type SearchAnswer, type Searched, type SearchRun } from "./database-queries.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const limits = { p95MsBelow: 500, samplesMin: 400, rowsMin: 100_000 };
const away = unread<never>("the prober does not answer", "prober", now);
const zero: TableScans = {
  sequential: 7,
  sequentialRows: 900,
  byIndex: 50,
  byIndexRows: 40,
  liveRows: 100_000,
  changedSinceAnalyzed: 0,
};

/** 400 requests that each look twice into the table by an index and read 1,020 rows. */
const indexed = { byIndex: 800, byIndexRows: 408_000 };
const after = (grown: Partial<TableScans>): TableScans => ({
  ...zero,
  sequential: zero.sequential + (grown.sequential ?? 0),
  sequentialRows: zero.sequentialRows + (grown.sequentialRows ?? 0),
  byIndex: zero.byIndex + (grown.byIndex ?? 0),
  byIndexRows: zero.byIndexRows + (grown.byIndexRows ?? 0),
  changedSinceAnalyzed: grown.changedSinceAnalyzed ?? 0,
});
/** 95 % of the answers take `ms`, the others two seconds. */
const answers = (ms = 20, count = 400): SearchAnswer[] =>
  Array.from({ length: count }, (_, at) => ({ durationMs: at * 100 < 95 * count ? ms : 2_000, right: true }));
const search = (grown: Partial<TableScans>, changes: Partial<SearchRun> = {}): SearchRun => ({
  name: "search by kind",
  table: "health.records",
  before: read(zero, "prober", now),
  answers: read(answers(), "ingress", now),
  after: read(after(grown), "prober", now),
  ...changes,
});
const searched = (searches: readonly SearchRun[], rows = 100_000): Searched => ({
  rows: read(rows, "prober", now),
  searches,
});

test.each<readonly [string, Searched, Outcome, RegExp]>([
  ["an index", searched([search(indexed)]), "pass", /^1 searches use an index at 100000 rows of the tenant/],
  [
    "a scan at every request",
    searched([search({ sequential: 400, sequentialRows: 4e7, byIndex: 400 })]),
    "fail",
    /^search by kind scans the whole of health.records at every request$/,
  ],
  [
    "a scan at almost every request",
    searched([search({ sequential: 399, sequentialRows: 1e6, byIndex: 401 })]),
    "unproven",
    /was scanned 399 times in 400 requests, and nobody knows by whom/,
  ],
  ["one scan of somebody", searched([search({ ...indexed, sequential: 1 })]), "unproven", /scanned 1 times/],
  [
    "half of the rows by an index that does not fit",
    searched([search({ byIndex: 800, byIndexRows: 400 * 50_000 })]),
    "fail",
    /^search by kind reads 50000 of the tenant's 100000 rows of health.records at every request$/,
  ],
  ["just less than half", searched([search({ byIndex: 800, byIndexRows: 400 * 50_000 - 1 })]), "pass", /use an index/],
  [
    "a p95 just below",
    searched([search(indexed, { answers: read(answers(499.99), "ingress", now) })]),
    "pass",
    /below 500 ms$/,
  ],
  [
    "a p95 at the limit",
    searched([search(indexed, { answers: read(answers(500), "ingress", now) })]),
    "fail",
    /^search by kind has a p95 of 500 ms, not below 500 ms$/,
  ],
  ["one row too few", searched([search({ sequential: 400, byIndex: 400 })], 99_999), "unproven", /has 99999 rows/],
  [
    "one of two without an index",
    searched([search(indexed), search({ sequential: 400, byIndex: 400 }, { name: "search by ids" })]),
    "fail",
    /^search by ids scans/,
  ],
  ["as many looks as requests", searched([search({ byIndex: 400, byIndexRows: 8_000 })]), "pass", /use an index/],
  [
    "a look too few",
    searched([search({ byIndex: 399, byIndexRows: 8_000 })]),
    "unproven",
    /looked into 399 times in 400 requests: the counters miss them/,
  ],
  ["counters that stand still", searched([search({})]), "unproven", /looked into 0 times/],
  ["counters that were reset", searched([search({ byIndex: -50 })]), "unproven", /went back/],
  ["statistics just young enough", searched([search({ ...indexed, changedSinceAnalyzed: 20_000 })]), "pass", /index/],
  [
    "statistics too old",
    searched([search({ ...indexed, changedSinceAnalyzed: 20_001 })]),
    "unproven",
    /statistics of health.records are older/,
  ],
  ["no search", searched([]), "unproven", /^nothing was searched$/],
  [
    "one request too few",
    searched([search(indexed, { answers: read(answers(20, 399), "ingress", now) })]),
    "unproven",
    /399 requests, 400 are needed/,
  ],
  [
    "a wrong answer",
    searched([search(indexed, { answers: read([...answers(), { durationMs: 1, right: false }], "ingress", now) })]),
    "unproven",
    /1 of 401 answers were not what was searched for/,
  ],
  [
    "no duration",
    searched([search(indexed, { answers: read([...answers(), { durationMs: Number.NaN, right: true }], "i", now) })]),
    "unproven",
    /no duration/,
  ],
  ["no counters before", searched([search(indexed, { before: away })]), "unproven", /prober does not answer/],
  ["no counters after", searched([search(indexed, { after: away })]), "unproven", /prober does not answer/],
  ["no answers", searched([search(indexed, { answers: away })]), "unproven", /does not answer/],
  ["no count of rows", { rows: away, searches: [search(indexed)] }, "unproven", /does not answer/],
])("searches with %s", (_name, found, outcome, because) => {
  expect(judgeQueries(found, limits)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("what each search read and how long it took is told, with its samples", () => {
  expect(judgeQueries(searched([search(indexed)]), limits).evidence).toEqual([
    expect.objectContaining({ what: "p95 latency of search by kind", value: 20, samples: 400 }),
    expect.objectContaining({ what: "sequential scans by search by kind", value: 0, limit: "none" }),
    expect.objectContaining({ what: "rows read by each request of search by kind", value: 1_020 }),
    expect.objectContaining({ what: "rows of the tenant", value: 100_000, limit: "at least 100000" }),
  ]);
});
