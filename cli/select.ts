/** Which criteria a run was asked for. */
import { UsageError } from "../environments/settings.ts";
import { scopeOf, type Criterion, type EnvironmentName } from "../harness/criterion.ts";

/**
 * The ids of the criteria in scope that a run shall check, in the catalogue's order; what only a drill decides is none of them.
 * @throws UsageError for an unknown suite or id, or where a named criterion is out of scope or a drill's: a mistyped name must not narrow a run silently
 */
export function selectCriteria(
  catalogue: readonly Criterion[],
  environment: EnvironmentName,
  asked: { readonly suites: readonly string[]; readonly ids: readonly string[] },
): string[] {
  const suites = new Set<string>(catalogue.map((criterion) => criterion.suite));
  for (const suite of asked.suites) {
    if (!suites.has(suite)) throw new UsageError(`unknown suite '${suite}': choose of ${[...suites].join(", ")}`);
  }
  for (const id of asked.ids) {
    const criterion = catalogue.find((candidate) => candidate.id === id);
    if (criterion === undefined) {
      throw new UsageError(`unknown criterion '${id}'${near(id, catalogue)}: 'oke-proof criteria' lists them`);
    }
    const scope = scopeOf(criterion, environment);
    if (!scope.in)
      throw new UsageError(`criterion '${id}' is out of scope for environment '${environment}': ${scope.why}`);
    if (criterion.check === undefined && criterion.trial !== undefined) {
      const drills = criterion.trial.drills.map((name) => `'oke-proof drill ${name}'`).join(" or ");
      throw new UsageError(`criterion '${id}' is decided by a drill, which disturbs: ${drills}`);
    }
  }
  return catalogue
    .filter((criterion) => scopeOf(criterion, environment).in && criterion.check !== undefined)
    .filter((criterion) => asked.suites.length === 0 || asked.suites.includes(criterion.suite))
    .filter((criterion) => asked.ids.length === 0 || asked.ids.includes(criterion.id))
    .map((criterion) => criterion.id);
}

function near(id: string, catalogue: readonly Criterion[]): string {
  const words = id.split("-").filter((word) => word.length > 3);
  const alike = catalogue.filter((criterion) => words.some((word) => criterion.id.includes(word))).slice(0, 3);
  return alike.length === 0 ? "" : ` (near: ${alike.map((criterion) => criterion.id).join(", ")})`;
}
