/** The parts that the judgements of a Terraform plan are put together from. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";

/** What one rule found: a fact, with a fault where it is outside of its limit, or a gap where there was nothing to judge. */
export type Finding = { readonly fact?: Fact; readonly fault?: string; readonly gap?: string };

/** A number that may reach `most`. What is no number is a gap. */
export function atMost(what: string, unit: string, reading: Reading<number>, most: number): Finding {
  if (!reading.ok) return { gap: `${what}: ${reading.why}` };
  const { value, source, at } = reading;
  if (!Number.isFinite(value)) return { gap: `${what}: ${value} is no number` };
  const fact: Fact = { what, value, unit, limit: `at most ${most}`, source, at };
  return value <= most ? { fact } : { fact, fault: `${what}: ${value} ${unit}, ${most} at most` };
}

/** A list of which nothing may be wrong; `wrong` says in a few words what is, or nothing. */
export function eachRight<T>(
  what: string,
  reading: Reading<readonly T[]>,
  wrong: (item: T) => string | undefined,
): Finding {
  if (!reading.ok) return { gap: `${what}: ${reading.why}` };
  const found = reading.value.flatMap((item) => wrong(item) ?? []);
  const { source, at } = reading;
  const fact: Fact = { what, value: found.length, unit: "wrong", limit: `0 of ${reading.value.length}`, source, at };
  return found.length === 0 ? { fact } : { fact, fault: `${what}: ${found.join(", ")}` };
}

/** A list that must hold something for a rule to mean anything: an empty one is a fault with this sentence. */
export function atLeastOne<T>(what: string, reading: Reading<readonly T[]>, missing: string): Finding {
  if (!reading.ok) return { gap: `${what}: ${reading.why}` };
  const { value, source, at } = reading;
  const fact: Fact = { what, value: value.length, limit: "at least 1", source, at };
  return value.length > 0 ? { fact } : { fact, fault: missing };
}

/** The verdict over all rules. */
export function concludeFindings(findings: readonly Finding[], held: string): Verdict {
  const faulty = findings.filter(({ fault }) => fault !== undefined);
  const ordered = [...faulty, ...findings.filter(({ fault }) => fault === undefined)];
  return conclude({
    faults: findings.flatMap(({ fault }) => fault ?? []),
    gaps: findings.flatMap(({ gap }) => gap ?? []),
    facts: ordered.flatMap(({ fact }) => fact ?? []),
    held,
  });
}
