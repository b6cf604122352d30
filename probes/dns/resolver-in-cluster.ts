/** What names resolve to inside the cluster, seen from a prober pod through the API server. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { askProber, type Prober } from "../kubernetes/proxy.ts";
import { canonical } from "./canonical.ts";
import type { DnsAnswer } from "./answer.ts";
import type { Question } from "./reply.ts";

const types = ["A", "AAAA", "CNAME"] as const;

export const resolution = z.union([
  z.object({
    name: z.string().min(1),
    type: z.enum(types),
    answers: z.array(z.string().min(1)),
    resolver: z.string(),
    elapsedMs: z.number().min(0),
  }),
  z.object({ error: z.object({ code: z.string().min(1), message: z.string() }) }),
]);

/** The codes of c-ares that are answers of the name server. All others mean that there was none. */
const outcomes: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "NXDOMAIN"],
  ["ENODATA", "NODATA"],
  ["ESERVFAIL", "SERVFAIL"],
  ["EREFUSED", "REFUSED"],
]);

/** Asks one prober for one record. A name server that did not answer the prober is `ok: false`. */
export async function resolveInCluster(
  cluster: Cluster,
  profile: Pick<Profile, "prober">,
  prober: Pick<Prober, "pod" | "node">,
  question: Question,
): Promise<Reading<DnsAnswer>> {
  const query = new URLSearchParams({ name: question.name, type: question.type });
  const found = await askProber(cluster, profile, prober.pod, `/resolve?${query.toString()}`, resolution);
  if (!found.ok) return found;
  const source = `prober ${prober.pod} on ${prober.node}`;
  const at = new Date(found.at);
  if ("error" in found.value) {
    const { code, message } = found.value.error;
    const outcome = outcomes.get(code);
    if (outcome === undefined) return unread(`${source} asked for ${question.name}: ${code} ${message}`, source, at);
    return read({ ...question, outcome, answers: [], resolver: source }, source, at);
  }
  const { name, type, answers, resolver, elapsedMs } = found.value;
  if (canonical(name) !== canonical(question.name) || type !== question.type) {
    return unread(
      `${source} was asked for ${question.name} ${question.type} and answered for ${name} ${type}`,
      source,
      at,
    );
  }
  const sorted = answers.map(canonical).toSorted();
  const outcome = sorted.length === 0 ? "NODATA" : "NOERROR";
  return read({ ...question, outcome, answers: sorted, resolver: `${source} (${resolver})`, elapsedMs }, source, at);
}
