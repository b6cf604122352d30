/** Requests of the profile's routes at every address of the ingress, each address by itself. */
import { randomBytes } from "node:crypto";
import type { Route } from "../../environments/profile.ts";
import { readAuthority } from "../../probes/http/authority.ts";
import { resolveAll, type Endpoint } from "../../probes/http/endpoints.ts";
import { request } from "../../probes/http/request.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { check } from "../check.ts";
import { judgeHttpRedirected, judgeHttpsRouted, type Routed } from "./ingress.judge.ts";

const requestsAtOnce = 16;

check("ingress-https-routed", async ({ profile, signal }) => {
  const { https, caFile, routes } = profile.ingress;
  const timeoutMs = profile.timeouts.requestMs;
  const authority = await readAuthority(caFile);
  const { addresses, endpoints } = await resolveAll(https, { timeoutMs, signal });
  if (!authority.ok) return judgeHttpsRouted({ authority, addresses, routed: [], controls: [] });
  // A name below .invalid belongs to nobody; the connection itself is made for a host of the ingress, so that TLS stands.
  const nobody = `oke-proof-${randomBytes(6).toString("hex")}.invalid`;
  const trusted = { authority: authority.value, timeoutMs, signal };
  const ask = async (one: { endpoint: Endpoint; host: string; path: string; hostHeader?: string }) => ({
    address: one.endpoint.label,
    reading: await request({ ...one, ...trusted }),
  });
  const [routed, controls] = await Promise.all([
    fewAtATime(pairsOf(endpoints, routes), requestsAtOnce, async ({ endpoint, item: route }) => ({
      route,
      ...(await ask({ endpoint, host: route.host, path: route.path })),
    })),
    // On every path: a route without a host may take one of them only.
    fewAtATime(pairsOf(endpoints, differing(routes)), requestsAtOnce, async ({ endpoint, item: { host, path } }) =>
      ask({ endpoint, host, path, hostHeader: nobody }),
    ),
  ]);
  return judgeHttpsRouted({ authority, addresses, routed, controls });
});

check("ingress-http-redirected", async ({ profile, signal }) => {
  const { https, http, routes } = profile.ingress;
  const timeoutMs = profile.timeouts.requestMs;
  const { addresses, endpoints } = await resolveAll(http, { timeoutMs, signal });
  const pairs = pairsOf(endpoints, differing(routes));
  const routed = await fewAtATime(pairs, requestsAtOnce, async ({ endpoint, item: route }): Promise<Routed> => {
    const reading = await request({ endpoint, host: route.host, path: route.path, timeoutMs, signal });
    return { route, address: endpoint.label, reading };
  });
  return judgeHttpRedirected({ addresses, routed }, { httpsPorts: https.map(({ port }) => port) });
});

function pairsOf<T>(endpoints: readonly Endpoint[], items: readonly T[]): { endpoint: Endpoint; item: T }[] {
  return endpoints.flatMap((endpoint) => items.map((item) => ({ endpoint, item })));
}

/** One route of each host and path. */
function differing(routes: readonly Route[]): readonly Route[] {
  return [...new Map(routes.map((route) => [`${route.host}${route.path}`, route])).values()];
}
