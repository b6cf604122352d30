/** dapr-pubsub-delivers: published through Dapr, read from the broker's log without it. */
import { randomUUID } from "node:crypto";
import { criterionOf } from "../../criteria/catalogue.ts";
import type { EventBus, Vantage } from "../../probes/dapr-prober/ask.ts";
import { findSince, readBounds, type Found } from "../../probes/dapr-prober/kafka.ts";
import { publish, readOwnSidecar, type Published } from "../../probes/dapr-prober/sidecar.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import type { Reading } from "../../harness/verdict.ts";
import { check } from "../check.ts";
import { judgePublications, type Publication } from "./dapr-pubsub.judge.ts";

check("dapr-pubsub-delivers", async ({ cluster, profile: { eventBus } }) => {
  const { samplesMin } = criterionOf("dapr-pubsub-delivers").evidence;
  const rounds = Array.from({ length: samplesMin }, () => randomUUID());
  const publications = await fewAtATime(rounds, 1, async (nonce): Promise<Publication> => {
    const health = await readOwnSidecar(cluster, eventBus, "outOfScope");
    const outsider = await publishAndLook(cluster, eventBus, `${nonce}-out`, "outOfScope");
    return { nonce, ...(await publishAndLook(cluster, eventBus, nonce, "inScope")), outsider: { ...outsider, health } };
  });
  return judgePublications(publications, samplesMin);
});

async function publishAndLook(
  cluster: Cluster,
  bus: EventBus,
  nonce: string,
  as: Vantage,
): Promise<{ readonly published: Reading<Published>; readonly found: Reading<Found> }> {
  const bounds = await readBounds(cluster, bus, bus.probeTopic);
  if (!bounds.ok) return { published: bounds, found: bounds };
  const published = await publish(cluster, bus, { topic: bus.probeTopic, nonce, as });
  // Dapr answers when the broker has acknowledged: what is not in the log now will not come.
  return { published, found: await findSince(cluster, bus, bounds.value, nonce) };
}
