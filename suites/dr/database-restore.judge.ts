/** What following the runbook of the database restore shows: every step did what it says, and the rows are those of the chosen moment. */
import { conclude, type Fact, type Verdict } from "../../harness/verdict.ts";
import type { DatabaseRestoreRun } from "../../probes/restore/restore-run.ts";
import { inSeconds } from "./restore-stages.judge.ts";

/** Rows of after the moment must have been written, or nothing shows that they are gone. */
const laterRowsMin = 1;

/**
 * `database-restore-tested`. Rows that were accepted before the chosen moment must be there, unaltered; those accepted after it must not.
 * What was accepted within it may be there or not.
 * @param limits.rowsMin how many rows of before the moment there must be
 */
export function judgeDatabaseRestore(run: DatabaseRestoreRun, limits: { readonly rowsMin: number }): Verdict {
  const { database, chosen, rows, found, corrupted } = run;
  const steps = weighSteps(run);
  const before = rows.filter(({ accepted }) => accepted.ms < chosen.from.ms);
  const after = rows.filter(({ accepted }) => accepted.ms > chosen.until.ms);
  const states = new Map((found.ok ? found.value : []).map((one) => [one.id, one]));
  const stateOf = ({ id }: { readonly id: string }) => states.get(id)?.state ?? "unread";
  const wrong = [
    ...(["missing", "altered"] as const).map((state) => ({
      what: state,
      some: before.filter((row) => stateOf(row) === state),
      of: before.length,
    })),
    {
      what: "from after the chosen moment",
      some: after.filter((row) => stateOf(row) === "intact" || stateOf(row) === "altered"),
      of: after.length,
    },
  ];
  const unread = [...before, ...after].filter((row) => stateOf(row) === "unread");
  const gaps = [
    ...(corrupted.ok ? [] : [`whether ${database} was corrupted could not be told: ${corrupted.why}`]),
    ...(found.ok ? [] : [`the rows of ${database} could not be read: ${found.why}`]),
    ...(found.ok && unread.length > 0 ? [`${unread.length} rows were not looked at`] : []),
    ...(before.length < limits.rowsMin
      ? [`${before.length} rows were accepted before the chosen moment, where ${limits.rowsMin} are asked for`]
      : []),
    ...(after.length < laterRowsMin
      ? ["no row was accepted after the chosen moment: nothing shows that it was reached"]
      : []),
    ...(chosen.until.ms >= chosen.from.ms ? [] : ["the chosen moment ends before it begins"]),
  ];
  const gone = wrong.reduce((sum, { some }) => sum + some.length, 0);
  return conclude({
    faults: [
      ...wrong.flatMap(({ what, some, of }) =>
        some.length === 0 ? [] : [`${some.length} of ${of} rows are ${what}, as ${some[0]?.id ?? ""}`],
      ),
      ...steps.faults,
    ],
    gaps: [...steps.gaps, ...gaps],
    facts: [
      factOf(run, "rows lost, altered, or from after the chosen moment", gone, {
        unit: "rows",
        limit: `0 of ${before.length + after.length}`,
        samples: before.length + after.length - unread.length,
      }),
      factOf(run, "steps that did not do what the runbook says", steps.faults.length, {
        unit: "steps",
        limit: `0 of ${run.runbook.length}`,
      }),
      factOf(run, "width of the chosen moment", inSeconds(chosen.until.ms - chosen.from.ms), { unit: "s" }),
      ...(corrupted.ok ? [corrupted.value] : []),
    ],
    held: `${run.runbook.length} steps of the runbook did what they say, and ${database} holds the ${before.length} rows of the chosen moment`,
  });
}

/** Every step of the document, once, in its order; a step of none is another runbook. */
function weighSteps({ runbook, steps }: DatabaseRestoreRun): { readonly faults: string[]; readonly gaps: string[] } {
  const faults: string[] = [];
  const gaps: string[] = runbook.length === 0 ? ["the runbook has no steps"] : [];
  for (const { name, seen } of steps) {
    if (!seen.ok) gaps.push(`nobody could see what '${name}' did: ${seen.why}`);
    else if (!seen.value) faults.push(`'${name}' did not do what the runbook says`);
  }
  const followed = steps.map(({ name }) => name);
  const left = runbook.filter((name) => !followed.includes(name));
  if (left.length > 0) gaps.push(`${left.length} steps were not followed, as '${left[0] ?? ""}'`);
  else if (followed.join("\n") !== runbook.join("\n")) gaps.push("what was followed is not the runbook, step by step");
  return { faults, gaps };
}

function factOf(
  { database, ended, file }: DatabaseRestoreRun,
  what: string,
  value: number,
  more: Pick<Fact, "unit" | "limit" | "samples">,
): Fact {
  return { what, value, ...more, source: database, at: ended.at, file };
}
