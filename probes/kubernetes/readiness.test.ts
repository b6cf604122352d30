import { createServer } from "node:http";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readReadiness } from "./readiness.ts";

const pod = (name: string, change: object = {}) => ({
  metadata: { name, namespace: "a", uid: name, creationTimestamp: "2026-11-22T04:00:00Z", ...change },
  spec: { nodeName: "worker", containers: [{ name: "main" }] },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "False" }] },
});
const deleted = pod("going", { deletionTimestamp: "2026-11-22T04:00:00Z" });

/** Asks a cluster of two pods, of which one is about to go; the other answers like this. */
async function readFrom(status: number, body: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    asked.push(url);
    if (url.includes("/proxy/")) response.writeHead(status).end(body);
    else response.end(JSON.stringify({ metadata: {}, items: [pod("api-1"), deleted] }));
  });
  const profile = { dependencies: [{ namespace: "a", service: "api", needs: ["postgres"] }] };
  const [service] = await listening(server, async (port) =>
    withCluster(port, async (cluster) => readReadiness(cluster, profile)),
  );
  return { service, asked };
}

test("each pod that stays is asked, ready or not, and its word is a reading", async () => {
  const body = JSON.stringify({ status: "not ready", dependencies: { postgres: "away" } });
  const { service, asked } = await readFrom(503, body);
  expect(service).toMatchObject({
    service: "api",
    pods: { ok: true, value: [{ pod: "api-1", said: { ok: true, value: { postgres: "away" } } }] },
  });
  expect(asked.filter((url) => url.includes("/proxy/"))).toEqual(["/api/v1/namespaces/a/pods/api-1:8080/proxy/readyz"]);
});

test("a service that refuses altogether says so under its own name", async () => {
  const { service } = await readFrom(503, JSON.stringify({ error: { code: "ending", message: "the service ends" } }));
  expect(service?.pods).toMatchObject({ value: [{ said: { ok: true, value: { itself: "the service ends" } } }] });
});

test("a service that is not ready, although it reaches all, says so under its own name", async () => {
  const { service } = await readFrom(503, JSON.stringify({ status: "not ready", dependencies: { postgres: "ok" } }));
  expect(service?.pods).toMatchObject({
    value: [{ said: { ok: true, value: { postgres: "ok", itself: "not ready" } } }],
  });
});

test.each([
  [503, JSON.stringify({ kind: "Status", message: "error trying to reach service: dial tcp: connection refused" })],
  [200, "<html>"],
  [200, JSON.stringify({ status: "ready" })],
  [200, JSON.stringify({ status: "ready", dependencies: { postgres: true } })],
  [403, JSON.stringify({ kind: "Status", message: "pods/proxy is forbidden" })],
  [404, "{}"],
  [500, JSON.stringify({ status: "ready", dependencies: { postgres: "ok" } })],
])("an answer %i that is no service's word (%#) is no reading", async (status, body) => {
  const { service } = await readFrom(status, body);
  expect(service?.pods).toMatchObject({ ok: true, value: [{ said: { ok: false } }] });
});
