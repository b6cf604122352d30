/** prometheus-targets-up: what Prometheus scrapes, against the nodes and pods that there are. */
import type { Verdict } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { readNodes } from "../../probes/kubernetes/nodes.ts";
import { readPods, readSelectedPods } from "../../probes/kubernetes/pods.ts";
import { readTargets } from "../../probes/observability/targets.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeTargetsUp } from "./targets.judge.ts";
import { onceOldEnough } from "./once-old-enough.ts";

const askedAtOnce = 6;

check("prometheus-targets-up", async (context) => onceOldEnough(() => look(context), context.signal));

async function look({ cluster, profile }: CheckContext): Promise<Verdict> {
  const { scraped } = profile.observability;
  const [nodes, pods, workloads] = await Promise.all([
    readNodes(cluster),
    readPods(cluster),
    fewAtATime(scraped, askedAtOnce, async (one) => ({ ...one, pods: await readSelectedPods(cluster, one) })),
  ]);
  // Last, so that a pod that has gone since is not missed.
  const targets = await readTargets(cluster, profile.observability);
  return judgeTargetsUp({ targets, nodes, workloads, pods }, new Date());
}
