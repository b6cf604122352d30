import { createServer } from "node:http";
import { expect, test } from "vitest";
import type { Cluster } from "../kubernetes/cluster.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readFrom } from "../../test/one-reply.ts";
import type { Watchers } from "./ask.ts";
import { searchLogs, searchLogsForTokens, searchMetrics, searchTraces } from "./search.ts";

const services = {
  prometheus: "p:http",
  alertReceiver: "a:http",
  loki: "l:http",
  jaeger: "j:query",
  grafana: "g:http",
};
const watchers: Watchers = {
  namespace: "observability",
  services,
  scraped: [],
  logged: [],
  traced: [],
  alertRules: [],
  dashboards: [],
};
const since = new Date("2026-11-22T09:00:00Z");
const texts = ["0123456789abcdef", "fedcba9876543210"];
const [text = ""] = texts;

const loki = (...lines: readonly string[]): string =>
  JSON.stringify({
    status: "success",
    data: {
      resultType: "streams",
      result: [
        {
          stream: {
            k8s_namespace_name: "health-platform",
            k8s_pod_name: "health-api-1",
            k8s_container_name: "health-api",
          },
          values: lines.map((line) => ["1", line]),
        },
      ],
    },
  });

test("a text in a log is told by its place, once, and never with the line", async () => {
  const search = (cluster: Cluster) => searchLogs(cluster, watchers, { texts, since });
  const { asked, found } = await readFrom(search, loki(`kind ${text} a`, `kind ${text} b`));
  expect(found).toMatchObject({ ok: true, value: [{ place: "health-platform/health-api-1/health-api", text }] });
  // A log of this question is not found by it.
  expect(decodeURIComponent(asked)).not.toContain(text);
  expect(decodeURIComponent(asked)).toContain(`[0]${text.slice(1)}`);
});

test("nothing found is a reading; what is no answer of Loki is none", async () => {
  const search = (cluster: Cluster) => searchLogs(cluster, watchers, { texts, since });
  const none = JSON.stringify({ status: "success", data: { resultType: "streams", result: [] } });
  expect((await readFrom(search, none)).found).toMatchObject({ ok: true, value: [] });
  expect((await readFrom(search, none.replace("streams", "matrix"))).found.ok).toBe(false);
  expect((await readFrom(search, "{}", 403)).found).toMatchObject({ ok: false, why: expect.stringContaining("403") });
});

test("a token in a log is a token whosever it is", async () => {
  const search = (cluster: Cluster) =>
    searchLogsForTokens(cluster, watchers, { namespaces: ["health-platform"], since });
  expect((await readFrom(search, loki("Bearer eyJ…"))).found).toMatchObject({ ok: true, value: [{ text: "a token" }] });
});

test("a text in a tag of a span, or of its process, is found", async () => {
  const id = "0af7651916cd43dd8448eb211c80319c";
  const trace = (tags: readonly unknown[], processTags: readonly unknown[] = []): string =>
    JSON.stringify({
      data: [
        {
          traceID: id,
          spans: [{ operationName: "POST health-api", processID: "p1", tags }],
          processes: { p1: { serviceName: "health-api", tags: processTags } },
        },
      ],
    });
  const search = (cluster: Cluster) => searchTraces(cluster, watchers, { ids: [id], texts });
  const tag = { key: "kind", value: `oke-proof-${text}` };
  const found = { place: "span health-api", text };
  expect((await readFrom(search, trace([tag]))).found).toMatchObject({ value: { places: [found] } });
  expect((await readFrom(search, trace([], [tag]))).found).toMatchObject({ value: { places: [found] } });
  expect((await readFrom(search, trace([]))).found).toMatchObject({
    value: { places: [], traces: [{ id, services: ["health-api"] }] },
  });
  expect((await readFrom(search, JSON.stringify({ data: null }))).found).toMatchObject({ value: { traces: [] } });
});

/** A Prometheus with two labels; `status` is its answer to the question for the second one's values. */
async function searchIn(values: readonly string[], status = 200) {
  const server = createServer((request, response) => {
    const isList = request.url?.includes("/labels?") === true;
    const data = isList ? ["job", "route"] : request.url?.includes("/label/route/") === true ? values : ["pods"];
    const isSecond = request.url?.includes("/label/route/") === true;
    response.writeHead(isSecond ? status : 200).end(JSON.stringify({ status: "success", data }));
  });
  const search = { texts, controls: ["/api/v1/records/{id}"], since };
  return listening(server, async (port) =>
    withCluster(port, async (cluster) => searchMetrics(cluster, watchers, search)),
  );
}

test("values of every label are looked through, and a control is told where it was found", async () => {
  expect(await searchIn(["/api/v1/records/{id}"])).toMatchObject({
    value: { labels: 2, values: 2, places: [], controls: ["/api/v1/records/{id}"] },
  });
  expect(await searchIn([`/api/v1/records/${text}`])).toMatchObject({
    value: { places: [{ place: "label route", text }], controls: [] },
  });
});

test("a label whose values cannot be had leaves the whole search undone", async () => {
  expect(await searchIn([], 503)).toMatchObject({ ok: false, why: expect.stringContaining("503") });
});
