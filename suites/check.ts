/** How a check is declared: gather readings, ask a judge, hand the verdict to the run. */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { inject, test } from "vitest";
import { recordInAllure } from "./allure-labels.ts";
import { criterionOf } from "../criteria/catalogue.ts";
import { profileSchema, type Profile } from "../environments/profile.ts";
import { unproven, type Verdict } from "../harness/verdict.ts";
import { connect, type Cluster } from "../probes/kubernetes/cluster.ts";
import { readClusterIdentity } from "../probes/kubernetes/identity.ts";
import { heldToCluster } from "./same-cluster.ts";

/** What a check may use: whom it judges and in which run, the read-only cluster, where evidence files go, and the end of its time. */
export type CheckContext = {
  readonly profile: Profile;
  /** What the check makes carries the run's id: as a label in Kubernetes, in its marks elsewhere (harness/mark.ts). */
  readonly run: { readonly id: string; readonly clusterUid: string };
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** Folder for files that a Fact names by `file`. */
  readonly evidenceDirectory: string;
};

/** A fail is an assertion, so that every report of Vitest and Allure calls it failed. */
export class CriterionFailedAssertionError extends Error {
  override name = "CriterionFailedAssertionError";
}

/** Unproven is not an assertion: Allure shows it as broken, in the category "Not proven". */
export class CriterionNotProvenError extends Error {
  override name = "CriterionNotProvenError";
}

/**
 * Declares the check of one criterion of the catalogue. The verdict is written to disk before the test ends;
 * whatever `gather` throws, running out of time, and another cluster than the run's behind the connection, is an unproven verdict,
 * never a pass and never lost.
 * @param id the criterion's id, as in criteria/
 * @param timeMs how long it may take, where that is not what the profile gives a check: a load run takes as long as its plan
 * @throws CriterionFailedAssertionError, CriterionNotProvenError inside the test, for Vitest's and Allure's reports
 */
export function check(
  id: string,
  gather: (context: CheckContext) => Promise<Verdict>,
  timeMs: (profile: Profile) => number = ({ timeouts }) => timeouts.checkMs,
): void {
  const criterion = criterionOf(id);
  const run = inject("run");
  if (!run.criteria.includes(id)) return;
  const profile = profileSchema.parse(run.profile);
  const msMax = timeMs(profile);
  test(id, { timeout: msMax + 10_000 }, async () => {
    const evidenceDirectory = join(run.directory, "evidence");
    mkdirSync(evidenceDirectory, { recursive: true });
    const started = performance.now();
    const verdict = await within(msMax, async (signal) => {
      const cluster = connect(profile, signal);
      const judged = await gather({
        profile,
        run: { id: run.id, clusterUid: run.clusterUid },
        cluster,
        signal,
        evidenceDirectory,
      });
      return heldToCluster(judged, run.clusterUid, await readClusterIdentity(cluster));
    });
    const durationMs = Math.round(performance.now() - started);
    appendFileSync(
      join(run.directory, "verdicts.jsonl"),
      `${JSON.stringify({ run: run.id, id, verdict, durationMs })}\n`,
    );
    await recordInAllure(criterion, verdict);
    if (verdict.outcome === "fail") throw new CriterionFailedAssertionError(verdict.because);
    if (verdict.outcome === "unproven") throw new CriterionNotProvenError(verdict.because);
  });
}

/** Runs `gather` for at most `ms`; an error and the end of the time both become unproven, with the reason. */
async function within(ms: number, gather: (signal: AbortSignal) => Promise<Verdict>): Promise<Verdict> {
  const signal = AbortSignal.timeout(ms);
  const late = new Promise<Verdict>((resolve) => {
    signal.addEventListener("abort", () => resolve(unproven(`the check did not end within ${ms / 1000} s`)), {
      once: true,
    });
  });
  try {
    return await Promise.race([gather(signal), late]);
  } catch (error) {
    return unproven(`the check threw: ${error instanceof Error ? error.message : String(error)}`);
  }
}
