/** What users have of a platform that is asked for more than it can serve. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sayHowMade } from "../../fixtures/faults/made-by-trial.ts";
import { usualRate } from "../../fixtures/faults/overload.ts";
import { lookAtWorkloads } from "../dr/steady-workloads.ts";
import { trial } from "../trial.ts";
import { judgeOverload } from "./overload.judge.ts";
import { overloadEvidence, overloadEvidenceFile } from "./overload-evidence.ts";
import { overloadLimits } from "./overload-limits.ts";
import { overloading } from "./overloaded.ts";
import { shownBy } from "./shown.judge.ts";

trial("overload-degrades-gracefully", "overload", async (context) => {
  const { cluster, evidenceDirectory, planned, profile, run } = context;
  const limits = overloadLimits(usualRate(profile));
  const surging = overloading(context, limits.recoverySecondsMax);
  sayHowMade(run.id, surging.making);
  const observed = await context.perform(async () => lookAtWorkloads(cluster, planned.namespaces));
  const readings = surging.readings();
  const evidence = readings === undefined ? undefined : overloadEvidence(readings, limits);
  if (evidence !== undefined) writeFileSync(join(evidenceDirectory, overloadEvidenceFile), JSON.stringify(evidence));
  return shownBy(observed, readings, (found) => judgeOverload(found, limits));
});
