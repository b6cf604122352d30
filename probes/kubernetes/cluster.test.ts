import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { withCluster } from "../../test/api-server.ts";
import { closedPort, listening, resettingServer, sayingServer, silentServer } from "../../test/loopback.ts";
import { connect, type Cluster } from "./cluster.ts";
import { readClusterIdentity } from "./identity.ts";
import { readNodes } from "./nodes.ts";
import { readPods } from "./pods.ts";
import { readVolumeClaims } from "./volumes.ts";
import { readWorkloads } from "./workloads.ts";

const thing = z.object({ name: z.string() });
const requestMs = 500;

/** Does the work on a cluster whose API server answers by the listener. */
async function served<T>(answer: RequestListener, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  return listening(createServer(answer), async (port) => withCluster(port, work, { requestMs }));
}

const getThing = async (cluster: Cluster) => cluster.getJson("/things?name=a", thing);

const refusal = (code: number, message: string): string => JSON.stringify({ kind: "Status", code, message });

test.each<readonly [string, number, string, RegExp]>([
  ["401", 401, refusal(401, "Unauthorized"), /^GET \/things: 401, the credentials are .*: Unauthorized$/],
  [
    "403",
    403,
    refusal(403, "things is forbidden"),
    /^GET \/things: 403, the harness has no right .*: things is forbidden$/,
  ],
  ["404", 404, refusal(404, "not found"), /^GET \/things: 404, it does not exist: not found$/],
  ["410", 410, refusal(410, "too old"), /410, the list expired/],
  ["429", 429, refusal(429, "slow down"), /429, the server is overloaded: slow down$/],
  ["500", 500, refusal(500, "etcd is gone"), /the server answered 500: etcd is gone$/],
  ["502 of a prober", 502, JSON.stringify({ error: { code: "kubelet", message: "no summary" } }), /502: no summary$/],
  ["503 in HTML", 503, "<html>upstream</html>", /^GET \/things: the server answered 503$/],
  ["302", 302, "", /./],
  ["200 in HTML", 200, "<html><body>Sign in</body></html>", /is not JSON \(it starts with '<html><body>Sign in/],
  ["an empty body", 200, "", /is not JSON/],
  ["cut-off JSON", 200, '{"name":"a","more":[1,2', /is not JSON/],
  ["null", 200, "null", /another shape: the whole/],
  ["a missing field", 200, '{"title":"a"}', /^GET \/things: the answer has another shape: name: /],
  ["a field of another type", 200, '{"name":7}', /another shape: name: /],
  ["a list in place of an object", 200, "[]", /another shape: the whole/],
])("%s is no reading, and says why", async (_, status, body, why) => {
  const headers = status === 302 ? { location: "/elsewhere" } : {};
  const reading = await served((_request, response) => response.writeHead(status, headers).end(body), getThing);
  expect(reading).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  expect(reading.source).toMatch(/^http:\/\/127.0.0.1:\d+\/things\?name=a$/);
});

test("a good answer is parsed, and asked for with the kubeconfig's token", async () => {
  const reading = await served((request, response) => {
    response.end(JSON.stringify({ name: request.headers.authorization ?? "nobody", more: 1 }));
  }, getThing);
  expect(reading).toMatchObject({ ok: true, value: { name: "Bearer not-a-secret" } });
});

test("a refused answer is not asked for again", async () => {
  let asked = 0;
  await served((_, response) => {
    asked += 1;
    response.writeHead(429, { "retry-after": "1" }).end();
  }, getThing);
  expect(asked).toBe(1);
});

test.each<readonly [string, RequestListener]>([
  ["never answers", () => undefined],
  ["answers half and falls silent", (_, response) => void response.writeHead(200).write('{"name":')],
  ["sends a byte now and then", (_, response) => void setInterval(() => response.write(" "), 50).unref()],
])("a server that %s is given up in time", async (_, answer) => {
  const started = performance.now();
  const reading = await served(answer, getThing);
  expect(reading).toMatchObject({ ok: false, why: expect.stringMatching(/no answer within 0.5 s from http:\/\/127/) });
  expect(performance.now() - started).toBeLessThan(2000);
});

test.each([
  ["takes the connection and says nothing", silentServer, /no answer within 0.5 s/],
  ["hangs up", resettingServer, /asking http/],
  ["closes", () => createTcpServer((socket) => void socket.destroy()), /asking http/],
  ["speaks another protocol", () => sayingServer("SSH-2.0-OpenSSH\r\n"), /asking http/],
])("a server that %s is no reading", async (_, server, why) => {
  const reading = await listening(server(), async (port) => withCluster(port, getThing, { requestMs }));
  expect(reading).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("a dead address, an interruption and a missing kubeconfig are no readings", async () => {
  const port = await closedPort();
  const dead = await withCluster(port, getThing);
  expect(dead).toMatchObject({ ok: false, why: expect.stringMatching(/ECONNREFUSED/) });
  const interrupted = await withCluster(port, getThing, { signal: AbortSignal.abort() });
  expect(interrupted).toMatchObject({ ok: false, why: expect.stringMatching(/interrupted/) });
  const profile = { cluster: { kubeconfig: "no-such-kubeconfig" }, timeouts: { requestMs, checkMs: 5000 } };
  const missing = await connect(profile, new AbortController().signal).list("/things", thing);
  expect(missing).toMatchObject({ ok: false, why: expect.stringMatching(/^kubeconfig no-such-kubeconfig: ENOENT/) });
});

test("the identity needs both halves", async () => {
  const identityOf = async (namespace: unknown, version: unknown) =>
    served((request, response) => {
      response.end(JSON.stringify(request.url === "/version" ? version : namespace));
    }, readClusterIdentity);
  const namespace = { metadata: { name: "kube-system", uid: "uid-1" } };
  const version = { gitVersion: "v1.34.4" };
  expect(await identityOf(namespace, version)).toMatchObject({
    ok: true,
    value: { uid: "uid-1", serverVersion: "v1.34.4" },
  });
  expect(await identityOf({ metadata: { name: "default", uid: "uid-1" } }, version)).toMatchObject({ ok: false });
  expect(await identityOf({ metadata: { name: "kube-system", uid: "" } }, version)).toMatchObject({ ok: false });
  expect(await identityOf(namespace, {})).toMatchObject({ ok: false });
});

test("no list of garbage makes a probe throw, or is read", async () => {
  let body = "";
  const part = fc.jsonValue();
  const item = fc.oneof(part, fc.record({ metadata: part, spec: part, status: part }));
  await served(
    (_, response) => response.end(body),
    async (cluster) =>
      fc.assert(
        fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 3 }), async (items) => {
          body = JSON.stringify({ metadata: {}, items });
          const probes = [readNodes, readPods, readVolumeClaims, readWorkloads];
          const readings = await Promise.all(probes.map(async (probe) => probe(cluster)));
          expect(readings.map(({ ok }) => ok)).toEqual([false, false, false, false]);
        }),
        { numRuns: 60 },
      ),
  );
});
