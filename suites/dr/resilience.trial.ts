/** What users notice of a pod that dies, a service that is scaled, a node that is lost, a dependency that is away, and a broken rollout. */
import { criterionOf } from "../../criteria/catalogue.ts";
import { read, unproven, unread, type Reading, type Verdict } from "../../harness/verdict.ts";
import { trial } from "../trial.ts";
import { timelineEvidenceFile } from "./drill-timeline.ts";
import {
  judgeDependencyOutage,
  judgeDisturbance,
  judgeNodeLoss,
  judgePodRestart,
  judgeRollback,
  judgeScaling,
  type DrillLimits,
  type Noticed,
} from "./resilience.judge.ts";
import { watchDrill } from "./watch-drill.ts";
import type { WatchedDrill } from "./watched-drill.ts";

/** "When a dependency is gone for a minute" (criterion dependency-outage-survived). */
const outageSecondsMin = 60;

/** Every drill that decides a criterion, as the catalogue names them, is judged alike. */
function watchedTrials(id: string, judge: (drill: WatchedDrill, limits: DrillLimits) => Verdict): void {
  for (const name of criterionOf(id).trial?.drills ?? []) {
    trial(id, name, async (context) => {
      const drill = await watchDrill(context, id);
      return drill.ok
        ? judge(drill.value, { file: timelineEvidenceFile(id), secondsMax: secondsMaxOf(id) })
        : unproven(drill.why);
    });
  }
}

/** The criterion's limit of time; 0 where it has none. */
function secondsMaxOf(id: string): number {
  const value = criterionOf(id).limits.find(({ unit }) => unit === "s")?.value;
  return typeof value === "number" ? value : 0;
}

watchedTrials("pod-restart-survived", judgePodRestart);

watchedTrials("scaling-survived", judgeScaling);

watchedTrials("node-loss-survived", judgeNodeLoss);

watchedTrials("dependency-outage-survived", (drill, limits) =>
  judgeDependencyOutage(drill, { ...limits, outageSecondsMin }),
);

watchedTrials("disturbance-survived", judgeDisturbance);

watchedTrials("rollback-restores-service", (drill, limits) => judgeRollback(drill, noticedBy(drill), limits));

/** The cluster's own word: a pod of the new version that waits for its image. Whoever rolls back by hand sees the same. */
function noticedBy({ observed }: WatchedDrill): Reading<Noticed> {
  const { felt, feltAtMs, fault } = observed;
  if (felt?.ok !== true || feltAtMs === undefined) return unread("it was not felt", fault, new Date());
  return read({ by: felt.value.what, atMs: feltAtMs }, felt.source, new Date(felt.at));
}
