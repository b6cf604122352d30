import { createServer } from "node:http";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readServiceAddress } from "./services.ts";

const wanted = { namespace: "default", name: "kubernetes" };

async function addressOf(answer: unknown) {
  const server = createServer((request, response) => {
    const known = request.url === "/api/v1/namespaces/default/services/kubernetes";
    response.writeHead(known ? 200 : 404).end(JSON.stringify(answer));
  });
  return listening(server, async (port) => withCluster(port, async (cluster) => readServiceAddress(cluster, wanted)));
}

test.each(["10.96.0.1", "fd00:10:96::1"])("the address %s is read", async (clusterIP) => {
  expect(await addressOf({ spec: { clusterIP, clusterIPs: [clusterIP] } })).toMatchObject({
    ok: true,
    value: { clusterIp: clusterIP },
  });
});

test.each([
  ["headless", { spec: { clusterIP: "None" } }],
  ["without an address yet", { spec: { clusterIP: "" } }],
  ["an ExternalName", { spec: { type: "ExternalName" } }],
  ["no Service", {}],
])("a Service that is %s has no address", async (_, answer) => {
  expect(await addressOf(answer)).toMatchObject({ ok: false, why: expect.stringMatching(/services\/kubernetes: /) });
});
