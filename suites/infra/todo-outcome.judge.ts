/** What an answer of the todo platform says for and against it: shared by the judges of the todo platform. */
import { unproven, type Verdict } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";

/** One sentence a fault, and one a thing that could not be seen. */
export type Findings = { readonly faults: readonly string[]; readonly gaps: readonly string[] };

export const nothingFound: Findings = { faults: [], gaps: [] };

/**
 * Holds one answer against what it must be.
 * @param what the operation, as a sentence begins: `creating a task`
 * @param asked absent where an earlier operation failed, so that this one was never tried: neither fault nor gap of its own
 * @param wrong tells what is wrong with the answer's value; undefined where nothing is
 */
export function heldAgainst<T>(
  what: string,
  asked: Asked<T> | undefined,
  wrong: (value: T) => string | undefined = () => undefined,
): Findings {
  if (asked === undefined) return nothingFound;
  if (!asked.ok) return { faults: [], gaps: [`${what}: ${asked.why}`] };
  const { value } = asked;
  if (value.kind === "refused") return fault(`${what} was refused with ${value.status} (${value.said})`);
  if (value.kind === "malformed") return fault(`${what} was answered with something else: ${value.why}`);
  if (value.kind === "unanswered") return fault(`${what} was not answered: ${value.why}`);
  const found = wrong(value.value);
  return found === undefined ? nothingFound : fault(`${what} ${found}`);
}

/** An operation that must be refused, with one status and no other. */
export function refusedWith<T>(what: string, asked: Asked<T> | undefined, status: number): Findings {
  if (asked === undefined) return nothingFound;
  if (!asked.ok) return { faults: [], gaps: [`${what}: ${asked.why}`] };
  const { value } = asked;
  if (value.kind === "refused" && value.status === status) return nothingFound;
  const came = value.kind === "refused" ? `${value.status} (${value.said})` : value.kind;
  return fault(`${what} must be refused with ${status}, and came to ${came}`);
}

/** All faults and all gaps of several findings. */
export function together(findings: readonly Findings[]): Findings {
  return { faults: findings.flatMap(({ faults }) => faults), gaps: findings.flatMap(({ gaps }) => gaps) };
}

/** A check that leaves tasks behind has not shown that its platform does as it is told. @param left a sentence, where something is still there */
export function unlessLeft(verdict: Verdict, left: string | undefined): Verdict {
  return verdict.outcome === "pass" && left !== undefined ? unproven(left, verdict.evidence) : verdict;
}

function fault(sentence: string): Findings {
  return { faults: [sentence], gaps: [] };
}
