import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { closedPort, listening, sayingServer } from "../../test/loopback.ts";
import { readNodesShared, sharedNodes } from "./nodes-shared.ts";

const replicaSet = { kind: "ReplicaSet", name: "r", uid: "1" };
const pod = { namespace: "health-platform", node: "a", phase: "Running", owner: replicaSet } as const;
const of = { nodes: ["b", "a", "a"], namespace: "oke-proof" };

test.each([
  ["a pod of the platform", [pod], ["a"]],
  ["a pod without an owner", [{ ...pod, owner: undefined }], ["a"]],
  ["one on each node", [pod, { ...pod, node: "b" }], ["b", "a"]],
  ["the gateway's", [{ ...pod, namespace: "platform-gateway" }], ["a"]],
  ["one on another node", [{ ...pod, node: "c" }], []],
  ["one of the harness's own", [{ ...pod, namespace: "oke-proof" }], []],
  ["one of the cluster's own", [{ ...pod, namespace: "kube-system" }], []],
  ["one of a DaemonSet", [{ ...pod, owner: { ...replicaSet, kind: "DaemonSet" } }], []],
  ["one that has ended", [{ ...pod, phase: "Succeeded" as const }], []],
  ["none", [], []],
])("%s", (_, pods, shared) => {
  expect(sharedNodes(pods, of)).toEqual(shared);
});

test("a cluster that does not answer, or lists no pod, says nothing", async () => {
  await withCluster(await closedPort(), async (cluster) => {
    expect(await readNodesShared(cluster, of)).toMatchObject({ ok: false });
  });
  const empty = JSON.stringify({ metadata: {}, items: [] });
  const answer = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${empty.length}\r\n\r\n${empty}`;
  await listening(sayingServer(answer), async (port) =>
    withCluster(port, async (cluster) => {
      expect(await readNodesShared(cluster, of)).toMatchObject({ ok: false, why: "the cluster lists no pod" });
    }),
  );
});
