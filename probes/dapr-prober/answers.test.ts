/** The probers' answers as recorded on the local cluster, and bent ones. */
import { createServer } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { z } from "zod";
import { eventBus } from "../../environments/platform-names.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import {
  boundsAnswer,
  demandAnswer,
  findSince,
  foundAnswer,
  probeEvent,
  producedAnswer,
  readTopics,
  topicsAnswer,
} from "./kafka.ts";
import { invokedAnswer, publish, publishedAnswer, secretAnswer, sidecarAnswer, stateAnswer } from "./sidecar.ts";

const at = "2026-11-22T04:45:51.696Z";
const said = (status: number, body = "") => ({ status, body, backend: "" });
const message = { partition: 0, offset: "2", value: '{"specversion":"1.0"}' };
const knock = { spoke: false, how: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" };

const topics = { at, topics: [{ name: "reminders", partitions: 3 }] };
const demand = {
  at,
  topic: "oke-proof-made-up-1",
  answer: "Unknown topic oke-proof-made-up-1.",
  existsAfterwards: false,
};
const bounds = { at, topic: "task-updates", partitions: [{ partition: 0, first: "0", next: "2" }] };
const produced = { at, topic: "task-updates", acknowledged: [message] };
const found = { at, topic: "task-updates", complete: true, messages: [message] };
const published = { at, topic: "task-updates", published: said(404, '{"errorCode":"ERR_PUBSUB_NOT_FOUND"}') };
const health = { at, health: said(204) };
const state = {
  at,
  saved: said(204),
  storedAfterSave: { ok: true, value: '"v"' },
  readBack: said(200, '"v"'),
  deleted: said(204),
  storedAfterDelete: { ok: true, value: null },
  readAfterDelete: said(204),
};
const secret = { at, secret: "oke-proof-probe", status: 200, refusal: "", keys: [{ key: "nonce", same: true }] };
const invoked = {
  at,
  app: "todo-backend",
  invoked: { status: 200, body: "", backend: "todo-backend" },
  peer: {
    names: "URI:spiffe://public/ns/todo-chatbot/todo-backend",
    withoutCertificate: knock,
    inClearText: { spoke: false, how: "the connection was closed" },
  },
};

const shapes: readonly (readonly [string, z.ZodType, unknown])[] = [
  ["topics", topicsAnswer, topics],
  ["demand", demandAnswer, demand],
  ["bounds", boundsAnswer, bounds],
  ["produced", producedAnswer, produced],
  ["found", foundAnswer, found],
  ["published", publishedAnswer, published],
  ["health", sidecarAnswer, health],
  ["state", stateAnswer, state],
  ["secret", secretAnswer, secret],
  ["invoked", invokedAnswer, invoked],
];

test.each(shapes)("%s: as recorded", (_, schema, recorded) => {
  expect(schema.parse(recorded)).toEqual(recorded);
});

test.each(shapes)("%s: without any one of its fields, and anything else, is refused", (_, schema, recorded) => {
  for (const field of Object.keys(recorded ?? {})) {
    expect(schema.safeParse({ ...Object(recorded), [field]: undefined }).success).toBe(false);
  }
  expect(schema.safeParse({ error: { code: "kafka", message: "no" } }).success).toBe(false);
  fc.assert(fc.property(fc.jsonValue(), (bent) => !schema.safeParse(bent).success));
});

test.each<readonly [string, z.ZodType, unknown]>([
  ["an offset that is none", foundAnswer, { ...found, messages: [{ ...message, offset: "unknown" }] }],
  ["a partition below zero", boundsAnswer, { ...bounds, partitions: [{ partition: -1, first: "0", next: "0" }] }],
  ["no partition", boundsAnswer, { ...bounds, partitions: [] }],
  ["a status that is none", publishedAnswer, { ...published, published: said(0) }],
  ["a store that says neither", stateAnswer, { ...state, storedAfterSave: { ok: true } }],
])("bent: %s", (_, schema, bent) => {
  expect(schema.safeParse(bent).success).toBe(false);
});

/** Answers every request with a status and a body, and keeps what was asked. */
async function answering<T>(status: number, body: unknown, work: (asked: string[]) => (port: number) => Promise<T>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let sent = "";
    request.on("data", (part) => (sent += String(part)));
    request.on("end", () => {
      asked.push(`${request.method} ${request.url} ${sent}`);
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  return { asked, reading: await listening(server, work(asked)) };
}

test("the probers are asked by the names of their Services", async () => {
  const listed = await answering(
    200,
    topics,
    () => async (port) => withCluster(port, async (cluster) => readTopics(cluster, eventBus)),
  );
  expect(listed.reading).toMatchObject({ ok: true, value: topics });
  expect(listed.asked).toEqual(["GET /api/v1/namespaces/todo-chatbot/services/dapr-prober:80/proxy/kafka/topics "]);
  const event = { topic: "task-updates", nonce: "nonce-1" };
  const refused = await answering(
    200,
    published,
    () => async (port) =>
      withCluster(port, async (cluster) => publish(cluster, eventBus, { ...event, as: "outOfScope" })),
  );
  expect(refused.reading).toMatchObject({ ok: true, value: { published: { status: 404 } } });
  expect(refused.asked).toEqual([
    `POST /api/v1/namespaces/todo-chatbot/services/dapr-outsider:80/proxy/dapr/publish ${JSON.stringify(event)}`,
  ]);
});

test("the log is read from where it ended; a prober without an answer is no reading", async () => {
  const { asked } = await answering(
    200,
    found,
    () => async (port) => withCluster(port, async (cluster) => findSince(cluster, eventBus, bounds, "nonce-12")),
  );
  expect(asked[0]).toContain('{"topic":"task-updates","text":"nonce-12","from":[{"partition":0,"offset":"2"}]}');
  const failing = await answering(
    502,
    { error: { code: "kafka", message: "no broker" } },
    () => async (port) => withCluster(port, async (cluster) => readTopics(cluster, eventBus)),
  );
  expect(failing.reading).toMatchObject({ ok: false, why: expect.stringMatching(/502: no broker$/) });
});

test("a probe's event is a CloudEvent that applications know by its type", () => {
  expect(JSON.parse(probeEvent("n", 2))).toMatchObject({ type: "oke-proof.probe", id: "n-2", data: { nonce: "n" } });
});
