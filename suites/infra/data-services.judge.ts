/** Data services: what was written comes back unaltered, once, and nobody is answered without credentials. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { RoundTrips } from "../../probes/service-prober/round-trips.ts";

type Trip = RoundTrips["trips"][number];
type Attempt = RoundTrips["refusals"][number];

/** Answers of the service itself, to a client that it knew. */
const ofService = "service-error";
const shownAtMost = 80;

/**
 * A trip whose value did not come back exactly once, as it was, is a fault; so is one that the service answered with an error, and one without an
 * answer where others of the same ask had one. Where none had one it cannot be told whether the service, the way to it or the prober's own
 * password failed: that is a gap. An attempt without credentials that was answered is a fault; one that ended in anything but a refusal
 * proves nothing. The trips are the live control of the refusals: a service that lets nobody in refuses everybody.
 * @param name the service as people call it, in the verdict's sentences
 * @param samplesMin trips that the criterion's evidence rule asks for
 */
export function judgeDataService(name: string, reading: Reading<RoundTrips>, samplesMin: number): Verdict {
  if (!reading.ok) return unproven(`${name}: ${reading.why}`);
  const { trips, refusals } = reading.value;
  const { source, at } = reading;
  const someAnswered = trips.some((trip) => !("failure" in trip) || trip.failure.kind === ofService);
  const lost = trips.flatMap((trip) => faultOf(trip, someAnswered) ?? []);
  const untold = trips.flatMap((trip) => (someAnswered || !("failure" in trip) ? [] : [whyOf(trip)]));
  const letIn = refusals.flatMap((attempt) => ("answered" in attempt ? [attempt] : []));
  const few = trips.length < samplesMin ? [`${trips.length} round trips, where ${samplesMin} are asked for`] : [];
  const noAttempt = refusals.length === 0 ? ["nobody tried it without credentials"] : [];
  const slowest = Math.max(...trips.flatMap((trip) => ("ms" in trip ? [trip.ms] : [])));
  const measured = { source, at, samples: trips.length };
  return conclude({
    faults: [
      ...letIn.map(({ as, answered }) => `${name} answered ${as} (${short(answered)})`),
      ...lost.map((fault) => `${name} ${fault}`),
    ],
    gaps: [
      ...new Set(untold.map((why) => `${name} gave no answer to a client that should have one: ${why}`)),
      ...refusals.flatMap((attempt) => gapOf(attempt)).map((gap) => `${name}: ${gap}`),
      ...[...few, ...noAttempt].map((gap) => `${name}: ${gap}`),
    ],
    facts: [
      {
        what: "round trips lost or altered",
        value: lost.length + untold.length,
        unit: "round trips",
        limit: `0 of ${trips.length}`,
        ...measured,
      },
      {
        what: "requests without credentials that were answered",
        value: letIn.length,
        unit: "requests",
        limit: `0 of ${refusals.length}`,
        source,
        at,
      },
      ...(Number.isFinite(slowest) ? [{ what: "slowest round trip", value: slowest, unit: "ms", ...measured }] : []),
    ],
    held: `${name} returned all of ${trips.length} values unaltered and refused all of ${refusals.length} clients without credentials`,
  });
}

/** The end of a sentence that begins with the service's name; undefined where the trip is well, or cannot be told. */
function faultOf(trip: Trip, someAnswered: boolean): string | undefined {
  if ("failure" in trip) {
    if (trip.failure.kind === ofService) return `refused a value of a client it knows: ${short(trip.failure.detail)}`;
    return someAnswered ? `lost a value that it should have kept: ${whyOf(trip)}` : undefined;
  }
  const { written, read } = trip;
  if (read.length === 0) return `lost a value: nothing came back for '${short(written)}'`;
  if (read.length > 1) return `returned a value ${read.length} times: '${short(written)}'`;
  return read[0] === written
    ? undefined
    : `altered a value: '${short(written)}' came back as '${short(read[0] ?? "")}'`;
}

function whyOf(trip: Extract<Trip, { failure: unknown }>): string {
  return `${trip.failure.kind} (${short(trip.failure.detail)})`;
}

function gapOf(attempt: Attempt): string[] {
  if (!("failure" in attempt) || attempt.failure.kind === "refused-credentials") return [];
  return [
    `it cannot be told whether ${attempt.as} is refused: ${attempt.failure.kind} (${short(attempt.failure.detail)})`,
  ];
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > shownAtMost ? `${line.slice(0, shownAtMost)}…` : line;
}
