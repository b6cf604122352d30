/** What the gateway counted of a load, from its scrapes: whether requests came, and whether they still do. */
import { poll } from "../../harness/poll.ts";
import type { Watchers } from "../../probes/observability/ask.ts";
import { readSamples, type Series } from "../../probes/observability/range.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";

const selector = 'envoy_http_downstream_rq_xx{job="pods",envoy_http_conn_manager_prefix=~"https.*"}';
/** Two scrapes lie in it, wherever they fall. */
const quietMs = 31_000;
const timeoutMs = 120_000;

export type Counted = {
  /** Answers between the last scrape before the load and the first after its end. */
  readonly during: number;
  /** Answers between the first scrape after its end and the last that was looked for. */
  readonly afterwards: number;
};

/**
 * Waits for scrapes that lie half a minute after the end, and counts.
 * @throws Error where they do not come
 */
export async function countedAround(
  { cluster, watchers }: { readonly cluster: Cluster; readonly watchers: Watchers },
  { beganMs, endedMs }: { readonly beganMs: number; readonly endedMs: number },
): Promise<Counted> {
  const from = new Date(beganMs - 60_000);
  const counted = await poll(
    async () => {
      const found = await readSamples(cluster, watchers, selector, { from, until: new Date() });
      if (!found.ok) return { state: "not yet", seen: found.why };
      const newest = Math.max(...found.value.flatMap(({ points }) => points.map(({ atSeconds }) => atSeconds)), 0);
      if (newest * 1000 < endedMs + quietMs)
        return {
          state: "not yet",
          seen: `${found.value.length} series until ${new Date(newest * 1000).toISOString()}`,
        };
      return {
        state: "yes",
        value: {
          during: sum(found.value, (one) => firstFrom(one, endedMs) - lastUntil(one, beganMs)),
          afterwards: sum(found.value, (one) => (one.points.at(-1)?.value ?? 0) - firstFrom(one, endedMs)),
        },
      };
    },
    { what: "scrapes of the gateway after the load", timeoutMs, everyMs: 3_000 },
  );
  if (!counted.ok) throw new Error(counted.why);
  return counted.value;
}

function sum(series: readonly Series[], of: (one: Series) => number): number {
  return series.reduce((all, one) => all + of(one), 0);
}

/** What a counter had come to at its first scrape from a moment on; its last, where none came. */
function firstFrom({ points }: Series, ms: number): number {
  return (points.find(({ atSeconds }) => atSeconds * 1000 >= ms) ?? points.at(-1))?.value ?? 0;
}

/** What a counter had come to before a moment; nothing, where it did not exist yet. */
function lastUntil({ points }: Series, ms: number): number {
  return points.findLast(({ atSeconds }) => atSeconds * 1000 <= ms)?.value ?? 0;
}
