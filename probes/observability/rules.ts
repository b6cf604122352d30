/** The alert rules that Prometheus has loaded. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { timestamp } from "../kubernetes/shapes.ts";
import { askWatcher, type Watchers } from "./ask.ts";

const rule = z
  .object({
    name: z.string().min(1),
    health: z.enum(["ok", "err", "unknown"]),
    lastError: z.string().optional(),
    lastEvaluation: timestamp,
  })
  .transform(({ name, health, lastError, lastEvaluation }) => ({
    name,
    health,
    lastError: lastError ?? "",
    /** By Prometheus's clock. Absent: never yet. */
    ...(lastEvaluation.startsWith("0001-") ? {} : { evaluatedAt: lastEvaluation }),
  }));

const answer = z.object({
  status: z.literal("success"),
  data: z.object({ groups: z.array(z.object({ name: z.string(), rules: z.array(rule) })) }),
});

export type AlertRule = Readonly<z.output<typeof rule>>;

/** All alert rules of all groups. */
export async function readAlertRules(cluster: Cluster, watchers: Watchers): Promise<Reading<readonly AlertRule[]>> {
  const found = await askWatcher(cluster, watchers, "prometheus", "/api/v1/rules?type=alert", answer);
  if (!found.ok) return found;
  return read(
    found.value.data.groups.flatMap(({ rules }) => rules),
    found.source,
    new Date(found.at),
  );
}
