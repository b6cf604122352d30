/** One test of Vitest for one criterion: a verdict that is on disk before the test ends, whatever becomes of what gathers it. */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { inject, test } from "vitest";
import { criterionOf } from "../criteria/catalogue.ts";
import type { Profile } from "../environments/profile.ts";
import { within } from "../harness/poll.ts";
import { readSuccessor } from "../harness/successor.ts";
import { unproven, type Verdict } from "../harness/verdict.ts";
import { connect, type Cluster } from "../probes/kubernetes/cluster.ts";
import { readClusterIdentity } from "../probes/kubernetes/identity.ts";
import { recordInAllure } from "./allure-labels.ts";
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

/** `graceMs`: how long what gathers is waited for when its time is over, to put back what it did; its verdict does not count any more. */
export type Times = { readonly msMax: number; readonly graceMs: number };

/**
 * Declares the test of a criterion in the run that Vitest was started for.
 * @throws CriterionFailedAssertionError, CriterionNotProvenError inside the test, for Vitest's and Allure's reports
 */
export function judgedTest(
  id: string,
  profile: Profile,
  { msMax, graceMs }: Times,
  gather: (context: CheckContext) => Promise<Verdict>,
): void {
  const criterion = criterionOf(id);
  const run = inject("run");
  test(id, { timeout: msMax + graceMs + 10_000 }, async () => {
    const evidenceDirectory = join(run.directory, "evidence");
    mkdirSync(evidenceDirectory, { recursive: true });
    const started = performance.now();
    const verdict = await inTime({ msMax, graceMs }, async (signal) => {
      const cluster = connect(profile, signal);
      const { id: runId, clusterUid } = run;
      const judged = await gather({ profile, run: { id: runId, clusterUid }, cluster, signal, evidenceDirectory });
      // A drill that makes the cluster anew ends on another one, which the connection of before does not reach.
      const successor = run.drill?.replacesCluster === true ? readSuccessor(run.directory, clusterUid) : undefined;
      const reached = successor === undefined ? cluster : connect(profile, signal);
      return heldToCluster(judged, successor ?? clusterUid, await readClusterIdentity(reached));
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

/** Runs `gather` for at most `msMax`; an error and the end of the time both become unproven, with the reason. Never throws. */
export async function inTime(
  { msMax, graceMs }: Times,
  gather: (signal: AbortSignal) => Promise<Verdict>,
): Promise<Verdict> {
  const signal = AbortSignal.timeout(msMax);
  const gathering = gather(signal).catch((error: unknown) =>
    unproven(`the check threw: ${error instanceof Error ? error.message : String(error)}`),
  );
  const late = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const verdict = await Promise.race([gathering, late]);
  if (verdict !== undefined) return verdict;
  if (graceMs > 0) await within(graceMs, () => gathering).catch(() => undefined);
  return unproven(`the check did not end within ${msMax / 1000} s`);
}
