/** The one load run of a run of checks, and what was watched beside it. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Profile } from "../../environments/profile.ts";
import { tellProgress } from "../../harness/progress.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import type { CheckContext } from "../check.ts";
import { aroundLoad, type Watched } from "./around-load.ts";
import { loadEndpoints } from "./load-endpoints.ts";
import { loadEvidence, loadEvidenceFile } from "./load-evidence.ts";
import { latencyLimits, servedLimits } from "./load-limits.ts";
import { validityOf, type LoadNeeds, type Validity } from "./load.judge.ts";
import { makeLoad, type MadeLoad } from "./make-load.ts";
import { resourceEvidence, resourceEvidenceFile } from "./resource-evidence.ts";
import { bandLimits } from "./resource-limits.ts";
import { readResources, type ResourceReadings } from "./resource-readings.ts";
import { isCalm } from "./scaling.judge.ts";
import { untilCalm } from "./scaling-watch.ts";
import { steadyRequest } from "./steady-request.ts";

/** What checks before the load made the autoscalers do is over by then, or the load says so. */
const calmMsMax = 60_000;

export type GatheredLoad = {
  readonly load: Reading<LoadRun>;
  readonly needs: LoadNeeds;
  readonly validity: Validity;
  readonly watched: Watched;
  /** What Prometheus holds of the time of the load; absent where there was none. */
  readonly resources?: ResourceReadings;
};

/**
 * Makes the load and watches, until the recovery is over; writes the evidence that the pictures are drawn of.
 * @throws Error where the profile does not permit a load: nothing was asked of the cluster then
 */
export async function gatherLoad(context: CheckContext): Promise<GatheredLoad> {
  const { profile, cluster, signal, evidenceDirectory } = context;
  const refused = unpermitted(profile);
  if (refused !== undefined) throw new Error(refused);
  // Evidence stands in a folder of the run's own.
  const say = (line: string): void => tellProgress(dirname(evidenceDirectory), line);
  const ask = await steadyRequest(profile, signal);
  say(`load: it begins when no autoscaler is at work, within ${calmMsMax / 1000} s`);
  await untilCalm(cluster, isCalm, { timeoutMs: calmMsMax, signal });
  const making = loadMaker(context, say);
  const { load, watched } = await aroundLoad(making.make, { cluster, profile, ask, signal, say });
  say("load: what Prometheus holds of it is read");
  const nodesBesideGenerator = await making.nodesBeside();
  const needs = { usersRoadmap: servedLimits().usersMin, nodesBesideGenerator, evidenceFile: loadEvidenceFile };
  const validity = validityOf(load, needs);
  if (!load.ok) return { load, needs, validity, watched };
  const { reasons } = validity;
  const limits = {
    p95Ms: latencyLimits(95, loadEndpoints).latencyMsMax,
    p99Ms: latencyLimits(99, loadEndpoints).latencyMsMax,
    failedPercent: servedLimits().failedPercentMax,
  };
  const evidence = loadEvidence(load.value, { limits, endpoints: loadEndpoints, reasons });
  writeFileSync(join(evidenceDirectory, loadEvidenceFile), JSON.stringify(evidence));
  const resources = await readResources({ cluster, profile }, { load: load.value, validity, watched });
  const used = resourceEvidence(resources.nodeUse, bandLimits(profile), watched.looks);
  writeFileSync(join(evidenceDirectory, resourceEvidenceFile), JSON.stringify(used));
  return { load, needs, validity, watched, resources };
}

/** The load, and where it was made: that is known only of a load that was. */
function loadMaker(context: CheckContext, say: (line: string) => void) {
  let made: MadeLoad | undefined;
  return {
    make: async (): Promise<Reading<LoadRun>> => {
      made = await makeLoad(context, say);
      return made.load;
    },
    nodesBeside: async (): Promise<Reading<readonly string[]>> =>
      made === undefined ? unread("no load was made", "the load", new Date()) : made.nodesBeside(),
  };
}

/** Why this cluster may not be loaded; undefined where it may. A load is felt by everybody who uses it. */
function unpermitted({ name, permits }: Profile): string | undefined {
  if (permits.disturbances.includes("traffic")) return undefined;
  return `profile ${name} does not permit a load ("traffic" is not among permits.disturbances)`;
}
