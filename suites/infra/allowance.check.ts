/** requests-fit-free-tier: the charts with their OKE values, rendered, and the Terraform that makes room for them. */
import { helmProgram } from "../../environments/local/programs.ts";
import { unproven } from "../../harness/verdict.ts";
import { readPlannedSum, type PlannedSum } from "../../probes/charts/sum.ts";
import { allowance202606 } from "../../probes/terraform/allowance.ts";
import { check } from "../check.ts";
import { judgeRequestsFit } from "./allowance.judge.ts";

check("requests-fit-free-tier", async ({ profile }) => {
  const helm = await helmProgram();
  if (helm === undefined)
    return unproven("the charts cannot be rendered: no Helm: 'oke-proof up' builds it, or put it on the PATH");
  const now = new Date();
  const sums: PlannedSum[] = [];
  for (const plan of profile.plans) sums.push(await readPlannedSum(helm, plan, now));
  return judgeRequestsFit(sums, allowance202606, now);
});
