/** The steady state of drills: every workload of the namespaces has all of its pods ready. */
import type { Profile } from "../../environments/profile.ts";
import type { Outcome } from "../../harness/verdict.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { readWorkloads } from "../../probes/kubernetes/workloads.ts";

const namedMax = 5;

/**
 * Where a drill's steady state is looked at: in the namespaces that it touches; in all that may be touched, where it touches none. Never in the harness's own: a
 * pod of ours that takes something of a node, and is evicted for it, is no part of the platform, and it is the others that are looked at.
 */
export function namespacesLookedAt(
  touched: readonly string[],
  { permits, prober }: Pick<Profile, "permits" | "prober">,
): readonly string[] {
  const others = (all: readonly string[]): readonly string[] => all.filter((name) => name !== prober.namespace);
  return others(touched).length > 0 ? others(touched) : others(permits.namespaces);
}

/** A namespace without a workload fails: what stood in it is gone. */
export async function lookAtWorkloads(
  cluster: Cluster,
  namespaces: readonly string[],
): Promise<{ readonly outcome: Outcome; readonly because: string }> {
  const workloads = await readWorkloads(cluster);
  if (!workloads.ok) return { outcome: "unproven", because: workloads.why };
  const own = workloads.value.filter(({ namespace }) => namespaces.includes(namespace));
  const few = own.filter(({ ready, wanted, observed }) => !observed || ready < wanted);
  const empty = namespaces.filter((name) => !own.some(({ namespace }) => namespace === name));
  if (namespaces.length === 0) return { outcome: "unproven", because: "no namespace was named" };
  if (empty.length > 0) return { outcome: "fail", because: `no workload stands in ${empty.join(", ")}` };
  if (few.length === 0) return { outcome: "pass", because: `${own.length} workloads are ready` };
  const named = few.slice(0, namedMax).map(({ namespace, name }) => `${namespace}/${name}`);
  return { outcome: "fail", because: `${few.length} workloads are not ready, as ${named.join(", ")}` };
}
