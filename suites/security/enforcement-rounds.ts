/** The truth table is gone through: before, under each policy, once it is gone. What is seen is written down; network-enforcement.judge.ts decides. */
import { randomUUID } from "node:crypto";
import { answeringPorts, type PolicyCase } from "../../fixtures/network/truth-table.ts";
import { poll, type Look } from "../../harness/poll.ts";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { askSource, type Question, type Source, type Told, type Tried } from "../../probes/network/ask.ts";
import { expectedCells, type Cell } from "../../probes/network/cells.ts";
import type { Expected, PortRanges } from "../../probes/network/semantics.ts";
import { whyOf } from "../../probes/why.ts";
import type { CaseRun, Matrix, Prober, Round, Seen } from "./network-enforcement.judge.ts";

/**
 * How long a connection is tried: twice what the slowest of them all took while no policy stood, within these bounds. What should be open and
 * was not heard is tried once more, for longer: a busy cluster is no policy.
 */
const tryMsMin = 500;
const tryMsMax = 2_500;
const againMs = 5_000;
const slowestTimes = 2;
const everyMs = 50;
const takenAgainMax = 2;
/** Policies that do not bite take all the time that they are given: two of them say enough. */
const unlikeMax = 2;
const nameAsked = "kubernetes.default.svc.cluster.local.";

export type Table = {
  readonly cluster: Cluster;
  readonly sources: readonly Source[];
  readonly cells: readonly Cell[];
  readonly portRanges: PortRanges;
  /** Resolves when the API server has taken all of the case's policies. */
  readonly apply: (tested: PolicyCase) => Promise<void>;
  readonly remove: (tested: PolicyCase) => Promise<void>;
  /** How long a policy may take to bite, and to be gone. */
  readonly convergeMsMax: number;
  /** Rounds in a row that are looked at, from the one on in which a policy bites. */
  readonly heldRounds: number;
  /** Where the work ends early: a case that was begun is brought to its end. */
  readonly secondsMax: number;
  readonly signal: AbortSignal;
};

/** Goes through the cases in their order, and ends early where there is nothing left to compare with: connections that are not open without a policy. */
export async function goThrough(table: Table, cases: readonly PolicyCase[]): Promise<Matrix> {
  const started = performance.now();
  const counted: Counted = { probes: 0, tryMs: tryMsMax };
  const runs: CaseRun[] = [];
  const open = table.cells.map((): Expected => "open");
  let why: string | undefined;
  let free = await untilAsExpected(table, open, counted);
  counted.tryMs = Math.min(tryMsMax, Math.max(tryMsMin, Math.round(free.round.slowestOpenMs * slowestTimes)));
  for (const tested of cases) {
    const unlike = runs.filter(({ appliedSeconds }) => appliedSeconds === undefined).length;
    const isLate = (performance.now() - started) / 1000 > table.secondsMax;
    why = table.signal.aborted || isLate ? "the time for it was over" : free.why;
    if (unlike >= unlikeMax) why = `${unlike} policies did not come to what they say`;
    if (why !== undefined) break;
    try {
      const run = await underPolicy(table, tested, free.round, counted);
      free = run.free;
      runs.push(run.done);
    } catch (error) {
      why = `${tested.name}: ${whyOf(error)}`;
      break;
    }
  }
  return {
    cells: table.cells,
    runs,
    left: cases.slice(runs.length).map(({ name }) => name),
    ...(why === undefined ? {} : { why }),
    seconds: (performance.now() - started) / 1000,
    probes: counted.probes,
    tryMs: counted.tryMs,
    source: table.cluster.server,
  };
}

/** What has been tried so far, and how long each is tried from now on. */
type Counted = { probes: number; tryMs: number };
type Converged = { readonly round: Round; readonly seconds?: number; readonly why?: string };

async function underPolicy(
  table: Table,
  tested: PolicyCase,
  before: Round,
  counted: Counted,
): Promise<{ readonly done: CaseRun; readonly free: Converged }> {
  const expected = expectedCells(table.cells, tested.policies, table.portRanges);
  const held: Round[] = [];
  let applied: Converged;
  try {
    await table.apply(tested);
    applied = await untilAsExpected(table, expected, counted);
    held.push(applied.round);
    // Nothing is asked again from here on but what should be open and was not heard.
    while (held.length < table.heldRounds && !table.signal.aborted) {
      held.push(await takeRound(table, counted, expected));
    }
  } finally {
    await table.remove(tested);
  }
  const free = await untilAsExpected(
    table,
    table.cells.map(() => "open"),
    counted,
  );
  const done: CaseRun = {
    name: tested.name,
    expected,
    before,
    held,
    after: free.round,
    ...(applied.seconds === undefined ? {} : { appliedSeconds: applied.seconds }),
    ...(free.seconds === undefined ? {} : { removedSeconds: free.seconds }),
  };
  return { done, free };
}

