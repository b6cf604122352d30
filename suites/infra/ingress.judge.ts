/** Whether the ingress leads every request to the right backend over HTTPS, and plain requests to HTTPS only. */
import type { Route } from "../../environments/profile.ts";
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { NoAnswer } from "../../probes/http/failure.ts";
import type { Answer } from "../../probes/http/request.ts";

/** A request of a route at one address, and what came of it. */
export type Routed = { readonly route: Route; readonly address: string; readonly reading: Reading<Answer | NoAnswer> };

/** A request for a host that nobody serves, at an address of the ingress. */
export type Control = Omit<Routed, "route">;

/**
 * Fails for each route that is answered with another status or from another backend, and for each address that refuses, resets or is
 * not trusted. The control is a host that does not exist: an address where the backend answers that too is unproven, because there the
 * backend's header does not show that the route was followed.
 * @param readings.addresses the addresses of the profile that could not be resolved
 * @param readings.controls at least one for each address
 */
export function judgeHttpsRouted(readings: {
  readonly authority: Reading<unknown>;
  readonly addresses: readonly Reading<unknown>[];
  readonly routed: readonly Routed[];
  readonly controls: readonly Control[];
}): Verdict {
  const { routed, controls } = readings;
  const backends = routed.flatMap(({ route }) => (route.backend === undefined ? [] : [route.backend]));
  const found = sortOut(routed, ({ route }, answer) => routeFault(route, backends, answer), expectedOf);
  const gaps = [...unreadOf([readings.authority, ...readings.addresses]), ...found.gaps];
  for (const { address, reading } of controls) {
    if (!reading.ok) gaps.push(`the control could not be asked: ${reading.why}`);
    else if (reading.value.kind === "answered" && backendOf(reading.value, backends) !== undefined) {
      gaps.push(
        `at ${address} ${backendOf(reading.value, backends)} answers a host that does not exist, too: its header does not show that a route was followed`,
      );
    }
  }
  const asked = new Set(controls.map(({ address }) => address));
  const without = routed.map(({ address }) => address).filter((address) => !asked.has(address));
  gaps.push(...[...new Set(without)].map((address) => `no control was asked at ${address}`));
  const held = `${routed.length} requests were answered by the right backend, and a host that does not exist by none`;
  return conclude({ faults: found.faults, gaps: [...new Set(gaps)], facts: found.facts, held });
}

/**
 * Fails for each plain request that is not answered by 301 or 308 to the same host and path over HTTPS: content, an error, a temporary
 * redirect, another host, and an address that refuses or resets.
 * @param limits.httpsPorts ports that the redirect may name; 443, which needs no naming, always may
 */
export function judgeHttpRedirected(
  readings: { readonly addresses: readonly Reading<unknown>[]; readonly routed: readonly Routed[] },
  limits: { readonly httpsPorts: readonly number[] },
): Verdict {
  const found = sortOut(
    readings.routed,
    ({ route }, answer) => redirectFault(route, limits.httpsPorts, answer),
    () => "301 or 308 to the same host and path over HTTPS",
  );
  const gaps = [...unreadOf(readings.addresses), ...found.gaps];
  const held = `${readings.routed.length} plain requests were redirected to HTTPS, none was served`;
  return conclude({ faults: found.faults, gaps, facts: found.facts, held });
}

function sortOut(
  routed: readonly Routed[],
  faultOf: (asked: Routed, answer: Answer) => string | undefined,
  limitOf: (asked: Routed) => string,
): { readonly faults: string[]; readonly gaps: string[]; readonly facts: Fact[] } {
  const faults: string[] = [];
  const gaps: string[] = [];
  const faulty: Fact[] = [];
  const sound: Fact[] = [];
  for (const asked of routed) {
    const { route, address, reading } = asked;
    if (!reading.ok) {
      gaps.push(reading.why);
      continue;
    }
    const { value, source, at } = reading;
    const fault = value.kind === "answered" ? faultOf(asked, value) : `no answer (${value.kind}: ${value.detail})`;
    if (fault !== undefined) faults.push(`${route.host}${route.path} at ${address}: ${fault}`);
    const measured = value.kind === "answered" ? value.status : value.kind;
    const fact: Fact = { what: `answer to ${source}`, value: measured, limit: limitOf(asked), source, at };
    (fault === undefined ? sound : faulty).push(fact);
  }
  return { faults, gaps, facts: [...faulty, ...sound] };
}

type Backend = NonNullable<Route["backend"]>;

function routeFault(route: Route, backends: readonly Backend[], answer: Answer): string | undefined {
  const status = answer.status === route.status ? [] : [`status ${answer.status} instead of ${route.status}`];
  const answeredBy = backendOf(answer, backends);
  if (route.backend === undefined) {
    const strangers = answeredBy === undefined ? [] : [`answered by ${answeredBy}, where no backend may answer`];
    return sentence([...status, ...strangers]);
  }
  const { header, value } = route.backend;
  const sent = answer.headers[header.toLowerCase()];
  const backend = sent === value ? [] : [`${header} is ${sent === undefined ? "absent" : `'${sent}'`}, not '${value}'`];
  return sentence([...status, ...backend]);
}

/** The first of the backends whose header stands in an answer. */
function backendOf(answer: Answer, backends: readonly Backend[]): string | undefined {
  return backends.find(({ header, value }) => answer.headers[header.toLowerCase()] === value)?.value;
}

function redirectFault(route: Route, httpsPorts: readonly number[], answer: Answer): string | undefined {
  if (answer.status !== 301 && answer.status !== 308) {
    const served = answer.status >= 200 && answer.status < 300 ? ": content is served in clear text" : "";
    return `status ${answer.status} instead of a permanent redirect${served}`;
  }
  const location = answer.headers["location"];
  if (location === undefined) return `status ${answer.status} without a Location`;
  if (!URL.canParse(location)) return `redirected to '${location}', which is no absolute address`;
  const to = new URL(location);
  const wanted = new URL(`https://${route.host}${route.path}`);
  const portFits = to.port === "" || httpsPorts.includes(Number(to.port));
  const same = to.hostname === wanted.hostname && to.pathname === wanted.pathname && to.search === wanted.search;
  return to.protocol === "https:" && portFits && same ? undefined : `redirected to '${location}'`;
}

function expectedOf({ route }: Routed): string {
  return route.backend === undefined
    ? `${route.status} from no backend`
    : `${route.status} with ${route.backend.header}: ${route.backend.value}`;
}

function unreadOf(readings: readonly Reading<unknown>[]): string[] {
  return readings.flatMap((reading) => (reading.ok ? [] : [reading.why]));
}

function sentence(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join(", ");
}
