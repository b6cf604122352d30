/** The readers of Grafana against replies as the documentation of its HTTP API, Prometheus's and Loki's has them, whole and bent: no real one could be asked. */
import { describe, expect, test } from "vitest";
import { observability } from "../../environments/platform-names.ts";
import { readFrom, recordedReply, type Reader } from "../../test/one-reply.ts";
import { readDashboard, readDashboardUids } from "./grafana.ts";
import { readPanelData } from "./panel-data.ts";

const now = new Date("2026-11-22T05:00:00.000Z");
const prometheus = { type: "prometheus", uid: "prometheus" };
const loki = { type: "loki", uid: "loki" };
const metrics = { refId: "A", expression: "rate(x[5m])", source: prometheus };
const lines = { refId: "A", expression: '{a=~".+$"}', source: loki };

const uids: Reader = async (cluster) => readDashboardUids(cluster, observability);
const panels: Reader = async (cluster) => readDashboard(cluster, observability, "health-platform");
const dataOf =
  (query: Parameters<typeof readPanelData>[2]): Reader =>
  async (cluster) =>
    readPanelData(cluster, observability, query, now);

const proxied = /^\/api\/v1\/namespaces\/observability\/services\/grafana:http\/proxy/.source;
const source = (uid: string, path: string): RegExp =>
  new RegExp(`${proxied}/api/datasources/proxy/uid/${uid}/${path}/query_range\\?query=`);
const loginPage = "<!DOCTYPE html><html><head><title>Grafana</title></head></html>";

