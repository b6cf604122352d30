/** Traces: each request through the ingress is one trace, with spans of every service that it passed. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Trace } from "../../probes/observability/traces.ts";

/** Requests that carried a trace of their own; `ok: false` for one that did not go through, and so may have no trace. */
export type TraceReadings = {
  readonly sent: readonly Reading<{ readonly traceId: string }>[];
  readonly traces: Reading<readonly Trace[]>;
};

/** "three in a row" (criteria/evidence.ts, repeatedFlow). */
const samplesMin = 3;

/** @param services that each request passes @param waitedSeconds how long the traces were waited for */
export function judgeTracesReachJaeger(
  { sent, traces }: TraceReadings,
  services: readonly string[],
  waitedSeconds: number,
): Verdict {
  const gone = sent.flatMap((one) => (one.ok ? [one.value.traceId] : []));
  const notSent = sent.flatMap((one) => (one.ok ? [] : [`a request did not go through: ${one.why}`]));
  if (gone.length === 0) return unproven(notSent[0] ?? "no request was sent");
  if (!traces.ok) return unproven(traces.why);
  const { source, at } = traces;
  const judged = gone.map((id) => {
    const trace = traces.value.find((one) => one.id === id);
    const seen = new Set(trace?.spans.map(({ service }) => service));
    const missing = services.filter((service) => !seen.has(service));
    return { id, spans: trace?.spans.length ?? 0, seen: [...seen].toSorted(), missing };
  });
  const faulty = judged.filter(({ missing }) => missing.length > 0);
  const facts: readonly Fact[] = [
    {
      what: "requests without a trace, or with services missing in it",
      value: faulty.length,
      unit: "requests",
      limit: `0 of ${judged.length}`,
      source,
      at,
      samples: judged.length,
    },
    ...judged.map(({ id, spans, seen }) => ({
      what: `spans of trace ${id} (${seen.join(", ")})`,
      value: spans,
      unit: "spans",
      source,
      at,
    })),
  ];
  return conclude({
    faults: faulty.map(({ id, spans, missing }) =>
      spans === 0
        ? `trace ${id} was not found in Jaeger within ${waitedSeconds} s`
        : `trace ${id} has no span of ${missing.join(", ")} within ${waitedSeconds} s`,
    ),
    gaps: [
      ...notSent,
      ...(sent.length < samplesMin ? [`${sent.length} requests were sent, not ${samplesMin}`] : []),
      ...(services.length === 0 ? ["no service is named that a request passes"] : []),
    ],
    facts,
    held: `${judged.length} requests were each found as one trace over ${services.join(" and ")}`,
  });
}
