/** kafka-round-trip: messages to each partition of each topic, read back from the log without a consumer group. */
import { randomUUID } from "node:crypto";
import { criterionOf } from "../../criteria/catalogue.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { findSince, probeEvent, produce, readBounds } from "../../probes/dapr-prober/kafka.ts";
import { check } from "../check.ts";
import { judgeRoundTrips, type RoundTrip } from "./kafka-round-trip.judge.ts";

check("kafka-round-trip", async ({ cluster, profile: { eventBus } }) => {
  const { samplesMin } = criterionOf("kafka-round-trip").evidence;
  const topics = eventBus.topics.map(({ name }) => name);
  const rounds = Array.from({ length: samplesMin }, () => topics).flat();
  const trips = await fewAtATime(rounds, 1, async (topic): Promise<RoundTrip> => {
    const nonce = randomUUID();
    const bounds = await readBounds(cluster, eventBus, topic);
    if (!bounds.ok) return { topic, sent: [], produced: bounds, found: bounds };
    const sent = bounds.value.partitions.map((_, index) => probeEvent(nonce, index));
    const produced = await produce(cluster, eventBus, topic, sent);
    return { topic, sent, produced, found: await findSince(cluster, eventBus, bounds.value, nonce) };
  });
  return judgeRoundTrips(trips, { topics, samplesMin });
});
