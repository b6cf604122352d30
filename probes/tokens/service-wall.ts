/** A service's own wall, with no gateway before it: asked by the prober that stands beside it, which also makes what only the signing key can. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import type { Met, Operation } from "./met.ts";

const token = z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/);
const refusable = z.object({ tokens: z.record(z.string().min(1), token) });
const said = z.object({
  service: z.string(),
  said: z.array(
    z.union([
      z.object({ status: z.int().min(100).max(599), backend: z.string().nullable() }),
      z.object({ failure: z.string() }),
    ]),
  ),
});

/** It asks one after the other, each for five seconds at most. */
const answerMs = 30_000;

/** Tokens with the platform's own signature that must be refused, by what is wrong with them. None is valid for anybody. */
export async function readRefusableTokens(
  cluster: Cluster,
  profile: Pick<Profile, "serviceProber">,
): Promise<Reading<Readonly<Record<string, string>>>> {
  const answer = await cluster.postJson(`${proxyOf(profile)}/refusable-tokens`, {}, refusable);
  return answer.ok ? read(answer.value.tokens, answer.source, new Date(answer.at)) : answer;
}

/** What a service says to each authorization, in their order. One that it did not answer is `ok: false` by itself. */
export async function meetBehindGateway(
  cluster: Cluster,
  profile: Pick<Profile, "serviceProber">,
  asked: {
    readonly service: string;
    readonly operation: Operation;
    readonly authorizations: readonly (string | undefined)[];
  },
): Promise<Reading<readonly Reading<Met>[]>> {
  const { service, operation, authorizations } = asked;
  const body = { ...operation, authorizations: authorizations.map((one) => one ?? null) };
  const path = `${proxyOf(profile)}/bearer-requests/${encodeURIComponent(service)}`;
  const answer = await cluster.postJson(path, body, said, { requestMs: answerMs });
  if (!answer.ok) return answer;
  const { value, at } = answer;
  const source = `${service} behind the gateway, ${operation.method} ${operation.path}`;
  if (value.service !== service || value.said.length !== authorizations.length) {
    return unread(`the prober answered another question than that about ${source}`, source, new Date(at));
  }
  const met = value.said.map((one): Reading<Met> => {
    if ("failure" in one) return unread(`${source}: ${one.failure}`, source, new Date(at));
    const { status, backend } = one;
    return read({ status, ...(backend === null ? {} : { backend }) }, source, new Date(at));
  });
  return read(met, source, new Date(at));
}

function proxyOf({ serviceProber: { namespace, pod, port } }: Pick<Profile, "serviceProber">): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
}
