/** Which words and limits a verdict was given by. */
import { createHash } from "node:crypto";
import type { Criterion } from "../harness/criterion.ts";

/** Sixteen hexadecimal digits over what is asked of criteria: the same where, and only where, all of them ask the same. */
export function criteriaVersion(criteria: readonly Criterion[]): string {
  const asked = criteria.map(({ id, must, limits, evidence, trial }) => ({ id, must, limits, evidence, trial }));
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex").slice(0, 16);
}
