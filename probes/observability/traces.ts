/** Traces, as Jaeger has them. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { askWatcher, type Watchers } from "./ask.ts";

const trace = z.object({
  traceID: z.string().min(1),
  spans: z.array(z.object({ operationName: z.string(), processID: z.string() })),
  processes: z.record(z.string(), z.object({ serviceName: z.string().min(1) })),
});

/** A trace that Jaeger does not know is left out of the list, and named in `errors`. */
const answer = z.object({ data: z.array(trace).nullable() });

export type Trace = {
  readonly id: string;
  /** Each span's service and name. */
  readonly spans: readonly { readonly service: string; readonly name: string }[];
};

/** Those of the traces that Jaeger has, whole or not; empty where it has none of them. @param ids in hexadecimal, 32 characters each */
export async function readTraces(
  cluster: Cluster,
  watchers: Watchers,
  ids: readonly string[],
): Promise<Reading<readonly Trace[]>> {
  const query = new URLSearchParams(ids.map((id) => ["traceID", id]));
  const found = await askWatcher(cluster, watchers, "jaeger", `/api/traces?${query.toString()}`, answer);
  if (!found.ok) return found;
  const traces = (found.value.data ?? []).map(({ traceID, spans, processes }) => ({
    // Leading zeros are not kept by every version.
    id: traceID.padStart(32, "0"),
    spans: spans.map(({ operationName, processID }) => ({
      service: processes[processID]?.serviceName ?? "unknown",
      name: operationName,
    })),
  }));
  return read(traces, found.source, new Date(found.at));
}
