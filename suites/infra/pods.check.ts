/** pods-running: every pod, what it was made from, and what the workloads want. */
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
import { judgePods } from "./pods.judge.ts";

check("pods-running", async ({ cluster, profile }) => {
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
  const readings = { pods, namespaces, workloads, jobs, nodes, leases, replicaSets, revisions, scalings, creations };
  return judgePods(readings, { ...profile.pods, platform: profile.workloads.namespaces }, new Date());
});
