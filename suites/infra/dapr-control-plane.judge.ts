/** Dapr's control plane: each of its services runs and calls itself healthy, and the certificate that it signs with is good for a while. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { ServicePod } from "../../probes/dapr/control-plane.ts";

export type Readings = {
  readonly pods: Reading<readonly ServicePod[]>;
  /** When the certificate that sidecars' own are signed by ends: one reading for each pod of sentry. */
  readonly expiries: readonly Reading<Date>[];
};

const dayMs = 86_400_000;

/** Every named service has a pod, each of its pods is ready and answers its health with 200; the certificate has `daysLeftMin` days or more. */
export function judgeControlPlane(
  { pods, expiries }: Readings,
  wanted: { readonly services: readonly string[]; readonly daysLeftMin: number },
  now: Date,
): Verdict {
  if (!pods.ok) return unproven(pods.why);
  const { source, at } = pods;
  const judged = wanted.services.map((service) => {
    const own = pods.value.filter((pod) => pod.service === service);
    const faults = own.length === 0 ? [`${service} has no pod`] : own.flatMap(faultsOf);
    const gaps = own.flatMap(({ name, health }) => (health.ok ? [] : [`${service} (pod ${name}): ${health.why}`]));
    return { service, faults, gaps: faults.length > 0 ? [] : gaps };
  });
  const certificates = expiries.map((expiry) => judgeExpiry(expiry, wanted.daysLeftMin, now));
  return conclude({
    faults: [...judged, ...certificates].flatMap(({ faults }) => faults),
    gaps: [
      ...[...judged, ...certificates].flatMap(({ gaps }) => gaps),
      ...(wanted.services.length === 0 ? ["the profile names no service"] : []),
      ...(expiries.length === 0 ? ["nobody tells when the certificate of the sidecars' issuer ends"] : []),
    ],
    facts: [
      {
        what: "services of the control plane not healthy",
        value: judged.filter(({ faults }) => faults.length > 0).length,
        unit: "services",
        limit: `0 of ${wanted.services.length}`,
        source,
        at,
      },
      ...certificates.flatMap(({ facts }) => facts),
    ],
    held: `all ${wanted.services.length} services of the control plane are healthy, and their certificate is good for ${wanted.daysLeftMin} days or more`,
  });
}

function faultsOf({ service, name, ready, health }: ServicePod): readonly string[] {
  if (!ready) return [`${service} (pod ${name}) is not ready`];
  return health.ok && health.value !== 200 ? [`${service} (pod ${name}) calls itself unhealthy: ${health.value}`] : [];
}

function judgeExpiry(
  expiry: Reading<Date>,
  daysLeftMin: number,
  now: Date,
): { readonly faults: readonly string[]; readonly gaps: readonly string[]; readonly facts: readonly Fact[] } {
  if (!expiry.ok) return { faults: [], gaps: [expiry.why], facts: [] };
  const days = (expiry.value.getTime() - now.getTime()) / dayMs;
  const shown = Math.floor(days);
  const limit = `at least ${daysLeftMin}`;
  const fact = { what: "days left of the sidecars' issuer", value: shown, unit: "days", limit, ...placeOf(expiry) };
  const fault = `the certificate of the sidecars' issuer has ${shown} days left, fewer than ${daysLeftMin}`;
  return { faults: days < daysLeftMin ? [fault] : [], gaps: [], facts: [fact] };
}

function placeOf({ source, at }: Reading<unknown>): Pick<Fact, "source" | "at"> {
  return { source, at };
}
