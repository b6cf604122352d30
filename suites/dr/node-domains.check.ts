/** nodes-spread-over-domains: the labels of the nodes. */
import { readNodeDomains } from "../../probes/kubernetes/node-domains.ts";
import { check } from "../check.ts";
import { judgeNodeDomains } from "./node-domains.judge.ts";

check("nodes-spread-over-domains", async ({ cluster }) => judgeNodeDomains(await readNodeDomains(cluster)));
