/** pods-running: every pod, what it was made from, and what the workloads want. */
import { poll } from "../../harness/poll.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { readNamespaces } from "../../probes/kubernetes/namespaces.ts";
import { readNodeLeases, readNodes } from "../../probes/kubernetes/nodes.ts";
import {
  readControllerRevisions,
  readCreations,
  readJobs,
  readReplicaSets,
  readScalings,
} from "../../probes/kubernetes/owners.ts";
import { readPods } from "../../probes/kubernetes/pods.ts";
import { readWorkloads } from "../../probes/kubernetes/workloads.ts";
import { check } from "../check.ts";
import { addedSecondsMax, beingAdded } from "./added-pods.judge.ts";
import { judgePods, type Readings } from "./pods.judge.ts";

/** Between two looks at pods that are being added. */
const everyMs = 3_000;

check("pods-running", async ({ cluster, profile, signal }) => {
  const limits = { ...profile.pods, platform: profile.workloads.namespaces };
  // An autoscaler may add a pod at any moment: what is on its way is waited for, and the last look is the one that is judged.
  const looked = await poll<Readings>(
    async () => {
      const readings = await readAll(cluster);
      const added = beingAdded(readings, new Date());
      return added.length === 0 ? { state: "yes", value: readings } : { state: "not yet", seen: added.join(", ") };
    },
    { what: "the pods that are being added", timeoutMs: addedSecondsMax * 1000, everyMs, signal },
  );
  return judgePods(looked.ok ? looked.value : await readAll(cluster), limits, new Date());
});

async function readAll(cluster: Cluster): Promise<Readings> {
  // What pods were made from is read after them: the owner of a pod that came in between would be missing.
  const pods = await readPods(cluster);
  const [namespaces, workloads, jobs, nodes, leases, replicaSets, revisions, scalings, creations] = await Promise.all([
    readNamespaces(cluster),
    readWorkloads(cluster),
    readJobs(cluster),
    readNodes(cluster),
    readNodeLeases(cluster),
    readReplicaSets(cluster),
    readControllerRevisions(cluster),
    readScalings(cluster),
    readCreations(cluster),
  ]);
  return { pods, namespaces, workloads, jobs, nodes, leases, replicaSets, revisions, scalings, creations };
}
