/** The restore drill: a whole namespace is destroyed and comes back, and its data are verified where users get them and where they lie. */
import { criterionOf } from "../../criteria/catalogue.ts";
import { unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import { restoreStages, type RestoreRun } from "../../probes/restore/restore-run.ts";
import { trial, type TrialContext } from "../trial.ts";
import { gatherRestore } from "./gathered-restore.ts";
import { judgeRecoveryPoint, judgeRestoreData, judgeRestoreTime } from "./restore.judge.ts";

const drillName = "restore";
const time = "restore-within-two-hours";
const data = "restore-data-intact";
const point = "restore-recovery-point";

/** The first limit of a criterion. @throws Error where that is no number */
function limitOf(id: string): number {
  const value = criterionOf(id).limits[0]?.value;
  if (typeof value !== "number") throw new Error(`the first limit of ${id} is no number`);
  return value;
}

/** One drill for all three. */
let gathered: Promise<Reading<RestoreRun>> | undefined;

async function judged(context: TrialContext, judge: (run: RestoreRun) => Verdict): Promise<Verdict> {
  gathered ??= gatherRestore(context, { criteria: [time, data, point], secondsMax: limitOf(time) });
  const found = await gathered;
  return found.ok ? judge(found.value) : unproven(found.why);
}

trial(time, drillName, async (context) =>
  judged(context, (run) => judgeRestoreTime(run, { stages: restoreStages, secondsMax: limitOf(time) })),
);

trial(data, drillName, async (context) =>
  judged(context, (run) => judgeRestoreData(run, { samplesMin: criterionOf(data).evidence.samplesMin })),
);

trial(point, drillName, async (context) =>
  judged(context, (run) => judgeRecoveryPoint(run, { hoursMax: limitOf(point) })),
);
