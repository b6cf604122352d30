/** Logs, traces, metrics and refusals hold nothing of what tenants wrote; each is shown to be searched by something harmless that it does hold. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Place, SearchedMetrics, SearchedTraces } from "../../probes/observability/search.ts";

/** One request of the flows, and the canaries that its refusal repeated. */
export type Answered = {
  readonly what: string;
  readonly by: string;
  readonly status: number;
  readonly wanted: number;
  readonly echoed: boolean;
};

export type Readings = {
  readonly answers: Reading<readonly Answered[]>;
  /** Whose each canary is. */
  readonly owners: ReadonlyMap<string, string>;
  /** Steps that the flows must have come to, as the narrative: why one did not. */
  readonly unfinished: readonly string[];
  /** By service: whether the last request to it, which named itself, was found in its log. */
  readonly logged: readonly { readonly service: string; readonly found: Reading<boolean> }[];
  readonly logs: Reading<readonly Place[]>;
  readonly tokens: Reading<readonly Place[]>;
  /** The traces of the flows, each with the services that must have spans in it. */
  readonly wantedTraces: readonly { readonly id: string; readonly services: readonly string[] }[];
  readonly traces: Reading<SearchedTraces>;
  readonly metrics: Reading<SearchedMetrics>;
  /** Values of labels that the flows themselves brought about. */
  readonly wantedLabels: readonly string[];
};

type Judged = { readonly faults: readonly string[]; readonly gaps: readonly string[]; readonly facts: readonly Fact[] };

export function judgeTelemetry(readings: Readings): Verdict {
  const { owners } = readings;
  const judged = [refusalsOf(readings), logsOf(readings), tracesOf(readings), metricsOf(readings)];
  const few = new Set(owners.values()).size < 2 ? ["canaries of fewer than two tenants were sent"] : [];
  return conclude({
    faults: judged.flatMap(({ faults }) => faults),
    gaps: [...judged.flatMap(({ gaps }) => gaps), ...few, ...readings.unfinished],
    facts: judged.flatMap(({ facts }) => facts),
    held: `none of ${owners.size} canaries of two tenants stands in a log, a trace, a metric or a refusal, nor a token in a log`,
  });
}

const said = (places: readonly Place[], owners: ReadonlyMap<string, string>, where: string): string[] =>
  places.map(({ place, text }) => `a canary of ${owners.get(text) ?? "nobody"} stands in ${where} ${place}`);

function fact(
  what: string,
  reading: Reading<unknown>,
  measured: { readonly value: number; readonly samples?: number },
): Fact {
  return { what, ...measured, unit: "canaries", limit: "0", source: reading.source, at: reading.at };
}

function refusalsOf({ answers }: Readings): Judged {
  if (!answers.ok) return { faults: [], gaps: [answers.why], facts: [] };
  const refusals = answers.value.filter(({ status }) => status >= 400);
  const echoed = refusals.filter((one) => one.echoed);
  const strange = answers.value.filter(({ status, wanted }) => status !== wanted);
  return {
    faults: echoed.map(({ what, by, status }) => `the refusal (${status}) of ${what} by ${by} repeats a canary`),
    gaps: [
      ...strange.map(({ what, by, status, wanted }) => `${what} by ${by} was answered ${status}, not ${wanted}`),
      ...(refusals.length === 0 ? ["nothing was refused: no refusal could be read"] : []),
    ],
    facts: [fact("canaries in refusals", answers, { value: echoed.length, samples: refusals.length })],
  };
}

function logsOf({ logs, tokens, logged, owners }: Readings): Judged {
  const gaps = logged.flatMap(({ service, found }) => {
    if (!found.ok) return [`${service}: ${found.why}`];
    return found.value
      ? []
      : [`a harmless request to ${service} was not found in its log: nothing follows from what else was not`];
  });
  if (logged.length === 0) gaps.push("no service was asked to write into its log");
  if (!logs.ok) gaps.push(logs.why);
  if (!tokens.ok) gaps.push(tokens.why);
  const found = logs.ok ? said(logs.value, owners, "the log of") : [];
  const leaked = tokens.ok ? tokens.value.map(({ place }) => `a token stands in the log of ${place}`) : [];
  return {
    faults: [...found, ...leaked],
    gaps,
    facts: [
      ...(logs.ok ? [fact("canaries in logs", logs, { value: found.length, samples: logged.length })] : []),
      ...(tokens.ok ? [fact("tokens in logs", tokens, { value: leaked.length })] : []),
    ],
  };
}

function tracesOf({ traces, wantedTraces, owners }: Readings): Judged {
  if (!traces.ok) return { faults: [], gaps: [traces.why], facts: [] };
  const gaps = wantedTraces.flatMap(({ id, services }) => {
    const found = traces.value.traces.find((one) => one.id === id)?.services ?? [];
    const missing = services.filter((service) => !found.includes(service));
    return missing.length === 0 ? [] : [`trace ${id} has no span of ${missing.join(", ")}`];
  });
  if (wantedTraces.length === 0) gaps.push("no trace was begun");
  const faults = said(traces.value.places, owners, "a");
  return {
    faults,
    gaps,
    facts: [fact("canaries in traces", traces, { value: faults.length, samples: wantedTraces.length })],
  };
}

function metricsOf({ metrics, wantedLabels, owners }: Readings): Judged {
  if (!metrics.ok) return { faults: [], gaps: [metrics.why], facts: [] };
  const missing = wantedLabels.filter((label) => !metrics.value.controls.includes(label));
  const gaps = missing.map(
    (label) => `no label of a metric has the value ${label}: nothing follows from what else none has`,
  );
  if (wantedLabels.length === 0) gaps.push("no label was looked for that must be there");
  const faults = said(metrics.value.places, owners, "the metrics'");
  return {
    faults,
    gaps,
    facts: [fact("canaries in labels of metrics", metrics, { value: faults.length, samples: metrics.value.values })],
  };
}
