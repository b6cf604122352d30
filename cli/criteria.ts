/** `oke-proof criteria`: the catalogue, for people and as JSON. */
import { catalogue } from "../criteria/catalogue.ts";
import { loadProfile } from "../environments/load.ts";
import { readSettings } from "../environments/settings.ts";
import { scopeOf, type Criterion, type EnvironmentName, type Limit } from "../harness/criterion.ts";

/** Prints every criterion of both documents: id, suite, scope in the environment, MUST, limits and sources. */
export async function printCriteria(
  options: { readonly env: string; readonly json: boolean },
  context: { readonly say: (line: string) => void },
): Promise<number> {
  const { name } = loadProfile(options.env, readSettings());
  if (options.json) {
    context.say(
      JSON.stringify(
        catalogue.map((criterion) => ({ ...criterion, inScope: scopeOf(criterion, name) })),
        null,
        2,
      ),
    );
    return 0;
  }
  for (const area of new Set(catalogue.map((criterion) => criterion.area))) {
    context.say(`\n${area}`);
    for (const criterion of catalogue.filter((candidate) => candidate.area === area)) {
      for (const line of describe(criterion, name)) context.say(line);
    }
  }
  const inScope = catalogue.filter((criterion) => scopeOf(criterion, name).in).length;
  const unchecked = catalogue.filter((criterion) => criterion.check === undefined && criterion.attested === undefined);
  context.say(
    `\n${catalogue.length} criteria: ${inScope} in scope of '${name}', ${unchecked.length} without a check yet`,
  );
  return 0;
}

function describe(criterion: Criterion, environment: EnvironmentName): string[] {
  const scope = scopeOf(criterion, environment);
  const later = criterion.onlyAfterCutover === true ? ", only after the cutover" : "";
  return [
    `  ${criterion.id}  [${criterion.suite}, ${criterion.severity}${later}]  ${scope.in ? "in scope" : `out of scope: ${scope.why}`}`,
    `      ${criterion.must}`,
    ...criterion.limits.map((limit) => `      limit: ${limit.what} ${limit.comparison} ${value(limit)} ${limit.unit}`),
    ...criterion.sources.map((source) => `      source: ${source.document}, ${source.section}: "${source.quote}"`),
  ];
}

function value(limit: Limit): string {
  return typeof limit.value === "object" ? `${limit.value[0]} and ${limit.value[1]}` : String(limit.value);
}
