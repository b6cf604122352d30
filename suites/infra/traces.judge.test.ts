import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Trace } from "../../probes/observability/traces.ts";
import { now } from "./pod-examples.ts";
import { judgeTracesReachJaeger } from "./traces.judge.ts";

const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);
const services = ["health-api", "etl-engine"];
const ids = ["a", "b", "c"].map((letter) => letter.repeat(32));
const sent = ids.map((traceId) => read({ traceId }, "the ingress", now));

const traceOf = (id: string, of: readonly string[] = services): Trace => ({
  id,
  spans: of.map((service) => ({ service, name: "work" })),
});
const whole = ids.map((id) => traceOf(id));
const [first = "", second = ""] = ids;

test.each<readonly [string, readonly Trace[], Outcome, RegExp]>([
  ["whole", whole, "pass", /^3 requests were each found as one trace over health-api and etl-engine$/],
  ["whole, with more", [...whole, traceOf("d")], "pass", /^3 requests/],
  [
    "without a service",
    [traceOf(first, ["health-api"]), ...whole.slice(1)],
    "fail",
    /^trace a+ has no span of etl-engine within 30 s$/,
  ],
  ["lost", [traceOf(first), traceOf(second)], "fail", /^trace c+ was not found in Jaeger within 30 s$/],
  ["empty", [traceOf(first, []), ...whole.slice(1)], "fail", /^trace a+ was not found/],
  ["none", [], "fail", /was not found in Jaeger/],
])("traces that are %s", (_, traces, outcome, because) => {
  const verdict = judgeTracesReachJaeger({ sent, traces: read(traces, "Jaeger", now) }, services, 30);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("what cannot be sent or read is unproven", () => {
  const traces = read(whole, "Jaeger", now);
  expect(judgeTracesReachJaeger({ sent, traces: refused }, services, 30).outcome).toBe("unproven");
  expect(judgeTracesReachJaeger({ sent: [refused], traces }, services, 30).because).toMatch(
    /did not go through: .*403/,
  );
  expect(judgeTracesReachJaeger({ sent: [...sent, refused], traces }, services, 30).outcome).toBe("unproven");
  expect(judgeTracesReachJaeger({ sent: sent.slice(1), traces }, services, 30).because).toMatch(/2 requests were sent/);
  expect(judgeTracesReachJaeger({ sent: [], traces }, services, 30).outcome).toBe("unproven");
  expect(judgeTracesReachJaeger({ sent, traces }, [], 30).outcome).toBe("unproven");
});
