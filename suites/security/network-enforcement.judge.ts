/** The truth table of network policies: what had to be open was, what had to be blocked was, and each answer had its control in the same round. */
import { conclude, type Fact, type Verdict } from "../../harness/verdict.ts";
import type { Cell } from "../../probes/network/cells.ts";
import type { Expected } from "../../probes/network/semantics.ts";

/** What came of a cell. `by` is who answered; `no answer`: its prober said nothing. */
export type Seen = {
  readonly outcome: "open" | "unanswered" | "refused" | "timeout" | "dns" | "error" | "no answer";
  readonly by?: string;
};

/** One look at all cells at once. */
export type Round = {
  readonly at: string;
  readonly seconds: number;
  readonly slowestOpenMs: number;
  /** By the cell's place in the table. */
  readonly seen: readonly Seen[];
  /** Each prober by its id: who it is since it was started, and which of its own ports ("tcp 8080") answer through its own loopback; or why it said nothing. */
  readonly probers: ReadonlyMap<string, Prober>;
};
export type Prober =
  | { readonly ok: true; readonly instance: string; readonly answering: ReadonlySet<string> }
  | { readonly ok: false; readonly why: string };

/** One policy: open before, as expected under it, open again after. */
export type CaseRun = {
  readonly name: string;
  readonly expected: readonly Expected[];
  readonly before: Round;
  /** From the API server's word that the policy stands to the first round that was as expected; absent where there was none in time. */
  readonly appliedSeconds?: number;
  /** Rounds under the policy in a row, from the first that was as expected (or the last one within the time for it). */
  readonly held: readonly Round[];
  readonly removedSeconds?: number;
  readonly after: Round;
};

export type Matrix = {
  readonly cells: readonly Cell[];
  readonly runs: readonly CaseRun[];
  /** Cases that were not gone through, and why the work ended. */
  readonly left: readonly string[];
  readonly why?: string;
  readonly seconds: number;
  /** Connections tried, those of the probers to their own doors not counted. */
  readonly probes: number;
  /** How long each was tried. */
  readonly tryMs: number;
  readonly source: string;
};

export type EnforcementLimits = {
  readonly convergeSecondsMax: number;
  readonly heldRounds: number;
  readonly secondsMax: number;
  readonly casesMin: number;
};

/** `connections`: how many a sentence is about. */
const allowed = " although the policy allows it";

type Finding = { readonly fault?: string; readonly gap?: string; readonly connections?: number };

/**
 * `fail` where a connection was made against a policy, or was kept from being made against it, while both ends were shown to be alive in that
 * very round. Silence without that, another answerer, a prober that was started anew, and cells that were not open before are gaps.
 */
export function judgeEnforcement(matrix: Matrix, limits: EnforcementLimits): Verdict {
  const { cells, runs, left, why, source } = matrix;
  const first = runs[0]?.before;
  const findings = runs.flatMap((run) => judgeCase(run, cells, limits, first));
  const faults = findings.flatMap(({ fault }) => fault ?? []);
  const differing = findings.reduce(
    (sum, { fault, connections = 0 }) => sum + (fault === undefined ? 0 : connections),
    0,
  );
  const gaps = findings.flatMap(({ gap }) => gap ?? []);
  const at = runs.at(-1)?.after.at ?? "";
  if (left.length > 0) gaps.push(`not tried: ${left.join(", ")}${why === undefined ? "" : ` (${why})`}`);
  if (runs.length < limits.casesMin) gaps.push(`${runs.length} policies were tried, not ${limits.casesMin}`);
  if (matrix.seconds > limits.secondsMax)
    gaps.push(`the table took ${matrix.seconds.toFixed(0)} s, not ${limits.secondsMax}`);
  const rate = matrix.seconds > 0 ? matrix.probes / matrix.seconds : 0;
  const slowest = Math.max(
    0,
    ...runs.flatMap(({ appliedSeconds = 0, removedSeconds = 0 }) => [appliedSeconds, removedSeconds]),
  );
  const fact = (what: string, value: number, unit: string, limit?: string): Fact => ({
    what,
    value: Math.round(value * 100) / 100,
    unit,
    ...(limit === undefined ? {} : { limit }),
    source,
    at,
    samples: matrix.probes,
    file: "network-policies-enforced.json",
  });
  const facts =
    runs.length === 0
      ? []
      : [
          fact("cells of the truth table that differ from the policy", differing, "connections", "at most 0"),
          fact("cells that were blocked by a policy and had to be", blockedOf(runs), "connections"),
          fact("policies gone through", runs.length, "policies", `at least ${limits.casesMin}`),
          fact("slowest policy to take effect or to be gone", slowest, "s", `at most ${limits.convergeSecondsMax} s`),
          fact("the whole table", matrix.seconds, "s", `at most ${limits.secondsMax} s`),
          fact("connections tried", rate, "a second"),
          fact("time that a connection was given", matrix.tryMs, "ms"),
        ];
  const held = `${runs.length} policies: all ${cells.length} connections were open before, as each policy says under it for ${limits.heldRounds} rounds, and open again after it; ${Math.round(rate)} connections a second`;
  return conclude({ faults, gaps, facts, held });
}

function blockedOf(runs: readonly CaseRun[]): number {
  return runs.reduce((sum, { expected }) => sum + expected.filter((one) => one === "blocked").length, 0);
}

