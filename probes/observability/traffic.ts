/**
 * What the gateway has counted: the answers of its HTTPS listeners and how long each took. It sees what users see, also where no service is left
 * to count; and its histogram has bounds at 500 and 1000 ms, so that a percentile is held to its limit by counting and not by guessing.
 */
import type { GatewayPod, Traffic } from "../../harness/soak/lines.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import type { Watchers } from "./ask.ts";
import { readSamples, type Series } from "./range.ts";

/** Four scrapes: older counters are not shown, so that a scrape that is missed is seen. */
const windowMs = 60_000;

const metrics = {
  answers: "envoy_http_downstream_rq_xx",
  withinMs: "envoy_http_downstream_rq_time_bucket",
  upSeconds: "envoy_server_uptime",
  up: "up",
} as const;

const selector = `{__name__=~"${Object.values(metrics).join("|")}",job="pods"}`;

/** Envoy Gateway names its listeners after what they speak. Plain HTTP is only redirected, and fast: it would flatter the latency. */
const isHttps = ({ labels }: Series): boolean => /^https\b/.test(labels["envoy_http_conn_manager_prefix"] ?? "");

/**
 * The counters of each pod of the gateway as its newest scrape had them, all of one scrape.
 * `ok: false` where Prometheus does not answer, where no gateway was scraped in the last minute, and where a scrape is not whole.
 */
export async function readTraffic(cluster: Cluster, watchers: Watchers, now: Date): Promise<Traffic> {
  const window = { from: new Date(now.getTime() - windowMs), until: now };
  const found = await readSamples(cluster, watchers, selector, window);
  if (!found.ok) return { ok: false, why: found.why.slice(0, whyCharactersMax) };
  const named = (name: string): readonly Series[] => found.value.filter(({ labels }) => labels["__name__"] === name);
  const pods: GatewayPod[] = [];
  for (const up of named(metrics.upSeconds)) {
    const pod = podOf(up, named(metrics.answers).filter(isHttps), named(metrics.withinMs).filter(isHttps));
    if (typeof pod === "string") return { ok: false, why: pod };
    if (pod !== undefined) pods.push(pod);
  }
  if (pods.length === 0)
    return { ok: false, why: "no gateway with a listener for HTTPS was scraped within the last minute" };
  const down = named(metrics.up).filter(({ points }) => points.at(-1)?.value === 0);
  return { ok: true, pods, down: down.flatMap(({ labels }) => labels["pod"] ?? []) };
}

const whyCharactersMax = 500;

/** One pod's counters; undefined where it has no listener for HTTPS, a sentence where its newest scrape is not whole. */
function podOf(up: Series, answers: readonly Series[], buckets: readonly Series[]): GatewayPod | string | undefined {
  const { pod } = up.labels;
  const scraped = up.points.at(-1);
  if (pod === undefined || scraped === undefined) return "an uptime of the gateway belongs to no pod";
  const ofPod = ({ labels }: Series): boolean => labels["pod"] === pod;
  const counted = summed(
    answers.filter(ofPod),
    scraped.atSeconds,
    ({ envoy_response_code_class: kind }) => kind && `${kind}xx`,
  );
  const within = summed(buckets.filter(ofPod), scraped.atSeconds, ({ le }) => le);
  if (counted === undefined || within === undefined) return `the counters of pod ${pod} are not all of one scrape`;
  if (Object.keys(counted).length === 0 || Object.keys(within).length === 0) return undefined;
  return {
    pod,
    scrapedAt: new Date(Math.round(scraped.atSeconds * 1000)).toISOString(),
    upSeconds: scraped.value,
    answers: counted,
    withinMs: within,
  };
}

/** The newest values by a name, summed over listeners; undefined where one was scraped at another time or is no count. */
function summed(
  series: readonly Series[],
  atSeconds: number,
  nameOf: (labels: Series["labels"]) => string | undefined,
): Record<string, number> | undefined {
  const sums: Record<string, number> = {};
  for (const { labels, points } of series) {
    const name = nameOf(labels);
    const newest = points.at(-1);
    if (name === undefined || newest?.atSeconds !== atSeconds || !Number.isInteger(newest.value)) return undefined;
    sums[name] = (sums[name] ?? 0) + newest.value;
  }
  return sums;
}
