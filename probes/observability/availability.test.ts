import { createServer } from "node:http";
import { expect, test } from "vitest";
import { observability } from "../../environments/platform-names.ts";
import type { Reading } from "../../harness/verdict.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readFrom } from "../../test/one-reply.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { readFiredAlerts, readOutsideProbes, readRuleGroups } from "./availability.ts";

const from = new Date("2026-11-10T00:00:00.000Z");
const until = new Date("2026-11-17T00:00:00.000Z");
const begin = from.getTime() / 1000;
const window = { from, until };
const outside = { job: "outside", targets: ["https://health.example/"], control: "https://nobody.example/" };
const day = 86_400;

type Held = {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
};

/** What a Prometheus that holds these samples answers: those of the selector's range, without its first instant and with its last. */
async function prometheus<T>(
  held: readonly Held[],
  reader: (cluster: Cluster) => Promise<Reading<T>>,
  broken = (_asked: number): boolean => false,
): Promise<{ readonly found: Reading<T>; readonly queries: readonly string[] }> {
  const queries: string[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://x");
    const query = searchParams.get("query") ?? "";
    queries.push(query);
    if (broken(queries.length)) {
      response.writeHead(503).end("no endpoints available");
      return;
    }
    const end = Number(searchParams.get("time"));
    const start = end - Number(/\[(\d+)s\]$/.exec(query)?.[1]);
    const result = held
      .map(({ metric, values }) => ({ metric, values: values.filter(([at]) => at > start && at <= end) }))
      .filter(({ values }) => values.length > 0);
    const data = { resultType: "matrix", result };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ status: "success", data }));
  });
  const found = await listening(server, async (port) => withCluster(port, reader));
  return { found, queries };
}

const health = { __name__: "probe_success", job: "outside", instance: "https://health.example/", vantage: "frankfurt" };
const probes = async (cluster: Cluster) => readOutsideProbes(cluster, observability, outside, window);
const each = (...values: readonly (readonly [number, string])[]): Held => ({ metric: health, values });

test("a week is asked for by days and put together, from its first instant to before its last, no sample twice", async () => {
  const times = [-0.001, 0, 59.5, day, day + 0.5, 3 * day, 7 * day - 0.001, 7 * day];
  const { found, queries } = await prometheus([each(...times.map((at) => [begin + at, "1"] as const))], probes);
  expect(queries).toHaveLength(7);
  expect(new Set(queries)).toEqual(new Set(['probe_success{job="outside"}[86401s]']));
  expect(found).toMatchObject({ ok: true, value: [{ target: "https://health.example/", vantage: "frankfurt" }] });
  const samples = found.ok ? found.value.flatMap((series) => series.samples) : [];
  expect(samples).toEqual(
    times.slice(1, -1).map((at) => ({ atMs: from.getTime() + Math.round(at * 1000), isAnswered: true })),
  );
  expect(found.ok && found.value[0]?.inside).toBe(undefined);
});

test("each address and vantage point has a series of its own, and one of the cluster's own says so", async () => {
  const held = [
    each([begin + 1, "1"], [begin + 61, "0"]),
    { metric: { ...health, vantage: "paris" }, values: [[begin + 2, "1"]] as const },
    {
      metric: { ...health, instance: "https://todo.example/", pod: "blackbox-1" },
      values: [[begin + day + 2, "0"]] as const,
    },
  ];
  const { found } = await prometheus(held, probes);
  expect(found.ok && found.value).toEqual([
    {
      target: "https://health.example/",
      vantage: "frankfurt",
      samples: [
        { atMs: from.getTime() + 1000, isAnswered: true },
        { atMs: from.getTime() + 61_000, isAnswered: false },
      ],
    },
    {
      target: "https://health.example/",
      vantage: "paris",
      samples: [{ atMs: from.getTime() + 2000, isAnswered: true }],
    },
    {
      target: "https://todo.example/",
      vantage: "frankfurt",
      inside: "blackbox-1",
      samples: [{ atMs: from.getTime() + (day + 2) * 1000, isAnswered: false }],
    },
  ]);
});

test("no series is an answer, and an empty one; a day that cannot be had leaves no week", async () => {
  expect((await prometheus([], probes)).found).toMatchObject({ ok: true, value: [] });
  const { found } = await prometheus([each([begin + 1, "1"])], probes, (asked) => asked === 5);
  expect(found).toMatchObject({ ok: false, why: expect.stringMatching(/503/) });
});

test.each(["0.5", "2", "-1"])("a probe that came out as %s is none", async (value) => {
  const { found } = await prometheus([each([begin + 1, value])], probes);
  expect(found).toMatchObject({ ok: false, why: "probe_success holds a value that is neither 0 nor 1" });
});

test("an alert that fired is told with its first and its last time, over days", async () => {
  const metric = { __name__: "ALERTS", alertname: "GatewayDown", alertstate: "firing", severity: "critical" };
  const held = [
    {
      metric,
      values: [
        [begin + 15, "1"],
        [begin + 30, "1"],
        [begin + 2 * day, "1"],
      ] as const,
    },
  ];
  const { found, queries } = await prometheus(held, async (cluster) => readFiredAlerts(cluster, observability, window));
  expect(queries[0]).toBe('ALERTS{alertstate="firing",severity="critical"}[86401s]');
  expect(found).toMatchObject({
    ok: true,
    value: [{ name: "GatewayDown", fromMs: from.getTime() + 15_000, untilMs: from.getTime() + 2 * day * 1000 }],
  });
});

test("a group of rules tells when it was evaluated, each time once, and only of the window", async () => {
  const metric = { __name__: "x", rule_group: "/etc/prometheus/rules/cluster.yaml;cluster", pod: "prometheus-0" };
  const values = [
    [begin + 15, String(begin - 0.5)],
    [begin + 30, String(begin + 29.25)],
    [begin + 45, String(begin + 29.25)],
    [begin + 60, String(begin + 44.25)],
    [begin + 75, "0"],
  ] as const;
  const held = [
    { metric, values },
    { metric: { ...metric, pod: "prometheus-1" }, values: [[begin + 80, String(begin + 79)]] as const },
  ];
  const { found } = await prometheus(held, async (cluster) => readRuleGroups(cluster, observability, window));
  const evaluatedMs = [29_250, 44_250, 79_000].map((ms) => from.getTime() + ms);
  expect(found).toMatchObject({ ok: true, value: [{ name: "cluster", evaluatedMs }] });
});

const whole = JSON.stringify({ status: "success", data: { resultType: "matrix", result: [] } });

test.each<readonly [string, string, number, RegExp]>([
  ["refused", whole, 403, /403, the harness has no right/],
  ["cut off", whole.slice(0, -3), 200, /not JSON/],
  ["an error", '{"status":"error","errorType":"timeout","error":"query timed out"}', 200, /another shape/],
])("a reply that is %s is none", async (_, body, status, why) => {
  for (const reader of [
    probes,
    async (cluster: Cluster) => readFiredAlerts(cluster, observability, window),
    async (cluster: Cluster) => readRuleGroups(cluster, observability, window),
  ]) {
    expect((await readFrom(reader, body, status)).found).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  }
});

test("a window without length is refused", async () => {
  const empty = { from, until: from };
  const reader = async (cluster: Cluster) => readOutsideProbes(cluster, observability, outside, empty);
  expect((await readFrom(reader, whole)).found).toMatchObject({
    ok: false,
    why: expect.stringMatching(/the window is empty/),
  });
});
