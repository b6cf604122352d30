/** How a drill's verdicts are declared: make the drill, watch, ask a judge. Only `oke-proof drill` runs trials; `validate` never disturbs. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { profileSchema } from "../environments/profile.ts";
import { changingCluster } from "../fixtures/connect-changing.ts";
import type { PlannedDrill } from "../fixtures/faults/drill.ts";
import { defaults, graceMsMax } from "../fixtures/faults/drill-time.ts";
import { drillOf } from "../fixtures/faults/drills.ts";
import { whyNotAsAnnounced, whyNotPermitted, whyNotSafe } from "../fixtures/faults/guards.ts";
import { journalsOf } from "../fixtures/undo/journals.ts";
import { experiment, type ExperimentPlan, type Observed } from "../harness/experiment.ts";
import { tellProgress } from "../harness/progress.ts";
import type { RunPlan } from "../harness/run-plan.ts";
import { unproven, unread, type Reading, type Verdict } from "../harness/verdict.ts";
import { judgedTest, type CheckContext } from "./judged-test.ts";

/** The timeline of a drill in the run's evidence folder. */
export const timelineFile = (drillName: string): string => `drill-${drillName}.json`;

export type TrialContext = CheckContext & {
  readonly planned: PlannedDrill;
  /** Says a step to whoever waits at the terminal. */
  readonly say: (step: string) => void;
  /**
   * Makes the drill with the steady state that is given, once: who asks again is told what was seen then. Its timeline goes to the evidence folder.
   * What several criteria rest on besides is gathered by the first that asks, as suites/performance/load.check.ts does it.
   * @throws Error where the undo record could not be written: nothing was injected
   */
  perform(steady: ExperimentPlan["steady"]): Promise<Observed>;
};

/**
 * Declares what a drill says of one criterion, as `check` does for a look. A file of trials is a topic, with one call for each criterion and drill.
 * Where the drill cannot be planned, or would touch something else than was announced, the verdict is unproven and nothing is touched.
 * @param id the criterion's id, as in criteria/
 * @param drillName as in fixtures/faults/drills.ts
 */
export function trial(id: string, drillName: string, gather: (context: TrialContext) => Promise<Verdict>): void {
  const run = inject("run");
  const { drill: announced } = run;
  if (announced?.name !== drillName || !run.criteria.includes(id)) return;
  const profile = profileSchema.parse(run.profile);
  judgedTest(id, profile, { msMax: announced.msMax, graceMs: graceMsMax }, async (context) => {
    // Once for all criteria of the drill: when it is over, what it touched is not what it was.
    planning ??= planAsAnnounced(announced, context);
    const planned = await planning;
    if (!planned.ok) return unproven(planned.why);
    const say = (step: string): void => tellProgress(run.directory, `${drillName}: ${step}`);
    return gather({
      ...context,
      planned: planned.value,
      say,
      perform: async (steady) => (performing ??= perform(drillName, planned.value, { ...context, steady, say })),
    });
  });
}

/** A process makes one drill. */
let planning: Promise<Reading<PlannedDrill>> | undefined;
let performing: Promise<Observed> | undefined;

async function planAsAnnounced(
  announced: NonNullable<RunPlan["drill"]>,
  context: CheckContext,
): Promise<Reading<PlannedDrill>> {
  const { profile, run } = context;
  const drill = drillOf(announced.name);
  // Not the test's own signal: what was disturbed is put back when its time is over.
  const changing = changingCluster(profile, new AbortController().signal);
  const planned = await drill.plan({ ...context, changing });
  const refuse = (why: string): Reading<never> => unread(`${drill.name}: ${why}`, `run ${run.id}`, new Date());
  if (!planned.ok) return refuse(`could not be planned: ${planned.why}`);
  const refusal =
    whyNotPermitted(profile, drill) ??
    whyNotSafe(profile, planned.value, announced) ??
    whyNotAsAnnounced(announced, planned.value);
  return refusal === undefined ? planned : refuse(`was not begun: ${refusal}`);
}

async function perform(
  drillName: string,
  planned: PlannedDrill,
  context: CheckContext & Pick<ExperimentPlan, "steady" | "say">,
): Promise<Observed> {
  const { profile, run, signal, steady, say, evidenceDirectory } = context;
  const { fault, observeMs, feltWithinMs, recoverWithinMs, lostMsMax } = planned;
  const { actMsMax = defaults.actMsMax, everyMs = defaults.everyMs } = planned;
  const startedAt = new Date().toISOString();
  const observed = await experiment({
    runId: run.id,
    fault,
    steady,
    observeMs,
    everyMs,
    steadyWithinMs: defaults.steadyWithinMs,
    feltWithinMs,
    recoverWithinMs,
    lostMsMax,
    actMsMax,
    signal,
    ...(say === undefined ? {} : { say }),
    // The run's own end must not end the writing and forgetting of undo records.
    journals: planned.journals ?? journalsOf(profile, run.clusterUid, new AbortController().signal),
  });
  const timeline = {
    schemaVersion: 1,
    drill: drillName,
    startedAt,
    limits: { lostMsMax, recoverWithinMs },
    ...observed,
  };
  writeFileSync(join(evidenceDirectory, timelineFile(drillName)), JSON.stringify(timeline));
  return observed;
}
