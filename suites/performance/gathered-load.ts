/** The one load run of a run of checks, and what was watched beside it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Profile } from "../../environments/profile.ts";
import { k6Program } from "../../environments/local/programs.ts";
import { projectRoot } from "../../environments/settings.ts";
import { everybody } from "../../fixtures/undo/as-users.ts";
import { runK6 } from "../../fixtures/load/run-k6.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import { readNodesBeside } from "../../probes/load/nodes-beside.ts";
import type { CheckContext } from "../check.ts";
import { aroundLoad, type Watched } from "./around-load.ts";
import { loadEndpoints } from "./load-endpoints.ts";
import { loadEvidence, loadEvidenceFile } from "./load-evidence.ts";
import { latencyLimits, servedLimits } from "./load-limits.ts";
import { validityOf, type LoadNeeds, type Validity } from "./load.judge.ts";
import { resourceEvidence, resourceEvidenceFile } from "./resource-evidence.ts";
import { bandLimits } from "./resource-limits.ts";
import { readResources, type ResourceReadings } from "./resource-readings.ts";
import { isCalm } from "./scaling.judge.ts";
import { untilCalm } from "./scaling-watch.ts";
import { steadyRequest } from "./steady-request.ts";

/** A load whose answers are mostly errors has shown what it had to: it is not kept up. */
const budget = { errorPercentMax: 50, windowSeconds: 10, requestsMin: 100 } as const;

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
  const ask = await steadyRequest(profile, signal);
  await untilCalm(cluster, isCalm, { timeoutMs: calmMsMax, signal });
  const { load, watched } = await aroundLoad(() => makeLoad(context), { cluster, profile, ask, signal });
  const nodesBesideGenerator = await readNodesBeside(cluster);
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

/** Why this cluster may not be loaded; undefined where it may. A load is felt by everybody who uses it. */
function unpermitted({ name, permits }: Profile): string | undefined {
  if (permits.disturbances.includes("traffic")) return undefined;
  return `profile ${name} does not permit a load ("traffic" is not among permits.disturbances)`;
}

async function makeLoad({ profile, run, signal, evidenceDirectory }: CheckContext): Promise<Reading<LoadRun>> {
  const k6 = await k6Program();
  if (k6 === undefined)
    return unread("there is no k6: 'oke-proof up' builds it, or put release 1.x on the PATH", "the PATH", new Date());
  const sessions = await everybody(profile, signal)();
  if (!sessions.ok) return sessions;
  const users = sessions.value.map(({ user, tenant, token }) => ({ user, tenant, token }));
  return runK6({
    plan: profile.load,
    profile,
    users,
    runId: run.id,
    k6: k6.path,
    script: join(projectRoot, "suites", "performance", "k6", "load.ts"),
    directory: evidenceDirectory,
    budget,
    signal,
  });
}