/** One sentence a kind of finding in a case, naming the first connection and how many there are. */
function judgeCase(
  run: CaseRun,
  cells: readonly Cell[],
  limits: EnforcementLimits,
  first: Round | undefined,
): Finding[] {
  const { name, expected, before, held, after } = run;
  const under = held.flatMap((round, index) =>
    cells.map((cell) => ({
      cell,
      ...judgeCell(cell, expected[cell.id] ?? "either", round, cells, first),
      when: `round ${index + 1}`,
    })),
  );
  const open = (round: Round, when: string) =>
    cells.map((cell) => ({ cell, ...judgeCell(cell, "open", round, cells, first), when }));
  const beforehand = open(before, "before").map(({ cell, gap, fault, when }) => ({ cell, when, gap: gap ?? fault }));
  const afterwards = open(after, "after").map(({ cell, gap, fault, when }) => ({
    cell,
    when,
    gap,
    fault:
      fault === undefined ? undefined : `was still blocked ${limits.convergeSecondsMax} s after the policy was gone`,
  }));
  const all: readonly Found[] = [...beforehand, ...kept(under, held.length), ...afterwards];
  const few =
    held.length < limits.heldRounds ? [{ gap: `${name}: ${held.length} rounds, not ${limits.heldRounds}` }] : [];
  return [...sentences(name, all, "fault"), ...sentences(name, all, "gap"), ...few];
}

/**
 * What the policy allows and was not heard is a fault where it was so in every round: who ended in the middle of a round may have answered
 * somebody else in it before.
 */
function kept(under: readonly Found[], rounds: number): readonly Found[] {
  const silent = new Map<number, number>();
  for (const { cell, fault } of under) {
    if (fault?.endsWith(allowed) === true) silent.set(cell.id, (silent.get(cell.id) ?? 0) + 1);
  }
  return under.map((found) => {
    const { cell, fault } = found;
    const times = silent.get(cell.id) ?? 0;
    if (fault?.endsWith(allowed) !== true || times === rounds) return found;
    return { ...found, fault: undefined, gap: `${fault}, but not in every round` };
  });
}

type Found = {
  readonly cell: Cell;
  readonly when: string;
  readonly fault?: string | undefined;
  readonly gap?: string | undefined;
};

/** The same words of several connections are one sentence. */
function sentences(name: string, all: readonly Found[], kind: "fault" | "gap"): Finding[] {
  const byWords = new Map<string, { readonly first: Found; readonly cells: Set<number> }>();
  for (const found of all) {
    const words = found[kind];
    if (words === undefined) continue;
    const known = byWords.get(words) ?? { first: found, cells: new Set<number>() };
    known.cells.add(found.cell.id);
    byWords.set(words, known);
  }
  return [...byWords].map(([words, { first, cells }]) => {
    const others = cells.size > 1 ? `, and ${cells.size - 1} more connections like it` : "";
    return { [kind]: `${name}: ${nameOf(first.cell)} ${words} (${first.when})${others}`, connections: cells.size };
  });
}

function nameOf({ from, to, kind, protocol, port }: Cell): string {
  return `${from.id} to ${to.id}${kind === "dns" ? "" : ` by ${protocol} ${port}`}`;
}

/** What one cell of one round says, held against what must come of it. */
function judgeCell(
  cell: Cell,
  expected: Expected,
  round: Round,
  cells: readonly Cell[],
  first: Round | undefined,
): Finding {
  const prober = round.probers.get(cell.from.id);
  if (prober === undefined || !prober.ok) return { gap: `was not tried: ${prober?.why ?? "its prober was not asked"}` };
  if (isAnother(cell.from.id, round, first)) return { gap: "was tried by a prober that was started anew meanwhile" };
  const { outcome, by } = round.seen[cell.id] ?? { outcome: "no answer" as const };
  if (expected === "either") return {};
  if (outcome === "no answer") return { gap: "was not answered for" };
  const made = outcome === "open" || outcome === "unanswered";
  if (expected === "blocked" && made) return { fault: "was made against the policy" };
  if (outcome === "dns" || outcome === "error" || outcome === "unanswered")
    return { gap: `came to ${outcome}, which says nothing of policies` };
  if (outcome === "open")
    return by === undefined || by === cell.to.id || cell.kind === "dns" ? {} : { gap: `was answered by ${by}` };
  const dead = whyDead(cell, round, cells, first);
  if (dead !== undefined) return { gap: `came to ${outcome}, but ${dead}` };
  return expected === "blocked" ? {} : { fault: `came to ${outcome}${allowed}` };
}

/** The controls of a silence: the source tried with success at its own door, and the target answers at its own, or somebody else in this round. */
function whyDead(cell: Cell, round: Round, cells: readonly Cell[], first: Round | undefined): string | undefined {
  const { from, to, kind, port } = cell;
  const source = round.probers.get(from.id);
  if (source === undefined || !source.ok || source.answering.size === 0) return `${from.id} did not even reach itself`;
  const others = cells.filter((other) => other.to.id === to.id && other.kind === kind && other.port === port);
  if (to.kind !== "pod" || kind === "dns") {
    return others.some((other) => round.seen[other.id]?.outcome === "open")
      ? undefined
      : `nobody reached ${to.id} in that round`;
  }
  const target = round.probers.get(to.id);
  if (target === undefined || !target.ok) return `${to.id} itself said nothing: ${target?.why ?? "it was not asked"}`;
  if (isAnother(to.id, round, first)) return `${to.id} was started anew meanwhile`;
  return target.answering.has(`${kind} ${port}`) ? undefined : `${to.id} did not answer itself on ${kind} ${port}`;
}

function isAnother(id: string, round: Round, first: Round | undefined): boolean {
  const [now, then] = [round.probers.get(id), first?.probers.get(id)];
  return now?.ok === true && then?.ok === true && now.instance !== then.instance;
}
