/** database-queries-indexed: searches at the size that the table is to have, told apart by what the database's counters say that they read. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { TableScans } from "../../probes/service-prober/table-scans.ts";
import { rank } from "./percentile.judge.ts";

/** One request of a search. `right`: the status and the rows that were asked for. */
export type SearchAnswer = { readonly durationMs: number; readonly right: boolean };

/** One search, asked again and again and nothing else beside it, with the table's counters around it. */
export type SearchRun = {
  readonly name: string;
  readonly table: string;
  readonly before: Reading<TableScans>;
  readonly answers: Reading<readonly SearchAnswer[]>;
  readonly after: Reading<TableScans>;
};

export type QueryLimits = {
  readonly p95MsBelow: number;
  /** Requests of each search. */
  readonly samplesMin: number;
  /** Rows of the searching tenant. */
  readonly rowsMin: number;
};

export type Searched = {
  /** Rows of the tenant while it was searched. */
  readonly rows: Reading<number>;
  readonly searches: readonly SearchRun[];
};

/** A search that reads this share of the tenant's rows at each request walks through them, by whatever index. */
const wholeShare = 0.5;
/** Beyond this share of rows that its statistics know nothing of, the planner chooses by a table that is no more. */
const staleShare = 0.2;

/**
 * A search fails that scans its table sequentially at every request, that reads half of the tenant's rows at every request, or whose p95 reaches its limit.
 * Counters that stood still, went back, or moved for a reason of somebody else's prove nothing.
 */
export function judgeQueries({ rows, searches }: Searched, limits: QueryLimits): Verdict {
  if (!rows.ok) return unproven(rows.why);
  const few = rows.value >= limits.rowsMin ? [] : [`the tenant has ${rows.value} rows, ${limits.rowsMin} are needed`];
  const found = searches.map((search) => measuredOf(search, rows.value, limits));
  return conclude({
    faults: few.length > 0 ? [] : found.flatMap(({ faults }) => faults),
    gaps: [...few, ...(searches.length === 0 ? ["nothing was searched"] : []), ...found.flatMap(({ gaps }) => gaps)],
    facts: [
      ...found.flatMap(({ facts }) => facts),
      {
        what: "rows of the tenant",
        value: rows.value,
        unit: "rows",
        limit: `at least ${limits.rowsMin}`,
        source: rows.source,
        at: rows.at,
      },
    ],
    held: `${searches.length} searches use an index at ${rows.value} rows of the tenant, each with a p95 below ${limits.p95MsBelow} ms`,
  });
}

type Measured = {
  readonly faults: readonly string[];
  readonly gaps: readonly string[];
  readonly facts: readonly Fact[];
};

function measuredOf({ name, table, before, answers, after }: SearchRun, rows: number, limits: QueryLimits): Measured {
  const gap = (why: string): Measured => ({ faults: [], gaps: [`${name}: ${why}`], facts: [] });
  if (!before.ok) return gap(before.why);
  if (!answers.ok) return gap(answers.why);
  if (!after.ok) return gap(after.why);
  const asked = answers.value.length;
  const wrong = answers.value.filter(({ right }) => !right).length;
  if (wrong > 0) return gap(`${wrong} of ${asked} answers were not what was searched for`);
  if (asked < limits.samplesMin) return gap(`${asked} requests, ${limits.samplesMin} are needed`);
  if (answers.value.some(({ durationMs }) => !Number.isFinite(durationMs))) return gap("a request has no duration");
  const grown = (field: keyof TableScans): number => after.value[field] - before.value[field];
  const sequential = grown("sequential");
  const read = grown("sequentialRows") + grown("byIndexRows");
  const p95Ms = rank(answers.value.map(({ durationMs }) => durationMs)).percentile(95);
  const facts = factsOf({ name, asked, sequential, read, p95Ms }, { rows, limits, answers, after });
  const slow =
    p95Ms < limits.p95MsBelow ? [] : [`${name} has a p95 of ${shown(p95Ms)} ms, not below ${limits.p95MsBelow} ms`];
  const unknown = unknownOf({ before, after, table, asked, rows });
  if (unknown !== undefined) return { faults: slow, gaps: [`${name}: ${unknown}`], facts };
  if (sequential >= asked)
    return { faults: [`${name} scans the whole of ${table} at every request`, ...slow], gaps: [], facts };
  if (read >= wholeShare * rows * asked) {
    const each = Math.round(read / asked);
    return {
      faults: [`${name} reads ${each} of the tenant's ${rows} rows of ${table} at every request`, ...slow],
      gaps: [],
      facts,
    };
  }
  const strange =
    sequential > 0
      ? [`${name}: ${table} was scanned ${sequential} times in ${asked} requests, and nobody knows by whom`]
      : [];
  return { faults: slow, gaps: strange, facts };
}

/** Why the counters say nothing of these requests. */
function unknownOf(run: {
  readonly before: Reading<TableScans> & { readonly ok: true };
  readonly after: Reading<TableScans> & { readonly ok: true };
  readonly table: string;
  readonly asked: number;
  readonly rows: number;
}): string | undefined {
  const { before, after, table, asked, rows } = run;
  const fields = ["sequential", "sequentialRows", "byIndex", "byIndexRows"] as const;
  const grown = fields.map((field) => after.value[field] - before.value[field]);
  if (grown.some((value) => !(value >= 0))) return `the counters of ${table} went back: they were reset meanwhile`;
  const scans = after.value.sequential - before.value.sequential + after.value.byIndex - before.value.byIndex;
  if (scans < asked) return `${table} was looked into ${scans} times in ${asked} requests: the counters miss them`;
  // A scan that ends early or whose rows are not counted would look like one of an index.
  const stale = Math.max(after.value.liveRows, rows) * staleShare;
  if (!(after.value.changedSinceAnalyzed <= stale))
    return `the statistics of ${table} are older than ${after.value.changedSinceAnalyzed} of its rows: the plan was made for another table`;
  return undefined;
}

function factsOf(
  measured: {
    readonly name: string;
    readonly asked: number;
    readonly sequential: number;
    readonly read: number;
    readonly p95Ms: number;
  },
  of: {
    readonly rows: number;
    readonly limits: QueryLimits;
    readonly answers: Reading<unknown>;
    readonly after: Reading<unknown>;
  },
): Fact[] {
  const { name, asked, sequential, read, p95Ms } = measured;
  const { rows, limits, answers, after } = of;
  const counters = { source: after.source, at: after.at, samples: asked };
  return [
    {
      what: `p95 latency of ${name}`,
      value: shown(p95Ms),
      unit: "ms",
      limit: `below ${limits.p95MsBelow} ms`,
      source: answers.source,
      at: answers.at,
      samples: asked,
    },
    { what: `sequential scans by ${name}`, value: sequential, unit: "scans", limit: "none", ...counters },
    {
      what: `rows read by each request of ${name}`,
      value: Math.round(read / asked),
      unit: "rows",
      limit: `below ${wholeShare * rows}`,
      ...counters,
    },
  ];
}

/** Two decimals, never rounded down to below a limit. */
function shown(ms: number): number {
  return Math.ceil(ms * 100) / 100;
}
