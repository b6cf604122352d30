/** dapr-metrics-collected: what Prometheus has of every sidecar and of the control plane. */
import { read, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { readPods, readSelectedPods, type Pod } from "../../probes/kubernetes/pods.ts";
import { readVector } from "../../probes/observability/query.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeDaprMetrics, type Counted } from "./dapr-metrics.judge.ts";
import { onceOldEnough } from "./once-old-enough.ts";

/** Requests to a sidecar's own interface: kubelets ask each for its health. */
const ofSidecars = (offset: string): string =>
  `sum by (namespace, pod) (dapr_http_server_request_count{job="dapr-sidecars"} ${offset})`;
/** Counters of their own grow with changes of the cluster only; the time that they work grows always. */
const ofControlPlane = (offset: string): string =>
  `sum by (namespace, pod) (process_cpu_seconds_total{job="pods",app=~"dapr-.+"} ${offset})`;
const controlPlaneSelector = /^app=dapr-/;
const askedAtOnce = 4;

check("dapr-metrics-collected", async (context) =>
  onceOldEnough(async () => judgeDaprMetrics(await countAll(context), new Date()), context.signal),
);

async function countAll(context: CheckContext): Promise<readonly Counted[]> {
  const { cluster } = context;
  const all = await readPods(cluster);
  const withSidecar = all.ok
    ? { ...all, value: all.value.filter(({ containers }) => containers.some(({ name }) => name === "daprd")) }
    : all;
  return Promise.all([
    count(context, "sidecar", withSidecar, ofSidecars),
    count(context, "control plane service", await readControlPlane(context), ofControlPlane),
  ]);
}

async function count(
  { cluster, profile }: CheckContext,
  kind: string,
  pods: Reading<readonly Pod[]>,
  expression: (offset: string) => string,
): Promise<Counted> {
  const before = await readVector(cluster, profile.observability, expression("offset 1m"));
  const now = await readVector(cluster, profile.observability, expression(""));
  return { kind, pods, before, now };
}

/** The pods of every control plane service that the profile has scraped; `ok: false` where those of one cannot be read, or are none. */
async function readControlPlane({ cluster, profile }: CheckContext): Promise<Reading<readonly Pod[]>> {
  const wanted = profile.observability.scraped.filter(({ selector }) => controlPlaneSelector.test(selector));
  const found = await fewAtATime(wanted, askedAtOnce, async (one) => readSelectedPods(cluster, one));
  const unread = found.find(({ ok }) => !ok);
  if (unread !== undefined) return unread;
  const pods = found.flatMap((one) => (one.ok ? one.value : []));
  return read(pods, `pods of ${wanted.length} services of Dapr's control plane`, new Date());
}
