/** dapr-sidecars-injected and dapr-components-loaded: what is declared, and what each sidecar says of itself. */
import { readComponents } from "../../probes/dapr/components.ts";
import { readDaprPods, readSidecar } from "../../probes/dapr/sidecars.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import type { Reading } from "../../harness/verdict.ts";
import { check } from "../check.ts";
import { judgeComponents, judgeSidecars, type PodReading } from "./dapr-sidecars.judge.ts";
import { onceOldEnough } from "./once-old-enough.ts";

const askedAtOnce = 4;

check("dapr-sidecars-injected", async ({ cluster, profile: { eventBus }, signal }) =>
  onceOldEnough(
    async () => judgeSidecars(await readSidecars(cluster, eventBus.namespace), eventBus.apps, new Date()),
    signal,
  ),
);

check("dapr-components-loaded", async ({ cluster, profile: { eventBus }, signal }) => {
  const components = await readComponents(cluster, eventBus.namespace);
  return onceOldEnough(
    async () => judgeComponents(components, await readSidecars(cluster, eventBus.namespace), eventBus.apps, new Date()),
    signal,
  );
});

async function readSidecars(cluster: Cluster, namespace: string): Promise<Reading<readonly PodReading[]>> {
  const pods = await readDaprPods(cluster, namespace);
  if (!pods.ok) return pods;
  const value = await fewAtATime(pods.value, askedAtOnce, async (pod) => ({
    pod,
    sidecar: await readSidecar(cluster, namespace, pod.name),
  }));
  return { ...pods, value };
}
