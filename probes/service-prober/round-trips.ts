/** What a data service does with what is written to it, and with who has no right to it: asked of the prober that stands beside it. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { timestamp } from "../kubernetes/shapes.ts";

const failure = z.object({
  kind: z.enum(["refused-credentials", "connection-refused", "timeout", "dns", "service-error", "other"]),
  detail: z.string(),
});

/** Lists and texts that no honest prober exceeds. */
const listMax = 100;
const textMax = 1_000;
const text = z.string().max(textMax);

/** The answer of a prober. */
export const roundTrips = z.object({
  target: z.string().min(1),
  kind: z.enum(["sql", "redis", "object-store", "queue"]),
  nonce: z.string().min(1),
  at: timestamp,
  trips: z
    .array(
      z.union([
        z.object({ written: text.min(1), read: z.array(text).max(listMax), ms: z.number().min(0) }),
        z.object({ written: text.min(1), failure }),
      ]),
    )
    .max(listMax),
  refusals: z
    .array(z.union([z.object({ as: text.min(1), answered: text }), z.object({ as: text.min(1), failure })]))
    .max(listMax),
});

/**
 * Round trips of values that this ask alone made, and attempts without credentials. `read` is all that came back for `written`: one value where
 * all is well, none where it was lost, two where it came twice. `ms` is the trip's duration by the prober's clock.
 */
export type RoundTrips = Readonly<z.output<typeof roundTrips>>;

/** The prober tries a service for as long as half a minute before it says that it got nothing. */
const answerMs = 45_000;

/**
 * Has the prober take `samples` round trips through one of its targets. `ok: false` where it does not answer, answers of another target, or of
 * another ask than this one.
 */
export async function readRoundTrips(
  cluster: Cluster,
  profile: Pick<Profile, "serviceProber">,
  target: string,
  samples: number,
): Promise<Reading<RoundTrips>> {
  const { namespace, pod, port } = profile.serviceProber;
  const proxy = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
  const nonce = randomUUID();
  const path = `${proxy}/round-trips/${encodeURIComponent(target)}`;
  const answer = await cluster.postJson(path, { nonce, samples }, roundTrips, { requestMs: answerMs });
  if (!answer.ok) return answer;
  const { value, source, at } = answer;
  const strange = value.trips.filter(({ written }) => !written.startsWith(`${nonce}:`));
  if (value.target === target && value.nonce === nonce && strange.length === 0) return answer;
  return unread(`prober ${namespace}/${pod} answered another question than that about ${target}`, source, new Date(at));
}
