/** After a drill that deletes its cluster: which one stands in its place. */
import type { Profile } from "../environments/profile.ts";
import type { RunPlan } from "../harness/run-plan.ts";
import { readSuccessor } from "../harness/successor.ts";
import type { Reading } from "../harness/verdict.ts";
import { connect } from "../probes/kubernetes/cluster.ts";
import { readClusterIdentity, type ClusterIdentity } from "../probes/kubernetes/identity.ts";

/** The new cluster as it answered, and the sentence for the ledger that names both. */
export type MadeAnew = {
  readonly identity: Extract<Reading<ClusterIdentity>, { readonly ok: true }>;
  readonly told: string;
};

/**
 * The cluster that took the place of the one a run began with: the drill may replace it, its process has written down which one did, and that one answers now.
 * @param from UID of the cluster that the run began with
 * @returns undefined where one of the three is not so: the ledger is about the old cluster then
 */
export async function readMadeAnew(
  {
    profile,
    drill,
    directory,
  }: {
    readonly profile: Profile;
    readonly drill?: Pick<NonNullable<RunPlan["drill"]>, "replacesCluster">;
    readonly directory: string;
  },
  from: string,
): Promise<MadeAnew | undefined> {
  if (drill?.replacesCluster !== true) return undefined;
  const to = readSuccessor(directory, from);
  if (to === undefined) return undefined;
  // A run that was interrupted has made it anew all the same.
  const identity = await readClusterIdentity(connect(profile, new AbortController().signal));
  if (!identity.ok || identity.value.uid !== to) return undefined;
  return { identity, told: `cluster ${from} was deleted, and cluster ${to} was made anew in its place` };
}
