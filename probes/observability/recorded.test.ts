/**
 * The readers against what a real Prometheus, Loki and Jaeger answered on the local cluster, and against the alert receiver's replies as
 * fixtures/apps gives them; whole and bent.
 */
import { describe, expect, test } from "vitest";
import { observability } from "../../environments/platform-names.ts";
import { readFrom, recordedReply as recorded, type Reader } from "../../test/one-reply.ts";
import { raiseAlert, readArrivals } from "./alerts.ts";
import { readLogLines } from "./log-lines.ts";
import { readVector } from "./query.ts";
import { readAlertRules } from "./rules.ts";
import { readTargets } from "./targets.ts";
import { readTraces } from "./traces.ts";

const logs: Reader = async (cluster) =>
  readLogLines(cluster, observability, {
    namespaces: ["health-platform", "todo-chatbot"],
    text: "nonce-1",
    since: new Date("2026-11-22T05:00:00.000Z"),
  });
const id = "ab".repeat(16);
const traces: Reader = async (cluster) => readTraces(cluster, observability, [id]);

/** Reader, reply, the path that it asks, and what it makes of the reply. */
const readers: readonly (readonly [string, Reader, string, RegExp, unknown])[] = [
  [
    "targets",
    async (cluster) => readTargets(cluster, observability),
    recorded("targets"),
    /\/namespaces\/observability\/services\/prometheus:http\/proxy\/api\/v1\/targets\?state=active$/,
    expect.arrayContaining([
      {
        job: "kubelet",
        labels: expect.objectContaining({ node: "oke-proof-worker" }),
        health: "up",
        lastError: "",
        scrapedAt: expect.stringMatching(/^2026-/),
      },
    ]),
  ],
  [
    "rules",
    async (cluster) => readAlertRules(cluster, observability),
    recorded("rules"),
    /prometheus:http\/proxy\/api\/v1\/rules\?type=alert$/,
    expect.arrayContaining([
      { name: "TargetDown", health: "ok", lastError: "", evaluatedAt: expect.stringMatching(/^2026-/) },
    ]),
  ],
  [
    "a vector",
    async (cluster) => readVector(cluster, observability, 'up{job="kubelet"}'),
    recorded("query"),
    /api\/v1\/query\?query=up%7Bjob%3D%22kubelet%22%7D$/,
    expect.arrayContaining([
      { labels: expect.objectContaining({ node: "oke-proof-worker" }), value: 1, atSeconds: expect.any(Number) },
    ]),
  ],
  [
    "lines",
    logs,
    recorded("log-lines"),
    /loki:http\/proxy\/loki\/api\/v1\/query_range\?query=%7Bk8s_namespace_name%3D%7E%22health-platform%7Ctodo-chatbot%22%7D.*nonce-1%22&start=1795323600000000000&/,
    [
      expect.objectContaining({
        namespace: "oke-proof",
        container: "prober",
        text: expect.stringContaining("request"),
      }),
    ],
  ],
  [
    "traces",
    traces,
    recorded("traces"),
    new RegExp(`jaeger:query/proxy/api/traces\\?traceID=${id}$`),
    [
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        spans: expect.arrayContaining([{ service: "health-api", name: "POST health-api" }]),
      },
    ],
  ],
  [
    "arrivals",
    async (cluster) => readArrivals(cluster, observability, "nonce-1"),
    JSON.stringify({
      alerts: [
        { status: "resolved", labels: { nonce: "nonce-0" }, receivedAt: "2026-11-22T04:00:00.000Z" },
        { status: "firing", labels: { nonce: "nonce-1" }, receivedAt: "2026-11-22T05:00:00.000Z" },
      ],
    }),
    /alert-receiver:http\/proxy\/alerts\?nonce=nonce-1$/,
    [{ status: "firing", labels: { nonce: "nonce-1" }, receivedAt: "2026-11-22T05:00:00.000Z" }],
  ],
  [
    "a raised alert",
    async (cluster) => raiseAlert(cluster, observability, { nonce: "nonce-1", seconds: 15 }),
    JSON.stringify({ nonce: "nonce-1", until: "2026-11-22T05:00:15.000Z" }),
    /alert-receiver:http\/proxy\/synthetic$/,
    { nonce: "nonce-1", until: "2026-11-22T05:00:15.000Z" },
  ],
];

describe.each(readers)("%s", (_, reader, body, path, value) => {
  test("are read from a whole reply", async () => {
    const { asked, found } = await readFrom(reader, body);
    expect(found).toMatchObject({ ok: true, value });
    expect(asked).toMatch(path);
  });

  test.each([
    ["refused", body, 403, /403, the harness has no right/],
    ["away", "no endpoints available", 503, /the server answered 503/],
    ["cut off", body.slice(0, -20), 200, /not JSON/],
    ["of another shape", '{"status":"error","errorType":"bad_data","error":"parse error"}', 200, /another shape/],
  ])("are not read from a reply that is %s", async (_what, reply, status, why) => {
    const { found } = await readFrom(reader, reply, status);
    expect(found).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  });
});

test.each([["NaN"], ["+Inf"], [""], ["one"]])("a vector with the value '%s' is no measurement", async (value) => {
  const body = { status: "success", data: { resultType: "vector", result: [{ metric: {}, value: [1, value] }] } };
  const { found } = await readFrom(async (cluster) => readVector(cluster, observability, "up"), JSON.stringify(body));
  expect(found).toMatchObject({ ok: false, why: expect.stringMatching(/no measurement/) });
});

test("a line of nobody, and more lines than were asked for, are no answer", async () => {
  const lines = (stream: object, count: number) =>
    JSON.stringify({
      status: "success",
      data: { resultType: "streams", result: [{ stream, values: Array.from({ length: count }, () => ["1", "x"]) }] },
    });
  const of = { k8s_namespace_name: "a", k8s_pod_name: "b", k8s_container_name: "c" };
  expect((await readFrom(logs, lines({ k8s_namespace_name: "a" }, 1))).found).toMatchObject({ ok: false });
  expect((await readFrom(logs, lines(of, 1000))).found).toMatchObject({ ok: false });
  expect((await readFrom(logs, lines(of, 999))).found).toMatchObject({ ok: true });
});

test("a trace that Jaeger does not know is an empty list", async () => {
  const unknown = {
    data: [],
    total: 0,
    limit: 0,
    offset: 0,
    errors: [{ code: 404, msg: "trace not found", traceID: id }],
  };
  expect((await readFrom(traces, JSON.stringify(unknown))).found).toMatchObject({ ok: true, value: [] });
  expect((await readFrom(traces, JSON.stringify({ ...unknown, data: null }))).found).toMatchObject({
    ok: true,
    value: [],
  });
});
