/** kafka-topics-exist: the broker's own list, and a topic that nobody made. */
import { randomUUID } from "node:crypto";
import { demandTopic, readTopics } from "../../probes/dapr-prober/kafka.ts";
import { check } from "../check.ts";
import { judgeTopics } from "./kafka-topics.judge.ts";

check("kafka-topics-exist", async ({ cluster, profile: { eventBus } }) => {
  // Listed first: what is asked for afterwards cannot have made them.
  const topics = await readTopics(cluster, eventBus);
  const demand = await demandTopic(cluster, eventBus, `oke-proof-${randomUUID()}`);
  return judgeTopics({ topics, demand }, eventBus.topics);
});
