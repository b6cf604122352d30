/** What a prober in a workload's place reaches, one connection a target. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";

type Network = Profile["networkIntent"];

const tried = z.object({
  name: z.string().min(1),
  outcome: z.enum(["open", "refused", "unreachable", "timeout", "dns", "error"]),
  detail: z.string().max(1_000),
  ms: z.number().min(0),
});

const answer = z.object({ connectsAs: z.string().min(1), nonce: z.string().min(1), tried: z.array(tried).max(64) });

/** What came of one connection, in the words of the prober: see fixtures/apps/connection-prober/connect.ts. */
export type Tried = Readonly<z.output<typeof tried>>;

/** Besides the connection: the name before it, and the way to the prober and back. */
const besidesMs = 10_000;

/**
 * Has the prober in a place try each target once, all at the same time. `ok: false` where it does not answer, answers as another, for another
 * ask, or not for every target.
 */
export async function tryFrom(
  cluster: Cluster,
  { targets, proberPort, timeoutMs }: Network,
  { place, namespace }: Network["places"][number],
): Promise<Reading<readonly Tried[]>> {
  const nonce = randomUUID();
  const pod = `connects-as-${place}-0`;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${pod}:${proberPort}/proxy/connections`;
  const asked = { nonce, timeoutMs, targets: targets.map(({ name, host, port }) => ({ name, host, port })) };
  const found = await cluster.postJson(path, asked, answer, { requestMs: 2 * timeoutMs + besidesMs });
  if (!found.ok) return found;
  const { value, source, at } = found;
  const names = value.tried.map(({ name }) => name);
  const left = targets.filter(({ name }) => !names.includes(name));
  if (value.connectsAs !== place || value.nonce !== nonce || names.length !== targets.length || left.length > 0) {
    return unread(
      `prober ${namespace}/${pod} answered another question than that about ${place}`,
      source,
      new Date(at),
    );
  }
  return read(value.tried, source, new Date(at));
}
