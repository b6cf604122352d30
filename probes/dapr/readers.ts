/** What the applications say, pod by pod, of one of their dependencies (`/readyz`). */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { proxyOf, readDaprPods } from "./sidecars.ts";

const readiness = z.object({ dependencies: z.record(z.string(), z.string()) });

/** `state`: "ok", or why the application cannot use the dependency; `ok: false` where the pod does not tell. */
export type ReaderState = { readonly app: string; readonly pod: string; readonly state: Reading<string> };

const appPort = 8080;
const askedAtOnce = 4;

/** One state for each pod with a sidecar of these applications. An application that is not ready says so by 503, which is no answer here. */
export async function readReaders(
  cluster: Cluster,
  asked: { readonly namespace: string; readonly apps: readonly string[]; readonly dependency: string },
): Promise<Reading<readonly ReaderState[]>> {
  const pods = await readDaprPods(cluster, asked.namespace);
  if (!pods.ok) return pods;
  const own = pods.value.filter(({ appId }) => asked.apps.includes(appId));
  const value = await fewAtATime(own, askedAtOnce, async ({ name, appId }): Promise<ReaderState> => {
    const answer = await cluster.getJson(`${proxyOf(asked.namespace, name, appPort)}/readyz`, readiness);
    return { app: appId, pod: name, state: stateOf(answer, asked.dependency) };
  });
  return { ...pods, value };
}

function stateOf(answer: Reading<z.output<typeof readiness>>, dependency: string): Reading<string> {
  if (!answer.ok) return answer;
  const state = answer.value.dependencies[dependency];
  if (state !== undefined) return read(state, answer.source, new Date(answer.at));
  return { ok: false, why: `/readyz tells nothing of ${dependency}`, source: answer.source, at: answer.at };
}
