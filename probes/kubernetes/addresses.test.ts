import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Reading } from "../../harness/verdict.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readClusterAddresses, type ClusterAddress } from "./addresses.ts";
import { readNodeDomains } from "./node-domains.ts";

const recorded = (name: string): string =>
  readFileSync(join(import.meta.dirname, "../../test/recorded/kubernetes", `${name}.json`), "utf8");
const list = (...items: readonly object[]): string => JSON.stringify({ metadata: {}, items });

const services = list(
  {
    metadata: { name: "minio", namespace: "health-platform" },
    spec: { clusterIPs: ["10.96.0.40", "fd00::40"], externalIPs: ["192.0.2.7"] },
    status: { loadBalancer: { ingress: [{ ip: "192.0.2.8" }, { hostname: "LB.example" }] } },
  },
  { metadata: { name: "headless", namespace: "kafka" }, spec: { clusterIPs: ["None"] }, status: { loadBalancer: {} } },
  { metadata: { name: "elsewhere", namespace: "kafka" }, spec: {} },
);

async function readFrom(answers: Readonly<Record<string, string>>): Promise<Reading<readonly ClusterAddress[]>> {
  const server = createServer((request, response) => {
    const answer = answers[request.url?.split("?")[0]?.split("/").at(-1) ?? ""];
    response.writeHead(answer === undefined ? 403 : 200).end(answer);
  });
  return listening(server, async (port) => withCluster(port, readClusterAddresses));
}

const all = { nodes: recorded("nodes"), pods: recorded("pods"), services };

test("addresses of nodes, pods and Services, as recorded", async () => {
  const found = await readFrom(all);
  const of = (whose: string): unknown[] =>
    found.ok ? found.value.filter((one) => one.of === whose).map(({ address }) => address) : [];
  expect(of("Service health-platform/minio")).toEqual([
    "minio.health-platform",
    "10.96.0.40",
    "fd00::40",
    "192.0.2.7",
    "192.0.2.8",
    "lb.example",
  ]);
  expect(of("Service kafka/headless")).toEqual(["headless.kafka"]);
  expect(of("Service kafka/elsewhere")).toEqual(["elsewhere.kafka"]);
  const owners = found.ok ? found.value.map((one) => one.of.split(" ")[0]) : [];
  expect(owners).toEqual(expect.arrayContaining(["node", "pod", "Service"]));
  const addresses = found.ok ? found.value.filter((one) => one.of.startsWith("node ")) : [];
  expect(addresses.some(({ address }) => /^\d+\.\d+\.\d+\.\d+$/.test(address))).toBe(true);
});

test.each(["nodes", "pods", "services"] as const)(
  "without %s there is no reading: half of the addresses prove nothing",
  async (part) => {
    const { [part]: _gone, ...rest } = all;
    expect(await readFrom(rest)).toMatchObject({ ok: false, why: expect.stringMatching(new RegExp(`${part}: 403`)) });
  },
);

test.each<readonly [string, Readonly<Record<string, string>>]>([
  ["a node without a name", { nodes: list({ metadata: {}, status: {} }) }],
  [
    "a pod whose addresses are none",
    { pods: list({ metadata: { name: "a", namespace: "b" }, status: { podIPs: "10.0.0.1" } }) },
  ],
  ["a Service without a spec", { services: list({ metadata: { name: "a", namespace: "b" } }) }],
  ["half an answer", { services: services.slice(0, 80) }],
])("%s is no reading", async (_, bent) => {
  expect(await readFrom({ ...all, ...bent })).toMatchObject({ ok: false });
});

test("domains of nodes, as recorded and as Oracle labels them", async () => {
  const read = async (body: string) =>
    listening(
      createServer((_, response) => response.end(body)),
      async (port) => withCluster(port, readNodeDomains),
    );
  expect(await read(recorded("nodes"))).toMatchObject({
    ok: true,
    value: expect.arrayContaining([{ name: "oke-proof-worker", ready: true, zone: "", faultDomain: "" }]),
  });
  const labels = {
    "topology.kubernetes.io/zone": "EU-FRANKFURT-1-AD-1",
    "oci.oraclecloud.com/fault-domain": "FAULT-DOMAIN-2",
  };
  const metadata = { name: "n", uid: "u", creationTimestamp: "2026-11-22T00:00:00Z", labels };
  expect(await read(list({ metadata, status: {} }))).toMatchObject({
    ok: true,
    value: [{ ready: false, zone: "EU-FRANKFURT-1-AD-1", faultDomain: "FAULT-DOMAIN-2" }],
  });
});
