/** The truth table as a file: what each connection had to come to and came to, a letter a cell. */
import type { Cell } from "../../probes/network/cells.ts";
import type { Expected } from "../../probes/network/semantics.ts";
import type { CaseRun, Matrix, Seen } from "./network-enforcement.judge.ts";

const expectedLetters: Readonly<Record<Expected, string>> = { open: "o", blocked: "b", either: "-" };
const seenLetters: Readonly<Record<Seen["outcome"], string>> = {
  open: "o",
  unanswered: "u",
  refused: "r",
  timeout: "t",
  dns: "d",
  error: "e",
  "no answer": "n",
};

/**
 * `cells` is the list of connections; in each case the letter at the same place says what had to come of it (`o`pen, `b`locked, `-` either) and
 * what came of it in the rounds under the policy (`o`pen, `t`imeout, `r`efused, `u`nanswered, `d`ns, `e`rror, `n`o answer; the first that was not as expected).
 */
export function evidenceOf(matrix: Matrix) {
  const { cells, runs, seconds, probes, left, why } = matrix;
  return {
    schemaVersion: 1,
    seconds,
    probes,
    cells: cells.map(({ from, to, kind, protocol, port }) => ({
      from: from.id,
      to: to.id,
      by: `${kind} ${protocol} ${port}`,
    })),
    cases: runs.map((run) => ({
      name: run.name,
      appliedSeconds: run.appliedSeconds ?? null,
      removedSeconds: run.removedSeconds ?? null,
      rounds: run.held.length,
      expected: run.expected.map((one) => expectedLetters[one]).join(""),
      before: run.before.seen.map(({ outcome }) => seenLetters[outcome]).join(""),
      seen: cells.map((cell) => seenLetters[shown(run, cell)]).join(""),
      after: run.after.seen.map(({ outcome }) => seenLetters[outcome]).join(""),
    })),
    left,
    ...(why === undefined ? {} : { why }),
  };
}

function shown({ held, expected }: CaseRun, { id }: Cell): Seen["outcome"] {
  const outcomes = held.map(({ seen }) => seen[id]?.outcome ?? "no answer");
  const wanted = (outcome: Seen["outcome"]): boolean =>
    expected[id] === "either" ||
    (expected[id] === "open" ? outcome === "open" : outcome === "timeout" || outcome === "refused");
  return outcomes.find((outcome) => !wanted(outcome)) ?? outcomes.at(-1) ?? "no answer";
}
