/** What metrics-server says that nodes use now: a second opinion beside Prometheus, which asks the kubelets on its own. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { bytes as quantity, timestamp } from "./shapes.ts";

const unitSeconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, ns: 1e-9 };

/** Seconds of a duration as Go writes it ("1m0.5s", "20.055s"); undefined where the text is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|µs|ns))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|µs|ns)/g)];
  const seconds = parts.reduce(
    (sum, [, digits, unit = ""]) => sum + Number(digits) * (unitSeconds[unit] ?? Number.NaN),
    0,
  );
  return Number.isFinite(seconds) ? seconds : undefined;
}

const duration = z.string().transform((text, context) => {
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds > 0) return seconds;
  context.addIssue({ code: "custom", message: `'${text}' is no length of time` });
  return z.NEVER;
});

// These objects are made up when they are asked for: they have no uid.
const nodeMetrics = z
  .object({
    metadata: z.object({ name: z.string().min(1) }),
    timestamp,
    window: duration,
    usage: z.object({ cpu: quantity, memory: quantity }),
  })
  .transform(({ metadata, timestamp: at, window, usage }) => ({
    node: metadata.name,
    /** When the second of its two looks was taken, and the time between them, in seconds: what the processors' use is averaged over. */
    at,
    windowSeconds: window,
    cores: usage.cpu,
    memoryBytes: usage.memory,
  }));

export type NodeMetrics = Readonly<z.output<typeof nodeMetrics>>;

/** All nodes that metrics-server has measured twice; a node that it could not reach is missing from the list. */
export async function readNodeMetrics(cluster: Cluster): Promise<Reading<readonly NodeMetrics[]>> {
  return cluster.list("/apis/metrics.k8s.io/v1beta1/nodes", nodeMetrics);
}
