/** Requests of the profile's routes at every address of the ingress, each address by itself. */
import { randomBytes } from "node:crypto";
import type { Address, Route } from "../../environments/profile.ts";
import { readAuthority } from "../../probes/http/authority.ts";
import { resolveEndpoints } from "../../probes/http/endpoints.ts";
import { request } from "../../probes/http/request.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeHttpRedirected, judgeHttpsRouted, type Control, type Routed } from "./ingress.judge.ts";

const requestsAtOnce = 16;

check("ingress-https-routed", async ({ profile, signal }) => {
  const { https, caFile, routes } = profile.ingress;
  const timeoutMs = profile.timeouts.requestMs;
  const authority = await readAuthority(caFile);
  const { addresses, endpoints } = await endpointsOf(https, { profile, signal });
  if (!authority.ok) return judgeHttpsRouted({ authority, addresses, routed: [], controls: [] });
  // A name below .invalid belongs to nobody; the connection itself is made for a host of the ingress, so that TLS stands.
  const nobody = `oke-proof-${randomBytes(6).toString("hex")}.invalid`;
  const hosts = [...new Set(routes.map(({ host }) => host))];
  const asked = endpoints.flatMap((endpoint) => [
    ...routes.map((route) => ({ endpoint, host: route.host, path: route.path, route })),
    ...hosts.map((host) => ({ endpoint, host, path: "/", hostHeader: nobody })),
  ]);
  const routed: Routed[] = [];
  const controls: Control[] = [];
  await fewAtATime(asked, requestsAtOnce, async (one) => {
    const reading = await request({ ...one, authority: authority.value, timeoutMs, signal });
    const address = one.endpoint.label;
    if ("route" in one) routed.push({ route: one.route, address, reading });
    else controls.push({ address, reading });
  });
  return judgeHttpsRouted({ authority, addresses, routed, controls });
});

check("ingress-http-redirected", async ({ profile, signal }) => {
  const { https, http, routes } = profile.ingress;
  const timeoutMs = profile.timeouts.requestMs;
  const { addresses, endpoints } = await endpointsOf(http, { profile, signal });
  const pairs = endpoints.flatMap((endpoint) => differing(routes).map((route) => ({ endpoint, route })));
  const routed = await fewAtATime(pairs, requestsAtOnce, async ({ endpoint, route }): Promise<Routed> => {
    const reading = await request({ endpoint, host: route.host, path: route.path, timeoutMs, signal });
    return { route, address: endpoint.label, reading };
  });
  return judgeHttpRedirected({ addresses, routed }, { httpsPorts: https.map(({ port }) => port) });
});

async function endpointsOf(
  profileAddresses: readonly Address[],
  { profile, signal }: Pick<CheckContext, "profile" | "signal">,
) {
  const timeoutMs = profile.timeouts.requestMs;
  const addresses = await fewAtATime(profileAddresses, requestsAtOnce, async (one) =>
    resolveEndpoints(one, { timeoutMs, signal }),
  );
  return { addresses, endpoints: addresses.flatMap((reading) => (reading.ok ? reading.value : [])) };
}

/** One route of each host and path. */
function differing(routes: readonly Route[]): readonly Route[] {
  return [...new Map(routes.map((route) => [`${route.host}${route.path}`, route])).values()];
}
