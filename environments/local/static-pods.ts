/**
 * The control plane's own pods. One that was quicker than the API server waits 10 s for it and ends itself: it is made anew before anything is installed, so that
 * a restart is one of the platform's.
 */
import { z } from "zod";
import { poll } from "../../harness/poll.ts";
import type { Engine } from "./engine.ts";
import { kubectl } from "./kubectl.ts";
import { nodeNames } from "./versions.ts";

const renewedMs = 120_000;
const everyMs = 1_000;

const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ labels: z.object({ component: z.string().regex(/^[a-z][a-z-]*$/) }) }),
      status: z.object({
        containerStatuses: z.array(z.object({ restartCount: z.int(), ready: z.boolean() })).default([]),
      }),
    }),
  ),
});

type StaticPod = { readonly component: string; readonly restarts: number; readonly ready: boolean };

/** @throws Error where one does not come up anew; CommandError where the API server does not answer at first */
export async function renewRestarted(
  engine: Engine,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const restarted = (await readStaticPods(engine, signal)).filter(({ restarts }) => restarts > 0);
  for (const { component, restarts } of restarted) {
    say(`  ${component} restarted ${restarts} times while the control plane came up: made anew`);
    // Another label makes it another pod to the kubelet.
    const script = `sed -i '0,/^  labels:/s//  labels:\\n    oke-proof\\/made: anew/' /etc/kubernetes/manifests/${component}.yaml`;
    await engine.call(["exec", nodeNames[0], "sh", "-c", script], { signal, timeoutMs: 30_000 });
  }
  if (restarted.length === 0) return;
  const renewed = await poll<true>(
    async () => {
      // The API server may be the one that is made anew.
      const pods = await readStaticPods(engine, signal).catch(() => []);
      const whole = pods.filter(({ restarts, ready }) => restarts === 0 && ready).map(({ component }) => component);
      const missing = restarted.map(({ component }) => component).filter((component) => !whole.includes(component));
      return missing.length === 0 ? { state: "yes", value: true } : { state: "not yet", seen: missing.join(", ") };
    },
    { what: "the control plane's pods made anew", timeoutMs: renewedMs, everyMs, signal },
  );
  if (!renewed.ok) throw new Error(`${renewed.why}: run 'bin/oke-proof down', then 'up'`);
}

async function readStaticPods(engine: Engine, signal: AbortSignal): Promise<readonly StaticPod[]> {
  const args = ["get", "pods", "-n", "kube-system", "-l", "tier=control-plane", "-o", "json"];
  const { stdout } = await kubectl(engine, args, { signal });
  return podList.parse(JSON.parse(stdout)).items.map(({ metadata, status: { containerStatuses } }) => ({
    component: metadata.labels.component,
    restarts: containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    ready: containerStatuses.length > 0 && containerStatuses.every(({ ready }) => ready),
  }));
}
