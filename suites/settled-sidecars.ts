/** Waiting for sidecars that are on their way: an autoscaler may add one at any moment, and a pod that has no address yet tells nothing. */
import { poll } from "../harness/poll.ts";
import { readDaprPods } from "../probes/dapr/sidecars.ts";
import type { CheckContext } from "./check.ts";

const settledMsMax = 60_000;
const everyMs = 2_000;

/** Comes back when every sidecar of a namespace is ready, when they cannot be listed, or after a minute: what is read then is judged. */
export async function sidecarsSettled(
  { cluster, signal }: Pick<CheckContext, "cluster" | "signal">,
  namespace: string,
): Promise<void> {
  await poll<true>(
    async () => {
      const pods = await readDaprPods(cluster, namespace);
      const coming = pods.ok ? pods.value.filter(({ sidecarReady }) => !sidecarReady) : [];
      return coming.length === 0
        ? { state: "yes", value: true }
        : { state: "not yet", seen: coming.map(({ name }) => name).join(", ") };
    },
    { what: `the sidecars of ${namespace}`, timeoutMs: settledMsMax, everyMs, signal },
  );
}
