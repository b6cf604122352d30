/** Publishing through Dapr: what it took stands in the broker's log, and an application out of scope is refused by its own, healthy sidecar. */
import { conclude, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Found } from "../../probes/dapr-prober/kafka.ts";
import type { Published, SidecarHealth } from "../../probes/dapr-prober/sidecar.ts";

/** One publication by the application in scope and one by that out of it; each event is known by its nonce. */
export type Publication = {
  readonly nonce: string;
  readonly published: Reading<Published>;
  readonly found: Reading<Found>;
  readonly outsider: {
    readonly health: Reading<SidecarHealth>;
    readonly published: Reading<Published>;
    readonly found: Reading<Found>;
  };
};

/** A sidecar answers an application out of scope 403 (the topic is not for it) or 404 (it has no such component). */
const refusals: readonly number[] = [403, 404];

type Judged = { readonly faults: readonly string[]; readonly gaps: readonly string[] };
const gap = (why: string): Judged => ({ faults: [], gaps: [why] });
const fault = (why: string): Judged => ({ faults: [why], gaps: [] });
const held: Judged = { faults: [], gaps: [] };

/**
 * Every event that the sidecar took is in the broker's log with its content; every publication of the outsider was refused and is not in
 * the log. The outsider's refusal counts only beside a publication that the same broker took, and from a sidecar that calls itself healthy.
 */
export function judgePublications(publications: readonly Publication[], samplesMin: number): Verdict {
  const delivered = publications.map(deliveryOf);
  const refused = publications.map((one, index) => refusalOf(one, delivered[index] === held));
  const last = publications.at(-1);
  const { source = "the sidecar", at = "" } = last?.published ?? {};
  const samples = delivered.filter(({ gaps }) => gaps.length === 0).length;
  const tried = refused.filter(({ gaps }) => gaps.length === 0).length;
  return conclude({
    faults: [...delivered, ...refused].flatMap(({ faults }) => faults),
    gaps: [
      ...[...delivered, ...refused].flatMap(({ gaps }) => gaps),
      ...(publications.length < samplesMin ? [`${publications.length} publications, fewer than ${samplesMin}`] : []),
    ],
    facts: [
      ...(samples === 0
        ? []
        : [
            {
              what: "published events lost or altered",
              value: count(delivered),
              unit: "events",
              limit: "0",
              source,
              at,
              samples,
            },
          ]),
      ...(tried === 0
        ? []
        : [
            {
              what: "publications by an application out of scope that were accepted",
              value: count(refused),
              unit: "publications",
              limit: "0",
              source: last?.outsider.published.source ?? source,
              at,
              samples: tried,
            },
          ]),
    ],
    held: `all ${samples} events published through Dapr are in the broker's log, and ${tried} of an application out of scope were refused`,
  });
}

const count = (judged: readonly Judged[]): number => judged.flatMap(({ faults }) => faults).length;

function deliveryOf({ nonce, published, found }: Publication): Judged {
  if (!published.ok) return gap(published.why);
  const { status, body } = published.value.published;
  if (status !== 204) return gap(`the sidecar did not take the event: ${status} ${codeOf(body)}`);
  if (!found.ok) return gap(found.why);
  const { topic, messages, complete } = found.value;
  if (!complete) return gap(`the log of ${topic} was not read to its end`);
  const [first] = messages;
  if (first === undefined) return fault(`the event ${nonce} was taken by Dapr and is not in the log of ${topic}`);
  return isWhole(first.value, nonce) ? held : fault(`the event ${nonce} stands altered in the log of ${topic}`);
}

function refusalOf({ nonce, outsider }: Publication, controlHeld: boolean): Judged {
  const { health, published, found } = outsider;
  if (!published.ok) return gap(published.why);
  const { status, body } = published.value.published;
  if (status < 300)
    return fault(`the sidecar of an application out of scope took an event to ${published.value.topic}`);
  if (found.ok && found.value.messages.length > 0) {
    return fault(`the event ${nonce} of an application out of scope was refused and is in the log all the same`);
  }
  if (!refusals.includes(status))
    return gap(`the outsider's sidecar did not refuse, it failed: ${status} ${codeOf(body)}`);
  if (!found.ok) return gap(found.why);
  if (!found.value.complete) return gap(`the log of ${found.value.topic} was not read to its end`);
  if (!health.ok) return gap(health.why);
  if (health.value.health.status !== 204)
    return gap(`the outsider's sidecar is not healthy: ${health.value.health.status}`);
  return controlHeld
    ? held
    : gap("the outsider was refused, and so was the application in scope: the refusal proves nothing");
}

function codeOf(body: string): string {
  return /"errorCode":"([A-Z_]+)"/.exec(body)?.[1] ?? "";
}

/** The event as it was published: CloudEvents in JSON, with our data. */
function isWhole(value: string, nonce: string): boolean {
  try {
    const event: unknown = JSON.parse(value);
    if (typeof event !== "object" || event === null || !("data" in event)) return false;
    const { data } = event;
    return typeof data === "object" && data !== null && "nonce" in data && data.nonce === nonce;
  } catch {
    return false;
  }
}
