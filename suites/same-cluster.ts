/** A verdict is about the cluster that the run is about, or about none. */
import { unproven, type Reading, type Verdict } from "../harness/verdict.ts";

/**
 * Holds a verdict against the cluster that answered the check's own connection, asked once the readings were taken: a kubeconfig that was
 * switched, and a cluster that was made anew, while the run went on. Another cluster makes every verdict unproven, an unreadable one a pass.
 * @param clusterUid the cluster that the run is about
 * @param identity the cluster that the check's connection reaches now
 */
export function heldToCluster(
  verdict: Verdict,
  clusterUid: string,
  identity: Reading<{ readonly uid: string }>,
): Verdict {
  if (identity.ok && identity.value.uid === clusterUid) return verdict;
  if (!identity.ok && verdict.outcome !== "pass") return verdict;
  const why = identity.ok
    ? `the run is about cluster ${clusterUid}, but ${identity.value.uid} answered this check`
    : `which cluster answered this check could not be read: ${identity.why}`;
  return unproven(`${why}; the check had said: ${verdict.because}`, verdict.evidence);
}
