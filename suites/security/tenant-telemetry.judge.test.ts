import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import { judgeTelemetry, type Answered, type Readings } from "./tenant-telemetry.judge.ts";

const now = new Date("2026-11-22T09:00:00Z");
const yes = read(true, "Loki", now);
const answered = (of: Partial<Answered>): Answered => ({
  what: "an upload",
  by: "alice-a",
  status: 201,
  wanted: 201,
  echoed: false,
  ...of,
});
const refused = answered({ what: "an upload of a wrong kind", status: 400, wanted: 400 });
const traces = { traces: [{ id: "t", services: ["health-api", "etl-engine"] }], places: [] };
const metrics = { labels: 10, values: 100, places: [], controls: ["/api/v1/records"] };
const good: Readings = {
  answers: read([answered({}), refused], "flows", now),
  owners: new Map([
    ["canary-a", "clinic-a"],
    ["canary-b", "clinic-b"],
  ]),
  unfinished: [],
  logged: [{ service: "health-api", found: yes }],
  logs: read([], "Loki", now),
  tokens: read([], "Loki", now),
  wantedTraces: [{ id: "t", services: ["health-api", "etl-engine"] }],
  traces: read(traces, "Jaeger", now),
  metrics: read(metrics, "Prometheus", now),
  wantedLabels: ["/api/v1/records"],
};
const judge = (readings: Partial<Readings>) => judgeTelemetry({ ...good, ...readings });

test("telemetry without a canary passes", () => {
  expect(judge({})).toMatchObject({ outcome: "pass" });
});

test.each<readonly [string, Partial<Readings>, RegExp]>([
  [
    "one in a log",
    { logs: read([{ place: "health-platform/health-api-1/health-api", text: "canary-a" }], "Loki", now) },
    /^a canary of clinic-a stands in the log of health-platform\/health-api-1/,
  ],
  [
    "a token in a log",
    { tokens: read([{ place: "health-platform/x/y", text: "a token" }], "Loki", now) },
    /a token stands in the log of health-platform\/x\/y/,
  ],
  [
    "one in a trace",
    { traces: read({ ...traces, places: [{ place: "span health-api", text: "canary-b" }] }, "Jaeger", now) },
    /a canary of clinic-b stands in a span health-api/,
  ],
  [
    "one in a label",
    { metrics: read({ ...metrics, places: [{ place: "label route", text: "canary-b" }] }, "Prometheus", now) },
    /stands in the metrics' label route/,
  ],
  [
    "one in a refusal",
    { answers: read([answered({ ...refused, echoed: true })], "flows", now) },
    /the refusal \(400\) of an upload of a wrong kind by alice-a repeats a canary/,
  ],
])("%s fails", (_what, readings, why) => {
  expect(judge(readings)).toMatchObject({ outcome: "fail", because: expect.stringMatching(why) });
});

test.each<readonly [string, Partial<Readings>, RegExp]>([
  [
    "a harmless line that is not found",
    { logged: [{ service: "health-api", found: read(false, "Loki", now) }] },
    /a harmless request to health-api was not found/,
  ],
  [
    "a service that could not be asked",
    { logged: [{ service: "health-api", found: unread("404", "Loki", now) }] },
    /404/,
  ],
  ["no service asked", { logged: [] }, /no service was asked/],
  ["logs that could not be searched", { logs: unread("403", "Loki", now) }, /403/],
  ["tokens that could not be searched for", { tokens: unread("timeout", "Loki", now) }, /timeout/],
  [
    "a trace without one of its services",
    { traces: read({ ...traces, traces: [{ id: "t", services: ["health-api"] }] }, "Jaeger", now) },
    /trace t has no span of etl-engine/,
  ],
  ["a trace that is not there", { traces: read({ ...traces, traces: [] }, "Jaeger", now) }, /trace t has no span/],
  ["no trace", { wantedTraces: [] }, /no trace was begun/],
  [
    "a label that must be there",
    { metrics: read({ ...metrics, controls: [] }, "Prometheus", now) },
    /no label of a metric has the value/,
  ],
  [
    "an answer that was not wanted",
    { answers: read([answered({ status: 503 }), refused], "flows", now) },
    /was answered 503, not 201/,
  ],
  ["nothing refused", { answers: read([answered({})], "flows", now) }, /nothing was refused/],
  ["a flow that did not end", { unfinished: ["the narrative did not come"] }, /did not come/],
  ["one tenant only", { owners: new Map([["canary-a", "clinic-a"]]) }, /fewer than two tenants/],
])("%s is unproven", (_what, readings, why) => {
  expect(judge(readings)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(why) });
});
