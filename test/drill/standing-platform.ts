/** The local cluster as it stands before a drill, and whether it stands so again: seen as the administrator, and by `oke-proof undo`. */
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { loadProfile } from "../../environments/load.ts";
import { readSettings } from "../../environments/settings.ts";
import { plantingCluster, type PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { connect, type Cluster } from "../../probes/kubernetes/cluster.ts";
import { differencesFromBaseline, takeBaseline, type Baseline } from "../crash/platform-inventory.ts";
import { makeOnce, writersStanding } from "../crash/writers.ts";
import { restoreSight } from "../prove/blinded.ts";
import { okeProof } from "../prove/command.ts";

export type StandingPlatform = {
  readonly cluster: PlantingCluster;
  readonly admin: Cluster;
  /** Waits until every object is as it was and every workload whole. @returns what is not, a line each */
  whatDiffers(): Promise<readonly string[]>;
  /** The same with what the applications hold, and with what `oke-proof undo` would still take away. */
  whatIsLeft(): Promise<readonly string[]>;
  /** What stands now is what is compared with from here on. */
  takeAsItIs(): Promise<void>;
};

const settleMs = 300_000;

/**
 * Looks at the platform at once.
 * @param clear takes away what an earlier run that died may have left planted
 * @throws Error where it is not whole, or cannot be seen
 */
export async function standingPlatform(clear: (cluster: PlantingCluster) => Promise<void>): Promise<StandingPlatform> {
  const { kubeconfig, caFile, caKeyFile, appsImage } = readLocalCluster();
  const runId = `prove-${process.pid}`;
  const cluster = plantingCluster({ kubeconfig, runId, appsImage, certificateFile: caFile, keyFile: caKeyFile });
  const { timeouts } = loadProfile("local", readSettings());
  const admin = connect({ cluster: { kubeconfig }, timeouts }, new AbortController().signal);
  await restoreSight(cluster);
  await clear(cluster);
  await makeOnce(writersStanding());
  const undone = await undoneNow();
  if (undone !== undefined) throw new Error(`before anything was done: ${undone}`);
  let baseline: Baseline = await takeBaseline(admin, cluster);
  for (const title of baseline.moving) console.log(`moves by itself, and is not compared: ${title}`);
  const differing = async (applications: boolean): Promise<readonly string[]> =>
    differencesFromBaseline({ admin, cluster, baseline, applications, settleMs });
  return {
    cluster,
    admin,
    whatDiffers: async () => differing(false),
    async whatIsLeft() {
      const left = await undoneNow(true);
      return [...(left === undefined ? [] : [left]), ...(await differing(true))];
    },
    async takeAsItIs() {
      baseline = await takeBaseline(admin, cluster);
    },
  };
}

/** @param nothing whether there must have been nothing to undo. @returns what `oke-proof undo` said, where it is not well */
async function undoneNow(nothing = false): Promise<string | undefined> {
  const { exitCode, output } = await okeProof(["undo", "--env", "local"]);
  const isWell = exitCode === 0 && (!nothing || /^undo: 0 removed/m.test(output));
  return isWell ? undefined : `undo ended with ${exitCode}: ${output}`;
}
