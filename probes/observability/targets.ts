/** Whom Prometheus scrapes, and how the last scrape went. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { timestamp } from "../kubernetes/shapes.ts";
import { askWatcher, type Watchers } from "./ask.ts";

const target = z
  .object({
    labels: z.record(z.string(), z.string()),
    health: z.enum(["up", "down", "unknown"]),
    lastError: z.string(),
    lastScrape: timestamp,
  })
  .transform(({ labels, health, lastError, lastScrape }) => ({
    job: labels["job"] ?? "",
    labels,
    health,
    lastError,
    /** By Prometheus's clock. Absent: never yet. */
    ...(lastScrape.startsWith("0001-") ? {} : { scrapedAt: lastScrape }),
  }));

const answer = z.object({
  status: z.literal("success"),
  data: z.object({ activeTargets: z.array(target) }),
});

export type Target = Readonly<z.output<typeof target>>;

/** All active targets. */
export async function readTargets(cluster: Cluster, watchers: Watchers): Promise<Reading<readonly Target[]>> {
  const found = await askWatcher(cluster, watchers, "prometheus", "/api/v1/targets?state=active", answer);
  return found.ok ? read(found.value.data.activeTargets, found.source, new Date(found.at)) : found;
}
