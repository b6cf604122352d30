/** What a gate takes over from drills: their verdicts on this very cluster, by the criteria as they are now. Their age is weighed like any other. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Drill } from "../fixtures/faults/drill.ts";
import { scopeOf, type Criterion, type EnvironmentName } from "../harness/criterion.ts";
import type { Ledger } from "../harness/ledger.ts";
import { isNonEmpty, unproven, worst, type Verdict } from "../harness/verdict.ts";
import { readLedger } from "../reporters/ledger.ts";
import { criteriaVersion } from "./criteria-version.ts";
import { readVerdicts, type RecordedVerdict } from "./verdict-log.ts";

/** Runs that are looked at; beyond these a folder of reports is not tidy enough to rely on. */
const runsMax = 5_000;

/** The criteria in scope that no check decides, but a drill. */
export function drillCriteria(catalogue: readonly Criterion[], environment: EnvironmentName): readonly Criterion[] {
  return catalogue.filter(
    (criterion) => scopeOf(criterion, environment).in && criterion.check === undefined && criterion.trial !== undefined,
  );
}

/** Of these the ones that one drill decides. */
export function criteriaOfDrill(
  catalogue: readonly Criterion[],
  environment: EnvironmentName,
  drill: string,
): readonly Criterion[] {
  return drillCriteria(catalogue, environment).filter(({ trial }) => trial?.drills.includes(drill) === true);
}

type DrillRun = { readonly directory: string; readonly ledger: Ledger };

/**
 * The verdict of every criterion that drills decide: that of the newest run of each of its drills, the worst of them. A newer run that was cut
 * off, left something behind or asked for something else is never passed over for an older one that went well.
 * A drill that cannot be had in this environment is not asked for; the verdict says which those are, and why.
 * @param reports the folder of runs (reports/)
 * @param drills all there are
 * @returns asks for the cluster that the gate is about
 */
export function carriedVerdicts(
  catalogue: readonly Criterion[],
  environment: EnvironmentName,
  reports: string,
  drills: readonly Pick<Drill, "name" | "exceptIn">[],
): (clusterUid: string) => ReadonlyMap<string, RecordedVerdict> {
  return (clusterUid) => {
    const criteria = drillCriteria(catalogue, environment);
    if (criteria.length === 0) return new Map();
    const runs = drillRuns(reports).filter(
      ({ ledger: { run } }) => run.clusterUid === clusterUid && run.env === environment,
    );
    return new Map(
      criteria.map((criterion) => {
        const named = criterion.trial?.drills ?? [];
        const absent = named.flatMap((drill) => {
          const why = drills.find(({ name }) => name === drill)?.exceptIn?.[environment];
          return why === undefined ? [] : [{ drill, why }];
        });
        const asked = named.filter((drill) => !absent.some((one) => one.drill === drill));
        const verdicts = asked.map((drill) => {
          const newest = runs.find(({ ledger }) => ledger.run.command === `drill ${drill}`);
          const version = criteriaVersion(criteriaOfDrill(catalogue, environment, drill));
          return verdictOf(criterion, { drill, newest, version });
        });
        return [criterion.id, { verdict: told(together(verdicts), absent), durationMs: 0 }];
      }),
    );
  };
}

/** Newest first. What cannot be read is no run. */
function drillRuns(reports: string): readonly DrillRun[] {
  let names: readonly string[];
  try {
    names = readdirSync(reports, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));
  } catch {
    return [];
  }
  return names
    .toSorted()
    .slice(-runsMax)
    .flatMap((name): readonly DrillRun[] => {
      const directory = join(reports, name);
      try {
        const ledger = readLedger(join(directory, "ledger.json"));
        return ledger.run.command.startsWith("drill ") ? [{ directory, ledger }] : [];
      } catch {
        return [];
      }
    })
    .toSorted((one, other) => other.ledger.run.startedAt.localeCompare(one.ledger.run.startedAt));
}

type Found = { readonly drill: string; readonly newest: DrillRun | undefined; readonly version: string };

function verdictOf({ id }: Criterion, { drill, newest, version }: Found): Verdict {
  const again = `run 'oke-proof drill ${drill}' again`;
  if (newest === undefined) {
    return unproven(`drill ${drill} was not made on this cluster: run 'oke-proof drill ${drill}'`);
  }
  const { run, exitCode, criteria } = newest.ledger;
  const from = `drill ${drill}, run ${run.id}`;
  if (run.finishedAt === null || exitCode > 2) return unproven(`${from}, was not brought to its end: ${again}`);
  if (run.versions["criteria"] !== version) return unproven(`${from}, was judged by other criteria: ${again}`);
  const recorded = readVerdicts(join(newest.directory, "verdicts.jsonl"), run.id).get(id)?.verdict;
  const line = criteria.find((one) => one.id === id);
  if (recorded === undefined || line?.outcome !== recorded.outcome) {
    const why = line?.because ?? "its ledger says nothing of it";
    return unproven(`${from}: ${why}: ${again}`, recorded?.evidence ?? []);
  }
  return { ...recorded, because: `${recorded.because} (${from})` };
}

/** What the verdict does not rest on is said beside it. */
function told(verdict: Verdict, absent: readonly { readonly drill: string; readonly why: string }[]): Verdict {
  if (absent.length === 0) return verdict;
  const left = absent.map(({ drill, why }) => `${drill} (${why})`).join(", ");
  return { ...verdict, because: `${verdict.because}; not asked for here: ${left}` };
}

function together(verdicts: readonly Verdict[]): Verdict {
  const outcome = worst(verdicts.map((verdict) => verdict.outcome));
  const telling = verdicts.filter((verdict) => verdict.outcome === outcome);
  const because = telling.map((verdict) => verdict.because).join("; ");
  const evidence = telling.flatMap((verdict) => [...verdict.evidence]);
  return outcome === "unproven" || !isNonEmpty(evidence)
    ? unproven(because || "no drill decides it", evidence)
    : { outcome, because, evidence };
}
