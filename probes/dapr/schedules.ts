/** How often a sidecar's schedule has called its application: the sidecar's own counter, looked at again and again. */
import { poll, systemClock } from "../../harness/poll.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { seriesOf } from "./metrics.ts";
import { readMetrics } from "./sidecars.ts";

/** What the counter said at one look; `atMs` on a scale that never goes back. */
export type Count = { readonly atMs: number; readonly succeeded: number; readonly failed: number };

const metric = "dapr_component_input_binding_count";
const lookEveryMs = 1_000;
const looksMax = 300;

/**
 * Looks each second until `enough` says so, at most for `timeoutMs`. A counter that is not there yet stands at zero.
 * @returns the looks in order; `ok: false` where one could not be had
 */
export async function watchSchedule(
  cluster: Cluster,
  watched: { readonly namespace: string; readonly pod: string; readonly component: string },
  until: { readonly timeoutMs: number; readonly enough: (counts: readonly Count[]) => boolean },
): Promise<Reading<readonly Count[]>> {
  const counts: Count[] = [];
  let last: Reading<string> | undefined;
  await poll<true>(
    async () => {
      const page = await readMetrics(cluster, watched.namespace, watched.pod);
      last = page;
      if (!page.ok) return { state: "never", why: page.why };
      counts.push({ atMs: systemClock.now(), ...countOf(page.value, watched.component) });
      return counts.length >= looksMax || until.enough(counts)
        ? { state: "yes", value: true }
        : { state: "not yet", seen: `${counts.length} looks` };
    },
    { what: `calls of ${watched.component}`, timeoutMs: until.timeoutMs, everyMs: lookEveryMs },
  );
  if (last === undefined || !last.ok) return last ?? { ok: false, why: "nobody looked", source: watched.pod, at: "" };
  return read(counts, last.source, new Date(last.at));
}

/** The calls of one schedule on a sidecar's page of numbers. */
export function countOf(page: string, component: string): { readonly succeeded: number; readonly failed: number } {
  const own = seriesOf(page, metric).filter(({ labels }) => labels["component"] === component);
  const sum = (success: string): number =>
    own.filter(({ labels }) => labels["success"] === success).reduce((total, { value }) => total + value, 0);
  return { succeeded: sum("true"), failed: sum("false") };
}
