/** Whether the certificates of the ingress are the ones that a client would accept, and for how long. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Presented } from "../../probes/http/certificate.ts";
import type { NoAnswer } from "../../probes/http/failure.ts";

/** What one address presents for one name. */
export type Handshake = {
  readonly host: string;
  readonly address: string;
  readonly reading: Reading<Presented | NoAnswer>;
};

const dayMs = 86_400_000;

/**
 * Fails for each certificate that lacks the name, whose chain does not lead to the authority, or that is outside its time or has fewer
 * days left than the limit, and for each address that presents none. An address that could not be looked at, and an authority that
 * could not be read, leave it unproven.
 * @param readings.addresses the addresses of the profile that could not be resolved
 * @param limits.daysLeftMin `profile.ingress.daysLeftMin`
 */
export function judgeCertificates(
  readings: {
    readonly authority: Reading<unknown>;
    readonly addresses: readonly Reading<unknown>[];
    readonly handshakes: readonly Handshake[];
  },
  limits: { readonly daysLeftMin: number },
  now: Date,
): Verdict {
  const gaps = [readings.authority, ...readings.addresses].flatMap((reading) => (reading.ok ? [] : [reading.why]));
  const faults: string[] = [];
  const faulty: Fact[] = [];
  const sound: Fact[] = [];
  for (const { host, address, reading } of readings.handshakes) {
    if (!reading.ok) {
      gaps.push(reading.why);
      continue;
    }
    if (
      reading.value.kind === "presented" &&
      !(isTime(reading.value.notBeforeMs) && isTime(reading.value.notAfterMs))
    ) {
      gaps.push(`the dates of the certificate of ${host} at ${address} are no times`);
      continue;
    }
    const found = faultsOf(reading.value, limits.daysLeftMin, now);
    if (found.length > 0) faults.push(`${host} at ${address}: ${found.join(", ")}`);
    (found.length > 0 ? faulty : sound).push(factOf({ host, address, reading: reading.value }, reading, limits, now));
  }
  const count = readings.handshakes.length;
  const held = `${count} certificates carry their name, a trusted chain and at least ${limits.daysLeftMin} days`;
  return conclude({ faults, gaps, facts: [...faulty, ...sound], held });
}

function faultsOf(presented: Presented | NoAnswer, daysLeftMin: number, now: Date): string[] {
  if (presented.kind !== "presented") return [`presents no certificate (${presented.kind}: ${presented.detail})`];
  const { nameMatches, names, untrusted, notBeforeMs, issuer } = presented;
  const daysLeft = daysLeftOf(presented, now);
  return [
    ...(nameMatches ? [] : [`the certificate is for ${names.join(" ") || "no name"}, not for this host`]),
    ...(untrusted === undefined ? [] : [`its chain is not trusted (${untrusted}, issued by ${issuer})`]),
    ...(notBeforeMs <= now.getTime() ? [] : [`it is valid only from ${new Date(notBeforeMs).toISOString()}`]),
    ...(daysLeft >= daysLeftMin ? [] : [`it has ${shown(daysLeft)} days left, fewer than ${daysLeftMin}`]),
  ];
}

function daysLeftOf(presented: Presented, now: Date): number {
  return (presented.notAfterMs - now.getTime()) / dayMs;
}

/** False for NaN, the infinities and what lies beyond the calendar. */
function isTime(ms: number): boolean {
  return !Number.isNaN(new Date(ms).getTime());
}

/** Rounded down, so that 20.99 days never read as 21. */
function shown(days: number): number {
  return Math.floor(days * 100) / 100;
}

function factOf(
  seen: { readonly host: string; readonly address: string; readonly reading: Presented | NoAnswer },
  { source, at }: { readonly source: string; readonly at: string },
  limits: { readonly daysLeftMin: number },
  now: Date,
): Fact {
  const limit = `at least ${limits.daysLeftMin} days`;
  if (seen.reading.kind !== "presented") {
    return { what: `certificate of ${seen.host} at ${seen.address}`, value: seen.reading.kind, limit, source, at };
  }
  return {
    what: `days left on the certificate of ${seen.host} at ${seen.address} (${seen.reading.fingerprint256.slice(0, 23)})`,
    value: shown(daysLeftOf(seen.reading, now)),
    unit: "days",
    limit,
    source,
    at,
  };
}
