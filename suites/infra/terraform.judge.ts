/** The Terraform of the plans: formatted, of known arguments, within the allowance, and guarded. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import { judgeWithinAllowance } from "../../probes/terraform/allowance.judge.ts";
import type { Allowance } from "../../probes/terraform/allowance.ts";
import { judgeGuarded } from "../../probes/terraform/guards.judge.ts";
import type { TerraformPlan } from "../../probes/terraform/plan.ts";
import type { SourceFiles } from "../../probes/terraform/source-files.ts";

/** What was read of one environment's configuration. */
export type TerraformReadings = {
  readonly environment: string;
  readonly files: Reading<SourceFiles>;
  readonly plan: Reading<TerraformPlan>;
};

/** Every environment by every rule; the worst decides, and its sentence names the environment. */
export function judgeTerraform(environments: readonly TerraformReadings[], allowance: Allowance): Verdict {
  const judged = environments.flatMap(({ environment, files, plan }) =>
    [judgeFiles(files), judgeWithinAllowance(plan, allowance), judgeGuarded(plan, allowance)].map((verdict) => ({
      environment,
      verdict,
    })),
  );
  const because = (outcome: Verdict["outcome"]): string[] =>
    judged
      .filter(({ verdict }) => verdict.outcome === outcome)
      .map(({ environment, verdict }) => `${environment}: ${verdict.because}`);
  return conclude({
    faults: because("fail"),
    gaps: [...because("unproven"), ...(environments.length === 0 ? ["no plan is stated"] : [])],
    facts: judged
      .toSorted((one, other) => Number(other.verdict.outcome === "fail") - Number(one.verdict.outcome === "fail"))
      .flatMap(({ environment, verdict }) =>
        verdict.evidence.map((fact): Fact => ({ ...fact, what: `${environment}: ${fact.what}` })),
      ),
    held: `the Terraform of ${environments.map(({ environment }) => environment).join(" and ")} is formatted, within ${allowance.name} and guarded`,
  });
}

function judgeFiles(files: Reading<SourceFiles>): Verdict {
  if (!files.ok) return unproven(files.why);
  const { source, at, value } = files;
  const { folders, unformatted, unknownArguments } = value;
  const fact = (what: string, found: readonly string[]): Fact => ({
    what,
    value: found.length,
    limit: "0",
    source,
    at,
  });
  return conclude({
    faults: [
      ...unformatted.map((file) => `not formatted, or not to be read: ${file}`),
      ...unknownArguments.map((argument) => `${argument} is no argument that the provider knows`),
    ],
    gaps: folders.length === 0 ? ["no file was found"] : [],
    facts: [fact("files that terraform fmt would change", unformatted), fact("unknown arguments", unknownArguments)],
    held: `${folders.length} folders are formatted`,
  });
}
