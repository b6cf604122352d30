/** nodes-healthy and node-count: what the API server and the kubelets' Leases say of every node. */
import { readNodeLeases, readNodes } from "../../probes/kubernetes/nodes.ts";
import { check } from "../check.ts";
import { judgeNodeCount, judgeNodesHealthy } from "./nodes.judge.ts";

check("nodes-healthy", async ({ cluster }) => {
  const [nodes, leases] = await Promise.all([readNodes(cluster), readNodeLeases(cluster)]);
  return judgeNodesHealthy({ nodes, leases }, new Date());
});

check("node-count", async ({ cluster, profile }) => judgeNodeCount({ nodes: await readNodes(cluster) }, profile.nodes));
