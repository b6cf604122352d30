/** One look of a soak: the platform's routes asked from here, and what the gateway has counted. */
import { randomBytes } from "node:crypto";
import type { Profile } from "../../environments/profile.ts";
import type { Seen, Traffic } from "../../harness/soak/lines.ts";
import type { Verdict } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { readAuthority } from "../../probes/http/authority.ts";
import { resolveAll } from "../../probes/http/endpoints.ts";
import { request } from "../../probes/http/request.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { readTraffic } from "../../probes/observability/traffic.ts";
import { judgeHttpsRouted } from "../infra/ingress.judge.ts";

const requestsAtOnce = 8;

/** Looks once, as `ingress-https-routed` does: every route at every address, and a host that nobody serves as the control. */
export async function lookAtPlatform(
  profile: Pick<Profile, "ingress" | "observability" | "timeouts">,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<Seen> {
  const [asked, traffic] = await Promise.all([
    askRoutes(profile, signal),
    readTraffic(cluster, profile.observability, new Date()),
  ]);
  return { ingress: stateOf(asked, traffic), traffic };
}

export type AskedRoutes = {
  readonly verdict: Verdict;
  /** The first route that gave no answer in time. */
  readonly silent?: string;
};

async function askRoutes(
  { ingress, timeouts }: Pick<Profile, "ingress" | "timeouts">,
  signal: AbortSignal,
): Promise<AskedRoutes> {
  const { https, caFile, routes } = ingress;
  const timeoutMs = timeouts.requestMs;
  const authority = await readAuthority(caFile);
  const { addresses, endpoints } = await resolveAll(https, { timeoutMs, signal });
  if (!authority.ok) return { verdict: judgeHttpsRouted({ authority, addresses, routed: [], controls: [] }) };
  const common = { authority: authority.value, timeoutMs, signal };
  const nobody = `oke-proof-${randomBytes(6).toString("hex")}.invalid`;
  const pairs = endpoints.flatMap((endpoint) => routes.map((route) => ({ endpoint, route })));
  const routed = await fewAtATime(pairs, requestsAtOnce, async ({ endpoint, route }) => ({
    route,
    address: endpoint.label,
    reading: await request({ endpoint, host: route.host, path: route.path, ...common }),
  }));
  const controls = await fewAtATime(endpoints, requestsAtOnce, async (endpoint) => {
    const { host, path } = routes[0] ?? { host: nobody, path: "/" };
    return { address: endpoint.label, reading: await request({ endpoint, host, path, hostHeader: nobody, ...common }) };
  });
  const silent = routed.flatMap(({ reading }) => (reading.ok ? [] : [reading.why]))[0];
  return {
    verdict: judgeHttpsRouted({ authority, addresses, routed, controls }),
    ...(silent === undefined ? {} : { silent }),
  };
}

/**
 * Whether the platform answered. Silence alone is nobody's fault: this machine may have no network. Where the cluster's API server answered at
 * the same moment it has, and the silence is the platform's.
 */
export function stateOf({ verdict, silent }: AskedRoutes, traffic: Traffic): Seen["ingress"] {
  const because = verdict.because.slice(0, becauseCharactersMax);
  if (verdict.outcome === "pass") return { state: "answered", because };
  if (verdict.outcome === "fail") return { state: "unanswered", because };
  return silent !== undefined && traffic.ok
    ? { state: "unanswered", because: silent.slice(0, becauseCharactersMax) }
    : { state: "unseen", because };
}

const becauseCharactersMax = 500;
