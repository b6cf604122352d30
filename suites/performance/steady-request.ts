/** One small request to the platform through its ingress, over a new connection, that can be asked again and again. */
import type { Profile } from "../../environments/profile.ts";
import { readAuthority } from "../../probes/http/authority.ts";
import { resolveEndpoints } from "../../probes/http/endpoints.ts";
import { request } from "../../probes/http/request.ts";

/**
 * Asks the first route of the ingress that has a backend, and says whether that backend gave the answer of the profile. Every request makes a connection of
 * its own, so that the gateway chooses a pod for each.
 * @throws Error where the ingress cannot be resolved, or its authority cannot be read: a request that was never made is no answer
 */
export async function steadyRequest(
  { ingress, timeouts }: Pick<Profile, "ingress" | "timeouts">,
  signal: AbortSignal,
): Promise<() => Promise<boolean>> {
  const timeoutMs = timeouts.requestMs;
  const route = ingress.routes.find(({ backend }) => backend !== undefined);
  const [address] = ingress.https;
  if (route === undefined || address === undefined)
    throw new Error("the profile's ingress names no route with a backend to ask");
  const [authority, endpoints] = await Promise.all([
    readAuthority(ingress.caFile),
    resolveEndpoints(address, { timeoutMs, signal }),
  ]);
  if (!authority.ok) throw new Error(`the requests beside the load cannot be made: ${authority.why}`);
  if (!endpoints.ok) throw new Error(`the requests beside the load cannot be made: ${endpoints.why}`);
  const [endpoint] = endpoints.value;
  if (endpoint === undefined)
    throw new Error(`the requests beside the load cannot be made: ${address.host} has no address`);
  const { host, path, status, backend } = route;
  return async () => {
    const answer = await request({ endpoint, host, path, authority: authority.value, timeoutMs, signal });
    if (!answer.ok || answer.value.kind !== "answered") return false;
    const { headers, status: was } = answer.value;
    return was === status && headers[backend?.header.toLowerCase() ?? ""] === backend?.value;
  };
}
