/** Texts that must not stand in telemetry, looked for in logs, traces and metrics. What is brought back names places, never what stands there. */
import { z } from "zod";
import { fewAtATime } from "../few-at-a-time.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { askWatcher, type Watchers } from "./ask.ts";

/** Where a text was found: a container's log, a span, a label. */
export type Place = { readonly place: string; readonly text: string };

const streams = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("streams"),
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())),
      }),
    ),
  }),
});

const linesMax = 1000;

/**
 * Lines of all containers' logs since a time that hold one of the texts (small letters, digits, hyphens, at least 8 of them).
 * The question itself is asked in a way that a log of questions would not be found by it.
 */
export async function searchLogs(
  cluster: Cluster,
  watchers: Watchers,
  { texts, since }: { readonly texts: readonly string[]; readonly since: Date },
): Promise<Reading<readonly Place[]>> {
  const pattern = texts.map((text) => `[${text.slice(0, 1)}]${text.slice(1)}`).join("|");
  return linesOf(cluster, watchers, { pattern, since }, (line) => texts.filter((text) => line.includes(text)));
}

/** Lines of these namespaces' logs since a time that hold a JSON Web Token, whosever it is. */
export async function searchLogsForTokens(
  cluster: Cluster,
  watchers: Watchers,
  { namespaces, since }: { readonly namespaces: readonly string[]; readonly since: Date },
): Promise<Reading<readonly Place[]>> {
  const pattern = "[e]yJ[A-Za-z0-9_-]{10,}[.]eyJ[A-Za-z0-9_-]{10,}[.][A-Za-z0-9_-]{10,}";
  return linesOf(cluster, watchers, { pattern, since, namespaces }, () => ["a token"]);
}

async function linesOf(
  cluster: Cluster,
  watchers: Watchers,
  asked: { readonly pattern: string; readonly since: Date; readonly namespaces?: readonly string[] },
  textsIn: (line: string) => readonly string[],
): Promise<Reading<readonly Place[]>> {
  const query = new URLSearchParams({
    query: `{k8s_namespace_name=~"${asked.namespaces?.join("|") ?? ".+"}"} |~ \`${asked.pattern}\``,
    start: `${asked.since.getTime()}000000`,
    limit: String(linesMax),
    direction: "forward",
  });
  const found = await askWatcher(cluster, watchers, "loki", `/loki/api/v1/query_range?${query.toString()}`, streams);
  if (!found.ok) return found;
  const places = found.value.data.result.flatMap(({ stream, values }) => {
    const place = ["k8s_namespace_name", "k8s_pod_name", "k8s_container_name"]
      .map((name) => stream[name] ?? "?")
      .join("/");
    return values.flatMap(([, line]) => textsIn(line).map((text) => ({ place, text })));
  });
  return read(distinct(places), found.source, new Date(found.at));
}

const anyTrace = z.object({
  traceID: z.string().min(1),
  spans: z.array(z.looseObject({ operationName: z.string(), processID: z.string() })),
  processes: z.record(z.string(), z.looseObject({ serviceName: z.string() })),
});
const traces = z.object({ data: z.array(anyTrace).nullable() });

/** Traces that were looked through: each with the services that have spans in it, and where a text stands in one of them. */
export type SearchedTraces = {
  readonly traces: readonly { readonly id: string; readonly services: readonly string[] }[];
  readonly places: readonly Place[];
};

/** Looks through all that Jaeger has of some traces: names, tags and logs of spans, and tags of processes. @param ids 32 hexadecimal digits each */
export async function searchTraces(
  cluster: Cluster,
  watchers: Watchers,
  { ids, texts }: { readonly ids: readonly string[]; readonly texts: readonly string[] },
): Promise<Reading<SearchedTraces>> {
  const query = new URLSearchParams(ids.map((id) => ["traceID", id]));
  const found = await askWatcher(cluster, watchers, "jaeger", `/api/traces?${query.toString()}`, traces);
  if (!found.ok) return found;
  const all = found.value.data ?? [];
  const places = all.flatMap(({ spans, processes }) =>
    spans.flatMap((span) => {
      const process = processes[span.processID];
      const said = JSON.stringify([span, process]);
      const place = `span ${process?.serviceName ?? "?"}`;
      return texts.filter((text) => said.includes(text)).map((text) => ({ place, text }));
    }),
  );
  const looked = all.map(({ traceID, processes }) => ({
    id: traceID.padStart(32, "0"),
    services: Object.values(processes).map(({ serviceName }) => serviceName),
  }));
  return read({ traces: looked, places: distinct(places) }, found.source, new Date(found.at));
}

const values = z.object({ status: z.literal("success"), data: z.array(z.string()) });
const labelsMax = 1_000;
const askedAtOnce = 8;

/** What was looked through of metrics: how many labels and values, which of the texts stand in them, and which of the controls do. */
export type SearchedMetrics = {
  readonly labels: number;
  readonly values: number;
  readonly places: readonly Place[];
  readonly controls: readonly string[];
};

/** Looks through the values of every label that any series had since a time. @param asked.controls values that must be found, so that the search is known to find */
export async function searchMetrics(
  cluster: Cluster,
  watchers: Watchers,
  asked: { readonly texts: readonly string[]; readonly controls: readonly string[]; readonly since: Date },
): Promise<Reading<SearchedMetrics>> {
  const since = new URLSearchParams({ start: String(asked.since.getTime() / 1000) }).toString();
  const labels = await askWatcher(cluster, watchers, "prometheus", `/api/v1/labels?${since}`, values);
  if (!labels.ok) return labels;
  const names = labels.value.data;
  if (names.length > labelsMax)
    return unread(`Prometheus has more than ${labelsMax} labels`, labels.source, new Date());
  const found = await fewAtATime(names, askedAtOnce, async (name) => ({
    name,
    reading: await askWatcher(
      cluster,
      watchers,
      "prometheus",
      `/api/v1/label/${encodeURIComponent(name)}/values?${since}`,
      values,
    ),
  }));
  const failed = found.find(({ reading }) => !reading.ok);
  if (failed !== undefined && !failed.reading.ok) return failed.reading;
  const all = found.flatMap(({ name, reading }) =>
    reading.ok ? reading.value.data.map((value) => ({ name, value })) : [],
  );
  const places = all.flatMap(({ name, value }) =>
    asked.texts.filter((text) => value.includes(text)).map((text) => ({ place: `label ${name}`, text })),
  );
  const controls = asked.controls.filter((control) => all.some(({ value }) => value === control));
  return read(
    { labels: names.length, values: all.length, places: distinct(places), controls },
    labels.source,
    new Date(),
  );
}

function distinct(places: readonly Place[]): readonly Place[] {
  const seen = new Map(places.map((one) => [`${one.place} ${one.text}`, one]));
  return [...seen.values()].slice(0, 200);
}
