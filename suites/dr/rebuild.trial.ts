/** The rebuild of the whole cluster: it is deleted, made anew from code and backup, and its data are verified where users get them and where they lie. */
import { criterionOf } from "../../criteria/catalogue.ts";
import { unproven } from "../../harness/verdict.ts";
import { rebuildStages } from "../../probes/restore/restore-run.ts";
import { trial } from "../trial.ts";
import { gatherRebuild } from "./gathered-rebuild.ts";
import { judgeRestoreTime } from "./restore.judge.ts";

const id = "rebuild-within-four-hours";

trial(id, "rebuild", async (context) => {
  const secondsMax = criterionOf(id).limits[0]?.value;
  if (typeof secondsMax !== "number") throw new Error(`the first limit of ${id} is no number`);
  const found = await gatherRebuild(context, { criterion: id, secondsMax });
  return found.ok ? judgeRestoreTime(found.value, { stages: rebuildStages, secondsMax }) : unproven(found.why);
});
