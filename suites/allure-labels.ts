/** What a check tells Allure while it runs. The status is not told here: it comes from the ledger, after the run. */
import { attachment, epic, feature, label, parameter, severity, story, tms } from "allure-js-commons";
import type { Criterion } from "../harness/criterion.ts";
import type { Fact, Verdict } from "../harness/verdict.ts";

/** Facts shown as parameters; all of them are in the attachment. */
const parametersAtMost = 20;

/**
 * Labels the running test (epic = area, feature = criterion, story = check, severity, a `tms` link a source) and hands over what was measured.
 * Never throws: a report that cannot be written must not change a verdict.
 */
export async function recordInAllure(criterion: Criterion, verdict: Verdict): Promise<void> {
  try {
    await label("criterion", criterion.id);
    await epic(criterion.area);
    await feature(`${criterion.id}: ${criterion.must}`);
    await story(criterion.id);
    await severity(criterion.severity);
    for (const source of criterion.sources) {
      await tms(`../scorecard.html#${criterion.id}`, `${source.document}, ${source.section}: "${source.quote}"`);
    }
    for (const fact of verdict.evidence.slice(0, parametersAtMost)) {
      // Excluded: a measured value must not make another history of the same criterion.
      await parameter(fact.what, shown(fact), { excluded: true });
    }
    await attachment("verdict", JSON.stringify(verdict, undefined, 2), "application/json");
  } catch (error) {
    console.warn(
      `Allure: ${criterion.id} could not be labelled: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function shown(fact: Fact): string {
  const value = fact.unit === undefined ? String(fact.value) : `${fact.value} ${fact.unit}`;
  return fact.limit === undefined ? value : `${value} (limit: ${fact.limit})`;
}
