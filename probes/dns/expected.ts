/** What a record of the profile must resolve to. */
import type { DnsRecord } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { readServiceAddress } from "../kubernetes/services.ts";
import { canonical } from "./canonical.ts";

/**
 * The answers that the profile states, or the cluster address of the Service that it names, read live; canonical and sorted.
 * `ok: false` where the Service cannot be read or has no address of the record's family.
 */
export async function expectedAnswers(cluster: Cluster, record: DnsRecord): Promise<Reading<readonly string[]>> {
  const { name, type, answers } = record;
  if (!("service" in answers)) return read(unique(answers), `the profile's record ${name}`, new Date());
  const found = await readServiceAddress(cluster, answers.service);
  if (!found.ok) return found;
  const { clusterIp } = found.value;
  const family = clusterIp.includes(":") ? "AAAA" : "A";
  const { namespace, name: service } = answers.service;
  return family === type
    ? read(unique([clusterIp]), found.source, new Date(found.at))
    : unread(`Service ${namespace}/${service} has no cluster address for a record ${type}`, found.source, new Date());
}

function unique(answers: readonly string[]): readonly string[] {
  return [...new Set(answers.map(canonical))].toSorted();
}
