/** What services say of themselves at /readyz, each pod by itself: the one that is not ready is behind no Service any more. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import type { Cluster } from "./cluster.ts";
import { readSelectedPods } from "./pods.ts";

/** A service of the profile, and each of its pods with its own word: every dependency as "ok" or why not. */
export type ServiceReadiness = {
  readonly namespace: string;
  readonly service: string;
  readonly needs: readonly string[];
  readonly pods: Reading<readonly PodReadiness[]>;
};
export type PodReadiness = {
  readonly pod: string;
  /** Whether the API server calls it Ready, and when it was made: one that has just been started cannot say much. */
  readonly ready: boolean;
  readonly createdAt: string;
  readonly said: Reading<Readonly<Record<string, string>>>;
};

const said = z.object({ status: z.string(), dependencies: z.record(z.string(), z.string()) });
/** Also what a service answers that refuses altogether: it ends, or finds a planted defect that nobody may have set. */
const refused = z.object({ error: z.object({ message: z.string() }) });
const servicePort = 8080;
const podsAtOnce = 8;

/** Asks every pod of every service of the profile. Pods that are about to go are left out. */
export async function readReadiness(
  cluster: Cluster,
  profile: Pick<Profile, "dependencies">,
): Promise<readonly ServiceReadiness[]> {
  return fewAtATime(profile.dependencies, podsAtOnce, async ({ namespace, service, needs }) => {
    const selector = `app.kubernetes.io/name=${service}`;
    const pods = await readSelectedPods(cluster, { namespace, selector });
    if (!pods.ok) return { namespace, service, needs, pods };
    const staying = pods.value.filter(({ deletedAt }) => deletedAt === undefined);
    const found = await fewAtATime(staying, podsAtOnce, async ({ name, ready, createdAt }) => ({
      pod: name,
      ready,
      createdAt,
      said: await readPod(cluster, namespace, name),
    }));
    return { namespace, service, needs, pods: read(found, pods.source, new Date(pods.at)) };
  });
}

async function readPod(cluster: Cluster, namespace: string, pod: string): Promise<PodReadiness["said"]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${servicePort}/proxy/readyz`;
  const page = await cluster.getText(path, [200, 503]);
  if (!page.ok) return page;
  const { source, value } = page;
  const at = new Date(page.at);
  let json: unknown;
  try {
    json = JSON.parse(value.text);
  } catch {
    return unread(`GET ${path}: the answer is not JSON`, source, at);
  }
  const told = said.safeParse(json);
  if (told.success) {
    const { status, dependencies } = told.data;
    const unexplained = value.status !== 200 && Object.values(dependencies).every((state) => state === "ok");
    return read(unexplained ? { ...dependencies, itself: status } : dependencies, source, at);
  }
  const refusal = refused.safeParse(json);
  // In its own words, under the name of the service's own state: it is not ready, whatever it depends on.
  if (refusal.success) return read({ itself: refusal.data.error.message }, source, at);
  return unread(`GET ${path}: the answer has another shape`, source, at);
}
