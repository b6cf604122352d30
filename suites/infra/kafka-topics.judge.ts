/** Topics: there before anybody asks, and none made because somebody asks. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Demand, Topics } from "../../probes/dapr-prober/kafka.ts";

export type Readings = {
  readonly topics: Reading<Topics>;
  /** A topic that nobody made, asked for as a client does that would have it made. */
  readonly demand: Reading<Demand>;
};

/**
 * Every topic of the profile is listed with its partitions or more, and the broker did not make the made-up one. Where it would, a
 * topic that is listed proves nothing: a client may have asked for it first.
 */
export function judgeTopics(
  { topics, demand }: Readings,
  wanted: readonly { readonly name: string; readonly partitions: number }[],
): Verdict {
  if (!topics.ok) return unproven(topics.why);
  if (!demand.ok) return unproven(demand.why);
  const { source, at } = topics;
  const found = wanted.map(({ name, partitions }) => ({
    name,
    partitions,
    has: topics.value.topics.find((topic) => topic.name === name)?.partitions,
  }));
  const missing = found.flatMap(({ name, partitions, has }) => {
    if (has === undefined) return [`topic ${name} does not exist`];
    return has < partitions ? [`topic ${name} has ${has} of ${partitions} partitions`] : [];
  });
  const made = demand.value.existsAfterwards ? [`the broker made the topic ${demand.value.topic} on demand`] : [];
  return conclude({
    faults: [...made, ...missing],
    gaps: [
      ...(wanted.length === 0 ? ["the profile names no topic"] : []),
      // The broker's own word (UNKNOWN_TOPIC_OR_PARTITION): a question that never reached it makes no topic either.
      ...(made.length > 0 || /^unknown topic/i.test(demand.value.answer)
        ? []
        : [`whether the broker refuses ${demand.value.topic} cannot be told: ${demand.value.answer}`]),
    ],
    facts: [
      {
        what: "made-up topics that were created on demand",
        value: made.length,
        unit: "topics",
        limit: "0",
        source: demand.source,
        at: demand.at,
      },
      { what: "topics missing", value: missing.length, unit: "topics", limit: `0 of ${wanted.length}`, source, at },
      ...found.map(({ name, partitions, has }) => ({
        what: `partitions of ${name}`,
        value: has ?? "none",
        ...(has === undefined ? {} : { unit: "partitions" }),
        limit: `at least ${partitions}`,
        source,
        at,
      })),
    ],
    held: `all ${wanted.length} topics exist, and the broker refused to make another`,
  });
}
