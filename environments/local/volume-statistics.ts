/** The last thing a new cluster lacks: its kubelets measure volumes from time to time only, and a volume that was never measured is unproven. */
import { z } from "zod";
import { poll, type Look } from "../../harness/poll.ts";
import type { Engine } from "./engine.ts";
import { kubectl } from "./kubectl.ts";

const named = z.object({ metadata: z.object({ name: z.string(), namespace: z.string() }) });
const claims = z.object({ items: z.array(named.extend({ status: z.object({ phase: z.string() }) })) });
const pods = z.object({ items: z.array(named) });
const measured = z.object({
  volumes: z.array(
    z.object({ namespace: z.string(), claim: z.string(), capacityBytes: z.number(), usedBytes: z.number() }),
  ),
});

const waitMsMax = 120_000;
const everyMs = 2_000;

/**
 * Waits until a kubelet has measured every bound claim, as the probers tell it.
 * @throws Error that names the claims that were not measured in time
 */
export async function volumesMeasured(engine: Engine, signal: AbortSignal): Promise<void> {
  const look = async (): Promise<Look<true>> => {
    const missing = await unmeasured(engine, signal);
    return missing.length === 0 ? { state: "yes", value: true } : { state: "not yet", seen: missing.join(", ") };
  };
  const found = await poll(look, { what: "volumes measured by their kubelets", timeoutMs: waitMsMax, everyMs, signal });
  signal.throwIfAborted();
  if (!found.ok) throw new Error(found.why);
}

async function unmeasured(engine: Engine, signal: AbortSignal): Promise<string[]> {
  const ask = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await kubectl(engine, ["get", ...args], { signal })).stdout);
  const bound = claims
    .parse(await ask("persistentvolumeclaims", "--all-namespaces", "-o", "json"))
    .items.filter(({ status }) => status.phase === "Bound")
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const probers = pods.parse(await ask("pods", "-n", "oke-proof", "-l", "app.kubernetes.io/name=prober", "-o", "json"));
  const known = new Set<string>();
  for (const { metadata } of probers.items) {
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}:8080/proxy/volumes`;
    for (const { namespace, claim } of measured.parse(await ask("--raw", path)).volumes)
      known.add(`${namespace}/${claim}`);
  }
  return bound.filter((claim) => !known.has(claim));
}
