/** The catalogue: every success criterion of both documents, in the order that reports print. */
import type { Criterion } from "../harness/criterion.ts";
import { attested } from "./attested.ts";
import { dr } from "./dr.ts";
import { infra } from "./infra.ts";
import { infraCost } from "./infra-cost.ts";
import { infraDapr } from "./infra-dapr.ts";
import { infraOperations } from "./infra-operations.ts";
import { infraOracle } from "./infra-oracle.ts";
import { infraServices } from "./infra-services.ts";
import { infraTodo } from "./infra-todo.ts";
import { performance } from "./performance.ts";
import { security } from "./security.ts";

export const catalogue: readonly Criterion[] = [
  ...infra,
  ...infraServices,
  ...infraTodo,
  ...infraDapr,
  ...infraOperations,
  ...infraOracle,
  ...infraCost,
  ...performance,
  ...security,
  ...dr,
  ...attested,
];

const byId: ReadonlyMap<string, Criterion> = new Map(catalogue.map((criterion) => [criterion.id, criterion]));
const nearestShown = 3;
const comparedCharactersMax = 100;

/**
 * The criterion of an id.
 * @throws Error naming the nearest ids, where the catalogue has none of that name
 */
export function criterionOf(id: string): Criterion {
  const criterion = byId.get(id);
  if (criterion !== undefined) return criterion;
  throw new Error(
    `The catalogue has no criterion "${id}". Near it: ${nearestIds(id).join(", ")}. All of them: oke-proof criteria`,
  );
}

/** The criteria that a trio of files checks today. */
export function criteriaWithCheck(): readonly Criterion[] {
  return catalogue.filter((criterion) => criterion.check !== undefined);
}

/** Whether a criterion is judged by the one load run, which takes minutes and wants the machine for itself. */
export function restsOnLoad({ check }: Pick<Criterion, "check">): boolean {
  return check === "performance/load";
}

function nearestIds(id: string): readonly string[] {
  return [...byId.keys()]
    .map((candidate) => ({ candidate, edits: editDistance(id.slice(0, comparedCharactersMax), candidate) }))
    .toSorted((one, other) => one.edits - other.edits || one.candidate.localeCompare(other.candidate))
    .slice(0, nearestShown)
    .map(({ candidate }) => candidate);
}

/** Levenshtein's distance: how many characters must be put in, taken out or changed. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, character] of from.split("").entries()) {
    const current = [row + 1];
    for (const [column, other] of to.split("").entries()) {
      const changed = (previous[column] ?? 0) + (character === other ? 0 : 1);
      current.push(Math.min(changed, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? from.length;
}
