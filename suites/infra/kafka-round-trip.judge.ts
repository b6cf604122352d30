/** The broker keeps what it acknowledged: each message is read back from its place in the log, by somebody else than who sent it. */
import { conclude, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Found, LoggedMessage, Produced } from "../../probes/dapr-prober/kafka.ts";

/** One time that messages went to a topic: what was acknowledged, and what the log held from where it had ended before. */
export type RoundTrip = {
  readonly topic: string;
  readonly sent: readonly string[];
  readonly produced: Reading<Produced>;
  readonly found: Reading<Found>;
};

/** Every acknowledged message stands at its offset with its content. A message that the broker did not take is a gap: it promised nothing. */
export function judgeRoundTrips(
  trips: readonly RoundTrip[],
  wanted: { readonly topics: readonly string[]; readonly samplesMin: number },
): Verdict {
  const judged = wanted.topics.map((topic) => {
    const own = trips.filter((trip) => trip.topic === topic).map(judgeTrip);
    const acknowledged = own.reduce((sum, one) => sum + one.acknowledged, 0);
    return { topic, own, acknowledged };
  });
  const all = judged.flatMap(({ own }) => own);
  const faults = all.flatMap((one) => one.faults);
  const count = all.reduce((sum, one) => sum + one.acknowledged, 0);
  const last = trips.findLast(({ found }) => found.ok)?.found ?? trips[0]?.found;
  const { source = "the broker", at = "" } = last ?? {};
  return conclude({
    faults,
    gaps: [
      ...all.flatMap((one) => one.gaps),
      ...judged
        .filter(({ own }) => own.filter(({ gaps }) => gaps.length === 0).length < wanted.samplesMin)
        .map(
          ({ topic, own }) => `topic ${topic}: ${own.length} round trips, of which ${wanted.samplesMin} must be seen`,
        ),
    ],
    facts:
      count === 0
        ? []
        : [
            {
              what: "acknowledged messages lost or altered",
              value: faults.length,
              unit: "messages",
              limit: "0",
              source,
              at,
            },
            ...judged
              .filter(({ acknowledged }) => acknowledged > 0)
              .map(({ topic, own, acknowledged }) => ({
                what: `messages acknowledged on ${topic}`,
                value: acknowledged,
                unit: "messages",
                source,
                at,
                samples: own.length,
              })),
          ],
    held: `all ${count} messages that the broker acknowledged were read back, on ${wanted.topics.length} topics`,
  });
}

function judgeTrip({ topic, sent, produced, found }: RoundTrip): {
  readonly acknowledged: number;
  readonly faults: readonly string[];
  readonly gaps: readonly string[];
} {
  if (!produced.ok) return { acknowledged: 0, faults: [], gaps: [`topic ${topic}: ${produced.why}`] };
  const promised = produced.value.acknowledged;
  const untaken = sent.filter((value) => !promised.some((message) => message.value === value));
  const gaps =
    untaken.length === 0 ? [] : [`topic ${topic}: ${untaken.length} of ${sent.length} messages not acknowledged`];
  if (!found.ok) return { acknowledged: 0, faults: [], gaps: [...gaps, `topic ${topic}: ${found.why}`] };
  const { complete, messages } = found.value;
  if (!complete)
    return { acknowledged: 0, faults: [], gaps: [...gaps, `topic ${topic}: its log was not read to its end`] };
  return { acknowledged: promised.length, faults: promised.flatMap((one) => faultOf(topic, one, messages)), gaps };
}

function faultOf(topic: string, promised: LoggedMessage, messages: readonly LoggedMessage[]): readonly string[] {
  const there = messages.find(
    ({ partition, offset }) => partition === promised.partition && offset === promised.offset,
  );
  const place = `${topic}/${promised.partition} at offset ${promised.offset}`;
  if (there === undefined) return [`a message to ${place} was acknowledged and is lost`];
  return there.value === promised.value ? [] : [`a message to ${place} was acknowledged and is altered`];
}