/** Looks round by round until one is as expected; `seconds` is when that one began. The last round counts where none was. */
async function untilAsExpected(table: Table, expected: readonly Expected[], counted: Counted): Promise<Converged> {
  const started = performance.now();
  let round: Round | undefined;
  let seconds = 0;
  const polled = await poll<true>(
    async (): Promise<Look<true>> => {
      seconds = (performance.now() - started) / 1000;
      round = await takeRound(table, counted, expected);
      const [other] = table.cells.filter((cell) => !isAsExpected(cell, expected[cell.id], round?.seen[cell.id]));
      if (other === undefined) return { state: "yes", value: true };
      const { from, to, kind, port, id } = other;
      return { state: "not yet", seen: `${from.id} to ${to.id} by ${kind} ${port}: ${round.seen[id]?.outcome ?? ""}` };
    },
    { what: "connections as expected", timeoutMs: table.convergeMsMax, everyMs, signal: table.signal },
  );
  const last = round ?? (await takeRound(table, counted, expected));
  return polled.ok ? { round: last, seconds } : { round: last, why: polled.why };
}

function isAsExpected(cell: Cell, expected: Expected | undefined, seen: Seen | undefined): boolean {
  if (expected === "either") return true;
  if (expected === "blocked") return seen?.outcome === "timeout" || seen?.outcome === "refused";
  return seen?.outcome === "open" && (seen.by === undefined || seen.by === cell.to.id || cell.kind === "dns");
}

/**
 * A round in which a prober did not reach its own door is taken again, with twice the time for a connection: such a round tells a busy cluster
 * from a policy no longer. One that saw a connection made against a policy stands as it is.
 */
async function takeRound(table: Table, counted: Counted, expected: readonly Expected[]): Promise<Round> {
  let taken = await lookOnce(table, counted, expected);
  for (let times = 0; taken.isDeaf && times < takenAgainMax && !table.signal.aborted; times++) {
    const { seen } = taken.round;
    if (table.cells.some(({ id }) => expected[id] === "blocked" && isMade(seen[id]))) break;
    counted.tryMs = Math.min(tryMsMax, counted.tryMs * 2);
    taken = await lookOnce(table, counted, expected);
  }
  return taken.round;
}

function isMade(seen: Seen | undefined): boolean {
  return seen?.outcome === "open" || seen?.outcome === "unanswered";
}

/** A look at all cells; `isDeaf`: a prober that spoke did not reach one of its own doors. */
type Taken = { readonly round: Round; readonly isDeaf: boolean };

/** All probers at once, each with all of its cells; what should be open and was not heard is tried once more, for longer. */
async function lookOnce(table: Table, counted: Counted, expected: readonly Expected[]): Promise<Taken> {
  const started = performance.now();
  const at = new Date();
  const bySource = Map.groupBy(table.cells, ({ from }) => from.id);
  const told = await Promise.all(
    table.sources.map(async (source) => {
      const cells = bySource.get(source.id) ?? [];
      const first = await ask(table, source, cells, counted.tryMs);
      const unheard = first.ok
        ? cells.filter(({ id }) => expected[id] === "open" && isUnheard(first.value.tried.get(id)))
        : [];
      const again = unheard.length === 0 ? undefined : await ask(table, source, unheard, againMs);
      counted.probes += cells.length + unheard.length;
      return { source, cells, first, again };
    }),
  );
  const seen: Seen[] = table.cells.map(() => ({ outcome: "no answer" }));
  for (const { cells, first, again } of told) {
    for (const { id } of cells) seen[id] = seenOf(id, again, first);
  }
  const heard = told.flatMap(({ first }) => (first.ok ? [...first.value.tried.values()] : []));
  const doors = told.flatMap(({ first }) => (first.ok ? [...first.value.own.values()] : []));
  const round: Round = {
    at: at.toISOString(),
    seconds: (performance.now() - started) / 1000,
    slowestOpenMs: Math.max(0, ...heard.flatMap(({ outcome, ms }) => (outcome === "open" ? [ms] : []))),
    seen,
    probers: new Map(told.map(({ source, first }) => [source.id, proberOf(first)] as const)),
  };
  return { round, isDeaf: doors.some(({ outcome }) => outcome !== "open") };
}

/** A connection that was made and not answered on in time is as silent as one that was not made. */
function isUnheard(tried: Tried | undefined): boolean {
  return tried?.outcome === "timeout" || tried?.outcome === "unanswered";
}

async function ask(table: Table, source: Source, cells: readonly Cell[], timeoutMs: number): Promise<Reading<Told>> {
  const question: Question = { nonce: randomUUID(), timeoutMs, cells, ports: answeringPorts, name: nameAsked };
  return askSource(table.cluster, source, question);
}

function seenOf(id: number, again: Reading<Told> | undefined, first: Reading<Told>): Seen {
  const second = again?.ok === true ? again.value.tried.get(id) : undefined;
  const tried = second ?? (first.ok ? first.value.tried.get(id) : undefined);
  if (tried === undefined) return { outcome: "no answer" };
  return tried.answeredBy === undefined ? { outcome: tried.outcome } : { outcome: tried.outcome, by: tried.answeredBy };
}

function proberOf(told: Reading<Told>): Prober {
  if (!told.ok) return { ok: false, why: told.why };
  const { instance, own } = told.value;
  const answering = [...own].flatMap(([door, { outcome }]) => (outcome === "open" ? [door] : []));
  return { ok: true, instance, answering: new Set(answering) };
}
