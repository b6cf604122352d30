/** dapr-control-plane-healthy: the services' own word, and sentry's on its certificate. */
import { readControlPlane, readIssuerExpiry } from "../../probes/dapr/control-plane.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { check } from "../check.ts";
import { judgeControlPlane } from "./dapr-control-plane.judge.ts";

/** The service that signs the sidecars' certificates. */
const issuer = "dapr-sentry";
const podsMax = 10;

check("dapr-control-plane-healthy", async ({ cluster, profile: { eventBus } }) => {
  const { controlPlane: services, controlPlaneNamespace: namespace, daysLeftMin } = eventBus;
  const pods = await readControlPlane(cluster, namespace, services);
  const issuers = pods.ok
    ? pods.value.filter(({ service, ready }) => service === issuer && ready).slice(0, podsMax)
    : [];
  const expiries = await fewAtATime(issuers, 1, async ({ name }) => readIssuerExpiry(cluster, namespace, name));
  return judgeControlPlane({ pods, expiries }, { services, daysLeftMin }, new Date());
});
