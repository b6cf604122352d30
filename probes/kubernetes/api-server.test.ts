import { createServer } from "node:http";
import { expect, test } from "vitest";
import type { Cluster } from "./cluster.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readApiServices, readReadyParts } from "./api-server.ts";

async function served<T>(status: number, body: string, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  return listening(server, async (port) => withCluster(port, work));
}

const good = "[+]ping ok\n[+]etcd ok\n[+]poststarthook/start-apiextensions-informers ok\nreadyz check passed\n";

test("the parts of a ready API server", async () => {
  const reading = await served(200, good, readReadyParts);
  expect(reading).toMatchObject({ ok: true });
  expect(reading.ok ? reading.value.map(({ name, ready }) => [name, ready]) : []).toEqual([
    ["ping", true],
    ["etcd", true],
    ["poststarthook/start-apiextensions-informers", true],
  ]);
});

test("a part that is not ready is read, with its words", async () => {
  const body = "[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n";
  expect(await served(500, body, readReadyParts)).toMatchObject({
    ok: true,
    value: [
      { name: "ping", ready: true },
      { name: "etcd", ready: false, said: "failed: reason withheld" },
    ],
  });
});

test.each([
  [200, "ok", /no list of parts \(it starts with 'ok'\)/],
  [200, "[+]ping ok\n[+]etcd ok\n", /no list of parts/],
  [200, "[+]ping ok\nsomething else\nreadyz check passed\n", /no list of parts/],
  [200, "readyz check passed", /no list of parts/],
  [200, "", /no list of parts/],
  [403, '{"message":"forbidden"}', /^GET \/readyz: 403, the harness has no right .*: forbidden$/],
  [503, "", /the server answered 503/],
])("%i %j is no reading", async (status, body, why) => {
  expect(await served(status, body, readReadyParts)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("services of the API: one that says nothing is not available", async () => {
  const metadata = (name: string) => ({ name, uid: "u", creationTimestamp: "2026-11-22T00:00:00Z" });
  const items = [
    { metadata: metadata("v1.apps"), status: { conditions: [{ type: "Available", status: "True", reason: "Local" }] } },
    {
      metadata: metadata("v1.away"),
      status: { conditions: [{ type: "Available", status: "False", reason: "ServiceNotFound" }] },
    },
    { metadata: metadata("v1.silent"), status: {} },
  ];
  expect(await served(200, JSON.stringify({ metadata: {}, items }), readApiServices)).toMatchObject({
    ok: true,
    value: [
      { name: "v1.apps", available: true },
      { name: "v1.away", available: false, why: "ServiceNotFound" },
      { name: "v1.silent", available: false, why: "it does not say whether it is available" },
    ],
  });
});