describe.each<readonly [string, Reader, string, RegExp, unknown]>([
  [
    "uids of dashboards",
    uids,
    recordedReply("grafana-search"),
    new RegExp(`${proxied}/api/search\\?type=dash-db&limit=1000$`),
    ["cluster", "health-platform", "logs"],
  ],
  [
    "panels",
    panels,
    recordedReply("grafana-dashboard"),
    new RegExp(`${proxied}/api/dashboards/uid/health-platform$`),
    [
      {
        title: "Time to answer, p95 and p99",
        queries: [
          { refId: "A", expression: expect.stringMatching(/0\.95/), source: prometheus },
          { refId: "B", expression: expect.stringMatching(/0\.99/), source: prometheus },
        ],
      },
      { title: "Log", queries: [{ refId: "A", expression: '{k8s_namespace_name="health-platform"}', source: loki }] },
      { title: "number 4", queries: [] },
    ],
  ],
  [
    "metrics",
    dataOf(metrics),
    recordedReply("grafana-metrics"),
    source("prometheus", "api/v1"),
    // The third series holds nothing but NaN.
    { series: 2 },
  ],
  ["lines", dataOf(lines), recordedReply("grafana-logs"), source("loki", "loki/api/v1"), { series: 1 }],
])("%s", (_, reader, body, path, value) => {
  test("are read", async () => {
    const { asked, found } = await readFrom(reader, body);
    expect(found).toMatchObject({ ok: true, value });
    expect(asked).toMatch(path);
  });

  test.each([
    ["that nobody signed in for", '{"message":"Unauthorized"}', 401, /401, the credentials are missing/],
    ["refused", '{"message":"Access denied"}', 403, /403, the harness has no right/],
    ["of the API server, which has no such Service", '{"kind":"Status","message":"not found"}', 404, /404/],
    ["of a page that is not there", loginPage, 404, /404/],
    ["from nobody", "no endpoints available", 503, /the server answered 503/],
    ["without a data source behind it", "", 502, /the server answered 502/],
    ["the login page", loginPage, 200, /not JSON|another shape: '<!DOCTYPE/],
    ["cut off", body.slice(0, -20), 200, /not JSON|another shape/],
    ["of another shape", '{"status":"error","errorType":"bad_data","error":"parse error"}', 200, /another shape/],
    ["without its fields", "{}", 200, /another shape/],
  ])("are not read from a reply that is %s", async (_what, reply, status, why) => {
    const { found } = await readFrom(reader, reply, status);
    expect(found).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  });
});

test.each([
  [999, true],
  [1000, false],
])("of a search that may have been cut short, %i hits are all: %s", async (count, ok) => {
  const hits = Array.from({ length: count }, (_, index) => ({ uid: `board-${index}`, type: "dash-db" }));
  expect((await readFrom(uids, JSON.stringify(hits))).found).toMatchObject({ ok });
});

test("a dashboard without panels has none, one without the field is not read, and neither is another dashboard", async () => {
  const reply = (dashboard: object) => JSON.stringify({ meta: {}, dashboard });
  const uid = "health-platform";
  expect((await readFrom(panels, reply({ uid, panels: [] }))).found).toMatchObject({ ok: true, value: [] });
  expect((await readFrom(panels, reply({ uid }))).found).toMatchObject({ ok: false });
  expect((await readFrom(panels, reply({ uid: "logs", panels: [] }))).found).toMatchObject({
    ok: false,
    why: "Grafana was asked for dashboard health-platform and answered with logs",
  });
});

test("a query without an expression is no answer", async () => {
  const targets = [{ refId: "A", datasource: prometheus }];
  const dashboard = { uid: "health-platform", panels: [{ id: 1, type: "stat", title: "x", targets }] };
  expect((await readFrom(panels, JSON.stringify({ dashboard }))).found).toMatchObject({
    ok: false,
    why: expect.stringMatching(/targets\.0\.expr/),
  });
});

const matrixOf = (...values: readonly string[]): string =>
  JSON.stringify({
    status: "success",
    data: { resultType: "matrix", result: [{ metric: {}, values: values.map((value) => [1, value]) }] },
  });

test.each([
  ["no series", '{"status":"success","data":{"resultType":"matrix","result":[]}}', 0],
  ["a series without values", matrixOf(), 0],
  ["NaN and infinity alone", matrixOf("NaN", "+Inf", ""), 0],
  ["one number among them", matrixOf("NaN", "0"), 1],
  ["no stream", '{"status":"success","data":{"resultType":"streams","result":[]}}', 0],
  [
    "a stream without lines",
    '{"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[]}]}}',
    0,
  ],
])("an answer with %s", async (_, body, series) => {
  expect((await readFrom(dataOf(metrics), body)).found).toMatchObject({ ok: true, value: { series } });
});

test.each([
  ["a bad expression", '{"status":"error","errorType":"bad_data","error":"parse error"}', 400, "parse error"],
  ["one that cannot be evaluated", '{"status":"error","errorType":"execution","error":"many"}', 422, "many"],
  ["an unknown data source", '{"message":"Unable to find datasource"}', 404, "Unable to find datasource"],
])("%s is a refusal", async (_, body, status, refused) => {
  expect((await readFrom(dataOf(metrics), body, status)).found).toMatchObject({ ok: true, value: { refused } });
});

test.each([
  ["of nobody", { refId: "A", expression: "up" }, /names no data source/],
  ["of Jaeger", { ...metrics, source: { type: "jaeger", uid: "jaeger" } }, /of the type jaeger/],
  ["with a variable", { ...metrics, expression: "rate(x[$__rate_interval])" }, /variable of Grafana/],
  ["with a variable in braces", { ...metrics, expression: "x{a=~'${a}'}" }, /variable of Grafana/],
  ["with an old variable", { ...metrics, expression: "x{a=~'[[a]]'}" }, /variable of Grafana/],
  ["of a variable source", { ...metrics, source: { type: "prometheus", uid: "${source}" } }, /variable of Grafana/],
])("a query %s is not asked", async (_, query, why) => {
  const { asked, found } = await readFrom(dataOf(query), recordedReply("grafana-metrics"));
  expect(asked).toBe("");
  expect(found).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("the last hour is asked for, as the dashboards open with it", async () => {
  const ofMetrics = new URL((await readFrom(dataOf(metrics), "{}")).asked, "http://x").searchParams;
  expect(Object.fromEntries(ofMetrics)).toEqual({
    query: "rate(x[5m])",
    step: "60",
    start: "1795320000",
    end: "1795323600",
  });
  const ofLines = new URL((await readFrom(dataOf(lines), "{}")).asked, "http://x").searchParams;
  expect(Object.fromEntries(ofLines)).toMatchObject({ start: "1795320000000000000", end: "1795323600000000000" });
});
