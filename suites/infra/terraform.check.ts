/** terraform-modules-valid: the Terraform of the profile's plans, read from its files; neither provider nor account is needed. */
import { terraformProgram } from "../../environments/local/programs.ts";
import { unproven } from "../../harness/verdict.ts";
import { allowance202606 } from "../../probes/terraform/allowance.ts";
import { readPlan } from "../../probes/terraform/plan.ts";
import { readSourceFiles } from "../../probes/terraform/source-files.ts";
import { check } from "../check.ts";
import { judgeTerraform, type TerraformReadings } from "./terraform.judge.ts";

check("terraform-modules-valid", async ({ profile }) => {
  const program = terraformProgram();
  if (program === undefined) {
    return unproven("formatting cannot be asked for: no Terraform on the PATH: install 1.11 or later");
  }
  const now = new Date();
  const readings: TerraformReadings[] = [];
  for (const { environment, terraform } of profile.plans) {
    const { folder, variableFiles } = terraform;
    const files = await readSourceFiles(program, folder, now);
    readings.push({ environment, files, plan: await readPlan(folder, { variableFiles }, now) });
  }
  return judgeTerraform(readings, allowance202606);
});
