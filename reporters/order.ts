/** Worst first, everywhere. */
import type { LedgerLine } from "../harness/ledger.ts";

/** What a reader sees of a line: its outcome, or that it is out of scope. */
export type Standing = "fail" | "unproven" | "pass" | "out";

export const standings: readonly Standing[] = ["fail", "unproven", "pass", "out"];

export const standingWords: Readonly<Record<Standing, string>> = {
  fail: "Failed",
  unproven: "Unproven",
  pass: "Passed",
  out: "Out of scope",
};

const severities: readonly LedgerLine["severity"][] = ["blocker", "critical", "normal", "minor"];

/** A line out of scope never stands among the proven or the unproven. */
export function standingOf(line: LedgerLine): Standing {
  return line.scope === "out" ? "out" : line.outcome;
}

/** Failed, unproven, passed, out of scope; within those by severity; else in the catalogue's order. */
export function worstFirst(lines: readonly LedgerLine[]): LedgerLine[] {
  return lines.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rankOf(line: LedgerLine): number {
  return standings.indexOf(standingOf(line)) * severities.length + severities.indexOf(line.severity);
}

export type Area = {
  readonly name: string;
  readonly lines: readonly LedgerLine[];
  readonly counts: Readonly<Record<Standing, number>>;
};

/** The lines by area, the area with the worst line first; within a rank in the catalogue's order. */
export function areasOf(lines: readonly LedgerLine[]): Area[] {
  const areas = [...Map.groupBy(lines, (line) => line.area)].map(([name, members]) => ({
    name,
    lines: worstFirst(members),
    counts: countsOf(members),
  }));
  const rank = ({ counts }: Area): number => standings.findIndex((standing) => counts[standing] > 0);
  return areas.toSorted((a, b) => rank(a) - rank(b));
}

/** How many lines stand where. */
export function countsOf(lines: readonly LedgerLine[]): Record<Standing, number> {
  const counts = { fail: 0, unproven: 0, pass: 0, out: 0 };
  for (const line of lines) counts[standingOf(line)] += 1;
  return counts;
}
