/** dapr-invocation-works: each application called through both sidecars, and its sidecar's port knocked at without a certificate. */
import { criterionOf } from "../../criteria/catalogue.ts";
import { invoke } from "../../probes/dapr-prober/sidecar.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { check } from "../check.ts";
import { judgeCalls } from "./dapr-invocation.judge.ts";

const atOnce = 2;

check("dapr-invocation-works", async ({ cluster, profile: { eventBus } }) => {
  const { samplesMin } = criterionOf("dapr-invocation-works").evidence;
  const { apps, namespace } = eventBus;
  const rounds = Array.from({ length: samplesMin }, () => apps).flat();
  const calls = await fewAtATime(rounds, atOnce, async (app) => ({
    app,
    invoked: await invoke(cluster, eventBus, app),
  }));
  return judgeCalls(calls, { apps, namespace, samplesMin });
});
