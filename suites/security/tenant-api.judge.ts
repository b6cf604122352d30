/** The Health API across tenants: nothing of another's is shown, changed or betrayed by any operation. */
import { conclude, type Verdict } from "../../harness/verdict.ts";
import type { Operation } from "../../probes/openapi/document.ts";
import { matrixFacts, weighMatrix, type Matrix } from "./tenant-matrix.judge.ts";

/**
 * Fails for each request of another tenant, or of nobody, that showed, changed or betrayed a record; each cell that its owner could not fill
 * as well, and each operation that could not be asked, is a gap.
 * @param about.operations of the document, all of them
 */
export function judgeTenantApi(
  matrix: Matrix,
  about: { readonly operations: readonly Operation[]; readonly file: string },
): Verdict {
  const { faults, gaps } = weighMatrix(matrix);
  const { trials, intrusions } = matrix;
  const tried = trials.flatMap(({ attacks }) => attacks);
  const asked = new Set([...trials, ...intrusions].map(({ operation }) => operation));
  const [{ source, at } = { source: "", at: "" }] = trials.map(({ byOwner }) => byOwner);
  const others = about.operations.filter(
    ({ name }) => !asked.has(name) && !matrix.unasked.some(({ operation }) => operation === name),
  );
  const facts = [
    {
      what: "operations that showed, changed or betrayed a foreign object",
      value: faults.length,
      unit: "operations",
      limit: `0 in ${tried.length + intrusions.length} requests of ${asked.size} operations`,
      source,
      at,
      file: about.file,
      samples: tried.length + intrusions.length,
    },
    ...matrixFacts(matrix, about.file),
    ...others.map(({ name, secured }) => ({
      what: `${name} names no record`,
      value: secured ? "asked by the check of lists" : "asks for no token",
      source,
      at,
    })),
  ];
  return conclude({
    faults,
    gaps: trials.length === 0 ? [...gaps, "no operation names an object"] : gaps,
    facts: trials.length === 0 ? [] : facts,
    held: `${tried.length} requests for records of another tenant were answered as if there were none, by all ${asked.size} operations that name or make one; ${intrusions.length} tries to write into another tenant came to nothing`,
  });
}
