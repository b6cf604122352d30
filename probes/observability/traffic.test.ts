import { expect, test } from "vitest";
import { observability } from "../../environments/platform-names.ts";
import type { Traffic } from "../../harness/soak/lines.ts";
import { read } from "../../harness/verdict.ts";
import { readFrom } from "../../test/one-reply.ts";
import { readTraffic } from "./traffic.ts";

const now = new Date("2026-11-22T12:00:30.000Z");
const scraped = now.getTime() / 1000 - 10;

type Line = { readonly metric: Record<string, string>; readonly values: readonly (readonly [number, string])[] };

function line(name: string, labels: Record<string, string>, value: number | string, at = scraped): Line {
  const metric = { __name__: name, job: "pods", namespace: "gateway", app: "envoy", ...labels };
  return {
    metric,
    values: [
      [at - 15, "0"],
      [at, String(value)],
    ],
  };
}

/** Two listeners of one pod, as Envoy writes them. */
function ofPod(pod: string, changes: { readonly at?: number; readonly value?: number | string } = {}): readonly Line[] {
  const { at = scraped, value = 90 } = changes;
  const https = { pod, envoy_http_conn_manager_prefix: "https-10443" };
  const plain = { pod, envoy_http_conn_manager_prefix: "http-10080" };
  const second = { pod, envoy_http_conn_manager_prefix: "https-10444" };
  return [
    line("envoy_server_uptime", { pod }, 3600),
    line("up", { pod }, 1),
    line("envoy_http_downstream_rq_xx", { ...https, envoy_response_code_class: "2" }, value, at),
    line("envoy_http_downstream_rq_xx", { ...https, envoy_response_code_class: "5" }, 1),
    line("envoy_http_downstream_rq_xx", { ...second, envoy_response_code_class: "2" }, 9),
    line("envoy_http_downstream_rq_xx", { ...plain, envoy_response_code_class: "3" }, 1000),
    line("envoy_http_downstream_rq_time_bucket", { ...https, le: "500" }, 90),
    line("envoy_http_downstream_rq_time_bucket", { ...second, le: "500" }, 8),
    line("envoy_http_downstream_rq_time_bucket", { ...https, le: "+Inf" }, 91),
    line("envoy_http_downstream_rq_time_bucket", { ...second, le: "+Inf" }, 9),
    line("envoy_http_downstream_rq_time_bucket", { ...plain, le: "+Inf" }, 1000),
  ];
}

const reply = (...lines: readonly Line[]): string =>
  JSON.stringify({ status: "success", data: { resultType: "matrix", result: lines } });

async function traffic(body: string, status = 200): Promise<{ readonly asked: string; readonly found: Traffic }> {
  let found: Traffic = { ok: false, why: "nobody asked" };
  const { asked } = await readFrom(
    async (cluster) => {
      found = await readTraffic(cluster, observability, now);
      return read(found, "Prometheus", now);
    },
    body,
    status,
  );
  return { asked, found };
}

const counters = {
  scrapedAt: "2026-11-22T12:00:20.000Z",
  upSeconds: 3600,
  answers: { "2xx": 99, "5xx": 1 },
  withinMs: { "500": 98, "+Inf": 100 },
};

test("the counters of HTTPS are summed over a pod's listeners, from one scrape, for each pod", async () => {
  const { asked, found } = await traffic(
    reply(...ofPod("envoy-1"), ...ofPod("envoy-2"), line("up", { pod: "api" }, 0)),
  );
  expect(found).toEqual({
    ok: true,
    pods: [
      { pod: "envoy-1", ...counters },
      { pod: "envoy-2", ...counters },
    ],
    down: ["api"],
  });
  expect(new URL(asked, "http://x").searchParams.get("query")).toBe(
    '{__name__=~"envoy_http_downstream_rq_xx|envoy_http_downstream_rq_time_bucket|envoy_server_uptime|up",job="pods"}[60s]',
  );
});

test("an Envoy that serves no HTTPS is none of the gateway's", async () => {
  const other = [line("envoy_server_uptime", { pod: "cilium-envoy" }, 3600)];
  expect((await traffic(reply(...ofPod("envoy-1"), ...other))).found).toMatchObject({
    ok: true,
    pods: [{ pod: "envoy-1" }],
  });
});

test.each<readonly [string, string, number, RegExp]>([
  ["no gateway", reply(line("up", { pod: "api" }, 1)), 200, /^no gateway with a listener for HTTPS was scraped/],
  ["only other Envoys", reply(line("envoy_server_uptime", { pod: "x" }, 1)), 200, /^no gateway with a listener/],
  [
    "a counter of an earlier scrape",
    reply(...ofPod("envoy-1", { at: scraped - 15 })),
    200,
    /^the counters of pod envoy-1 are not all of one scrape/,
  ],
  ["half an answer", reply(...ofPod("envoy-1", { value: 0.5 })), 200, /not all of one scrape/],
  ["a counter that is no number", reply(...ofPod("envoy-1", { value: "NaN" })), 200, /'NaN' is no measurement/],
  ["an uptime of nobody", reply(line("envoy_server_uptime", {}, 1)), 200, /belongs to no pod/],
  ["a refusal", reply(...ofPod("envoy-1")), 403, /403, the harness has no right/],
  ["half a reply", reply(...ofPod("envoy-1")).slice(0, -9), 200, /not JSON/],
])("%s is no counters", async (_, body, status, why) => {
  expect((await traffic(body, status)).found).toEqual({ ok: false, why: expect.stringMatching(why) });
});
