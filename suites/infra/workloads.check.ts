/** workloads-have-probes and workloads-have-resources: what the templates of all workloads of the profile's namespaces declare. */
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { readNamespaces } from "../../probes/kubernetes/namespaces.ts";
import { readWorkloads, type Workload } from "../../probes/kubernetes/workloads.ts";
import { check } from "../check.ts";
import { judgeProbes, judgeResources } from "./workloads.judge.ts";

check("workloads-have-probes", async ({ cluster, profile }) =>
  judgeProbes(await gather(cluster), profile.workloads.namespaces),
);

check("workloads-have-resources", async ({ cluster, profile }) =>
  judgeResources(await gather(cluster), profile.workloads.namespaces),
);

async function gather(
  cluster: Cluster,
): Promise<{ workloads: Reading<readonly Workload[]>; namespaces: Reading<readonly string[]> }> {
  const [workloads, namespaces] = await Promise.all([readWorkloads(cluster), readNamespaces(cluster)]);
  return { workloads, namespaces };
}
