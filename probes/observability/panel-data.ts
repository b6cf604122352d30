/** What a panel's query brings: asked through Grafana of the data source, for the hour that the dashboards open with. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { oneLine } from "../why.ts";
import { servicePath, type Watchers } from "./ask.ts";
import type { PanelQuery } from "./grafana.ts";

const rangeSeconds = 3600;
const stepSeconds = 60;
/** A line of log is enough: it is asked whether there is one. */
const linesMax = 5;

const matrix = z.object({
  resultType: z.literal("matrix"),
  result: z.array(
    z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
  ),
});

const streams = z.object({
  resultType: z.literal("streams"),
  result: z.array(
    z.object({
      stream: z.record(z.string(), z.string()),
      values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())),
    }),
  ),
});

const success = z.object({
  status: z.literal("success"),
  data: z.discriminatedUnion("resultType", [matrix, streams]),
});

/** Prometheus, of a query that it cannot evaluate; and Grafana, of a data source that it does not have. Not the API server, which says `kind`. */
const refusal = z.union([
  z.object({ status: z.literal("error"), error: z.string().min(1) }).transform(({ error }) => error),
  z.object({ message: z.string().min(1), kind: z.undefined().optional() }).transform(({ message }) => message),
]);

/** The statuses that a refusal comes with: a query that is wrong, a source that does not exist, one that cannot be evaluated. */
const refusing = [400, 404, 422];

export type PanelData =
  /** How many series hold a number, or streams a line. */
  | { readonly series: number }
  /** What the source or Grafana says against the query. */
  | { readonly refused: string };

/**
 * What one query of a panel brings for the last hour. A series of nothing but NaN or infinity is none. Sources of other kinds than
 * Prometheus and Loki, and expressions with variables of Grafana, cannot be asked: `ok: false`.
 */
export async function readPanelData(
  cluster: Cluster,
  watchers: Watchers,
  query: PanelQuery,
  now: Date,
): Promise<Reading<PanelData>> {
  const path = pathOf(query, now);
  if (!path.ok) return unread(path.why, "Grafana", now);
  const found = await cluster.getText(servicePath(watchers.namespace, watchers.services.grafana, path.value), [
    200,
    ...refusing,
  ]);
  if (!found.ok) return found;
  const { status, text } = found.value;
  const at = new Date(found.at);
  const json = jsonOf(text);
  if (status !== 200) {
    const refused = refusal.safeParse(json).data;
    if (refused !== undefined) return read({ refused: oneLine(refused) }, found.source, at);
    return unread(`Grafana's data source ${query.source?.uid ?? ""} answered ${status}`, found.source, at);
  }
  const { data: parsed } = success.safeParse(json);
  if (parsed !== undefined) return read({ series: seriesOf(parsed.data) }, found.source, at);
  const start = oneLine(text.slice(0, 60));
  return unread(
    `the answer of Grafana's data source ${query.source?.uid ?? ""} has another shape: '${start}'`,
    found.source,
    at,
  );
}

function seriesOf(data: z.output<typeof success>["data"]): number {
  if (data.resultType === "streams") return data.result.filter(({ values }) => values.length > 0).length;
  return data.result.filter(({ values }) => values.some(([, text]) => text !== "" && Number.isFinite(Number(text))))
    .length;
}

type Path = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly why: string };

function pathOf({ refId, expression, source }: PanelQuery, now: Date): Path {
  if (source === undefined) return { ok: false, why: `query ${refId} names no data source` };
  // `$name`, `${name}`, `[[name]]`; the `$` at the end of a regular expression is none.
  if (/\$[{A-Za-z_]|\[\[/.test(`${expression}${source.uid}`)) {
    return { ok: false, why: `query ${refId} holds a variable of Grafana, which the harness does not fill in` };
  }
  const proxied = `/api/datasources/proxy/uid/${encodeURIComponent(source.uid)}`;
  const end = Math.floor(now.getTime() / 1000);
  const start = end - rangeSeconds;
  const common = { query: expression, step: String(stepSeconds) };
  if (source.type === "prometheus") {
    const asked = new URLSearchParams({ ...common, start: String(start), end: String(end) });
    return { ok: true, value: `${proxied}/api/v1/query_range?${asked.toString()}` };
  }
  if (source.type === "loki") {
    const nanoseconds = { start: `${start}000000000`, end: `${end}000000000`, limit: String(linesMax) };
    const asked = new URLSearchParams({ ...common, ...nanoseconds, direction: "backward" });
    return { ok: true, value: `${proxied}/loki/api/v1/query_range?${asked.toString()}` };
  }
  return { ok: false, why: `query ${refId} asks a data source of the type ${source.type}, which the harness cannot` };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
