/** prometheus-targets-up: what Prometheus scrapes, against the nodes and pods that there are. */
import { poll } from "../../harness/poll.ts";
import type { Verdict } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { readNodes } from "../../probes/kubernetes/nodes.ts";
import { readPods, readSelectedPods } from "../../probes/kubernetes/pods.ts";
import { readTargets } from "../../probes/observability/targets.ts";
import { check, type CheckContext } from "../check.ts";
import { isTooNew, judgeTargetsUp } from "./targets.judge.ts";

const askedAtOnce = 6;

/** A pod that has just been started is scraped for the first time within this. */
const firstScrapeMsMax = 60_000;

check("prometheus-targets-up", async (context) => {
  let verdict = await look(context);
  // Autoscaling starts pods at any moment. Only "not yet" is looked at again: a pass, a fail and every other gap stand as they are.
  if (isTooNew(verdict)) {
    await poll(
      async () => {
        verdict = await look(context);
        return isTooNew(verdict) ? { state: "not yet", seen: verdict.because } : { state: "yes", value: true };
      },
      { what: "the first scrape", timeoutMs: firstScrapeMsMax, everyMs: 3_000, signal: context.signal },
    );
  }
  return verdict;
});

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
