import { createServer } from "node:http";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readIdentities } from "./identities.ts";

const enforcement = {
  namespaces: { x: "nx", y: "ny", z: "nz" },
  port: 9000,
  portRanges: "enforced",
  outside: true,
} as const;

type Pod = {
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  spec: unknown;
  status: Record<string, unknown>;
};

function pod(name: string, ip: string): Pod {
  return {
    metadata: {
      name,
      labels: { "oke-proof/identity": name.slice(0, 1) },
      annotations: { "oke-proof/outside": "192.0.2.7:5000" },
    },
    spec: {
      containers: [
        {
          ports: [
            { name: "first-tcp", containerPort: 8080 },
            { name: "first-udp", containerPort: 8080, protocol: "UDP" },
          ],
        },
      ],
    },
    status: { phase: "Running", podIP: ip, hostIP: "192.0.2.3", conditions: [{ type: "Ready", status: "True" }] },
  };
}

const nodes = ["192.0.2.3", "192.0.2.2"].map((address, index) => ({
  metadata: { name: `node-${index}` },
  status: {
    addresses: [
      { type: "Hostname", address: "n" },
      { type: "InternalIP", address },
    ],
  },
}));

/** @param change what becomes of the pod b-0 of ny; undefined takes it away */
async function identitiesOf(change: (found: Pod) => Pod | undefined = (found) => found, asked = enforcement) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://server").pathname;
    const namespace = path.split("/")[4] ?? "";
    const pods = ["a-0", "b-0", "c-0"].flatMap((name, index) => {
      const found = pod(name, `10.244.${namespace.charCodeAt(1) - 120}.${index + 2}`);
      return namespace === "ny" && name === "b-0" ? (change(found) ?? []) : [found];
    });
    response.end(JSON.stringify({ metadata: {}, items: path === "/api/v1/nodes" ? nodes : pods }));
  });
  return listening(server, async (port) =>
    withCluster(port, async (cluster) => readIdentities(cluster, { enforcement: asked })),
  );
}

test("nine pods, how each is asked, a node that none runs on, and the outside", async () => {
  const found = await identitiesOf();
  expect(found).toMatchObject({
    ok: true,
    value: {
      ends: { node: { address: "192.0.2.2" }, outside: { port: 5000, end: { address: "192.0.2.7" } } },
      sources: { length: 9 },
    },
  });
  const value = found.ok ? found.value : undefined;
  expect(value?.ends.pods.map(({ id }) => id).join(" ")).toBe("x/a x/b x/c y/a y/b y/c z/a z/b z/c");
  expect(value?.sources[4]).toEqual({ id: "y/b", proxy: "/api/v1/namespaces/ny/pods/b-0:9000/proxy" });
  expect(value?.ends.pods[4]).toMatchObject({
    namespace: "ny",
    address: "10.244.1.3",
    ports: [
      { name: "first-tcp", protocol: "TCP", port: 8080 },
      { name: "first-udp", protocol: "UDP", port: 8080 },
    ],
  });
});

const withStatus = (status: Record<string, unknown>) => (found: Pod) => ({
  ...found,
  status: { ...found.status, ...status },
});

test.each<[string, (found: Pod) => Pod | undefined, RegExp]>([
  ["missing", () => undefined, /ny\/b-0 is not there \(helm\/harness-access/],
  ["not ready", withStatus({ conditions: [{ type: "Ready", status: "False" }] }), /ny\/b-0 is not ready/],
  [
    "not scheduled",
    withStatus({ conditions: [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }] }),
    /ny\/b-0 is not scheduled: 0\/3 nodes are available/,
  ],
  [
    "not pulled",
    withStatus({ containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff" } } }] }),
    /ny\/b-0 waits: ImagePullBackOff/,
  ],
  ["without an address", withStatus({ podIP: undefined }), /ny\/b-0 has no address/],
])("a pod that is %s is named", async (_, change, why) => {
  const found = await identitiesOf(change);
  expect(found.ok ? "" : found.why).toMatch(why);
});
