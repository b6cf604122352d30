import { createServer } from "node:http";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readControlPlane } from "./control-plane.ts";

const pod = (name: string, status: object) => ({
  metadata: {
    name,
    namespace: "dapr-system",
    uid: name,
    creationTimestamp: "2026-11-22T04:00:00Z",
    labels: { app: "s" },
  },
  status,
});

test("a pod is ready that runs and says of each container that it is; one that says nothing of them is not", async () => {
  const items = [
    pod("good", { phase: "Running", containerStatuses: [{ ready: true }] }),
    pod("half", { phase: "Running", containerStatuses: [{ ready: true }, { ready: false }] }),
    pod("waiting", { phase: "Pending", containerStatuses: [{ ready: true }] }),
    pod("silent", { phase: "Running" }),
  ];
  const server = createServer((request, response) => {
    response.end((request.url ?? "").includes("/proxy/") ? "" : JSON.stringify({ metadata: {}, items }));
  });
  const reading = await listening(server, async (port) =>
    withCluster(port, async (cluster) => readControlPlane(cluster, "dapr-system", ["s"])),
  );
  if (!reading.ok) throw new Error(reading.why);
  expect(reading.value.map(({ name, ready }) => [name, ready])).toEqual([
    ["good", true],
    ["half", false],
    ["waiting", false],
    ["silent", false],
  ]);
});
