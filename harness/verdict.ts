/** The three outcomes and the only ways to make them. Absence of evidence is `unproven`, never `pass`. */

export type Outcome = "pass" | "fail" | "unproven";

/** A list that the type system knows to hold something. */
export type NonEmpty<T> = readonly [T, ...T[]];

/**
 * One observed fact behind a verdict. `value` with its `unit` is what was measured, `limit` what it was held against;
 * `source` names the object or address that was asked, `at` is the ISO time of the observation, `file` a path below the run's evidence folder.
 * `samples` is how many measurements the value rests on, where that is what a criterion asks for (`EvidenceRule.samplesMin`).
 */
export type Fact = {
  readonly what: string;
  readonly value: number | string | boolean;
  readonly unit?: string;
  readonly limit?: string;
  readonly source: string;
  readonly at: string;
  readonly file?: string;
  readonly samples?: number;
};

/** What a probe brings back: a value that was really read, or the reason why there is none. Never a default. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly source: string; readonly at: string }
  | { readonly ok: false; readonly why: string; readonly source: string; readonly at: string };

export type Verdict =
  | { readonly outcome: "pass" | "fail"; readonly because: string; readonly evidence: NonEmpty<Fact> }
  | { readonly outcome: "unproven"; readonly because: string; readonly evidence: readonly Fact[] };

/** A reading that holds a value. `at` is when it was taken, by the caller's clock. */
export function read<T>(value: T, source: string, at: Date): Reading<T> {
  return { ok: true, value, source, at: at.toISOString() };
}

/** A reading that could not be taken, and why. */
export function unread<T>(why: string, source: string, at: Date): Reading<T> {
  return { ok: false, why, source, at: at.toISOString() };
}

/** Measured and within the limit. The evidence cannot be empty: the type demands it. */
export function pass(because: string, evidence: NonEmpty<Fact>): Verdict {
  return { outcome: "pass", because, evidence };
}

/** Measured and outside the limit. */
export function fail(because: string, evidence: NonEmpty<Fact>): Verdict {
  return { outcome: "fail", because, evidence };
}

/** Could not be measured, too few samples, stale, no access, or the control failed. */
export function unproven(because: string, evidence: readonly Fact[] = []): Verdict {
  return { outcome: "unproven", because, evidence };
}

/** The worst outcome of a list: fail, then unproven, then pass. An empty list is unproven. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes("fail")) return "fail";
  if (outcomes.length === 0 || outcomes.includes("unproven")) return "unproven";
  return "pass";
}

/** Narrows a list to one that holds something. */
export function isNonEmpty<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0;
}

/**
 * The usual end of a judge. A fault fails, else a gap is unproven, else pass, and a pass without a fact is unproven.
 * @param found.faults one sentence an object that is outside its limit, naming the object
 * @param found.gaps one sentence a thing that could not be measured
 * @param found.facts what was measured, faulty objects first
 * @param found.held the sentence of a pass
 */
export function conclude(found: {
  readonly faults: readonly string[];
  readonly gaps: readonly string[];
  readonly facts: readonly Fact[];
  readonly held: string;
}): Verdict {
  const { faults, gaps, facts, held } = found;
  if (faults.length > 0 && isNonEmpty(facts)) return fail(sentence(faults), facts);
  if (faults.length > 0) return unproven(`a fault was claimed without a fact behind it: ${sentence(faults)}`);
  if (gaps.length > 0) return unproven(sentence(gaps), facts);
  return isNonEmpty(facts) ? pass(held, facts) : unproven("nothing was measured");
}

const namedAtMost = 5;

function sentence(parts: readonly string[]): string {
  const rest = parts.length - namedAtMost;
  return parts.slice(0, namedAtMost).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
