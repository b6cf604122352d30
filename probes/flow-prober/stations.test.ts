import { createServer } from "node:http";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readStations } from "./stations.ts";

const sha256 = "a".repeat(64);
const prober = { namespace: "health-platform", pod: "flow-prober-0", port: 8080 };
const profile = { health: { host: "health.test", users: ["bob-a"], roles: {}, prober } };
const found = {
  row: { owner: "bob-a", kind: "heart-rate", value: 61, unit: "bpm", measured_at: "2026-11-22T08:00:00.000Z", sha256 },
  object: { name: "clinic-a/1.json", sha256, text: "{}" },
  event: { id: "1", tenant: "clinic-a", object: "clinic-a/1.json", sha256 },
  narrativeRow: null,
  narrativeObject: null,
};

async function readFrom(status: number, body: unknown) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(status).end(JSON.stringify(body));
  });
  const reading = await listening(server, async (port) =>
    withCluster(port, async (cluster) => readStations(cluster, profile, { tenant: "clinic-a", id: "1" })),
  );
  return { reading, asked };
}

test("the one pod is asked for the upload; a station that holds nothing of it is a reading", async () => {
  const { reading, asked } = await readFrom(200, found);
  expect(reading).toMatchObject({ ok: true, value: found });
  expect(asked).toEqual(["/api/v1/namespaces/health-platform/pods/flow-prober-0:8080/proxy/flow/clinic-a/1"]);
});

test.each([
  [503, { error: { code: "database", message: "the database does not answer" } }],
  [403, { kind: "Status", message: "pods/proxy is forbidden" }],
  [200, { ...found, event: undefined }],
  [200, { ...found, object: { ...found.object, sha256: "a" } }],
  [200, { ...found, row: { ...found.row, value: "61" } }],
])("an answer %i that is none (%#) is no reading", async (status, body) => {
  expect((await readFrom(status, body)).reading).toMatchObject({ ok: false });
});
