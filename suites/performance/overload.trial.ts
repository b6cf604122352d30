/** What users have of a platform that is asked for more than it can serve. */
import { sayHowMade } from "../../fixtures/faults/made-by-trial.ts";
import { lookAtWorkloads } from "../dr/steady-workloads.ts";
import { trial } from "../trial.ts";
import { judgeOverload } from "./overload.judge.ts";
import { overloadLimits } from "./overload-limits.ts";
import { overloading, usualRate } from "./overloaded.ts";
import { shownBy } from "./shown.judge.ts";

trial("overload-degrades-gracefully", "overload", async (context) => {
  const { cluster, planned, profile, run } = context;
  const limits = overloadLimits(usualRate(profile));
  const surging = overloading(context, limits.recoverySecondsMax);
  sayHowMade(run.id, surging.making);
  const observed = await context.perform(async () => lookAtWorkloads(cluster, planned.namespaces));
  return shownBy(observed, surging.readings(), (readings) => judgeOverload(readings, limits));
});
