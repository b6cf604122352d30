/** An instant query to Prometheus. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { askWatcher, type Watchers } from "./ask.ts";

const sample = z
  .object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })
  .transform(({ metric, value: [seconds, text] }, context) => {
    const value = Number(text);
    // NaN and infinity are numbers to Prometheus, and no measurement.
    if (text.trim() !== "" && Number.isFinite(value)) return { labels: metric, value, atSeconds: seconds };
    context.addIssue({ code: "custom", message: `'${text}' is no measurement` });
    return z.NEVER;
  });

const answer = z.object({
  status: z.literal("success"),
  data: z.object({ resultType: z.literal("vector"), result: z.array(sample) }),
});

/** One series of the answer, with the time of the evaluation in seconds since 1970. */
export type Sample = Readonly<z.output<typeof sample>>;

/** The vector that an expression has now; empty where nothing fits it. A value that is no number makes the whole reading `ok: false`. */
export async function readVector(
  cluster: Cluster,
  watchers: Watchers,
  expression: string,
): Promise<Reading<readonly Sample[]>> {
  const query = new URLSearchParams({ query: expression });
  const found = await askWatcher(cluster, watchers, "prometheus", `/api/v1/query?${query.toString()}`, answer);
  return found.ok ? read(found.value.data.result, found.source, new Date(found.at)) : found;
}
