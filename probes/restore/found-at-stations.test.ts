import { createServer } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { checksumOf, checksumOfRecord } from "./checksum.ts";
import { findAtStations } from "./found-at-stations.ts";

const record = {
  id: "0189dbd1-1c1a-7d57-8f5c-0242ac120002",
  kind: "k",
  value: 61.5,
  unit: "bpm",
  measuredAt: "2026-11-22T08:00:00.000Z",
  sha256: "a".repeat(64),
};
const upload = { id: record.id, checksum: checksumOfRecord(record), digest: record.sha256 };
const row = {
  owner: "bob-a",
  kind: "k",
  value: 61.5,
  unit: "bpm",
  measured_at: record.measuredAt,
  sha256: record.sha256,
};
const stations = {
  row,
  object: { name: "o", sha256: record.sha256, text: "{}" },
  event: null,
  narrativeRow: null,
  narrativeObject: null,
};

async function found(reply: unknown, status = 200) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(reply));
  });
  const profile = { health: { host: "h", users: [], roles: {}, prober: { namespace: "n", pod: "p", port: 8080 } } };
  const reading = await listening(server, async (port) =>
    withCluster(port, async (cluster) => findAtStations(cluster, profile, "clinic a", [upload])),
  );
  if (!reading.ok) throw new Error(reading.why);
  return { asked, states: reading.value.map(({ part, state }) => [part, state]) };
}

test.each<readonly [string, unknown, string, string]>([
  ["as they were", stations, "intact", "intact"],
  ["with another value in the row", { ...stations, row: { ...row, value: 61.4 } }, "altered", "intact"],
  ["with another digest in the row", { ...stations, row: { ...row, sha256: "b".repeat(64) } }, "altered", "intact"],
  [
    "with other bytes in the object",
    { ...stations, object: { ...stations.object, sha256: "b".repeat(64) } },
    "intact",
    "altered",
  ],
  ["without a row", { ...stations, row: null }, "missing", "intact"],
  ["without an object", { ...stations, object: null }, "intact", "missing"],
])("row and object %s", async (_, reply, rowState, objectState) => {
  const { asked, states } = await found(reply);
  expect(states).toEqual([
    ["row", rowState],
    ["object", objectState],
  ]);
  expect(asked).toEqual([`/api/v1/namespaces/n/pods/p:8080/proxy/flow/clinic%20a/${record.id}`]);
});

test("a prober that does not answer has found nothing out", async () => {
  for (const [reply, status] of [
    [{}, 200],
    ["x", 503],
    [{ ...stations, row: "x" }, 200],
  ] as const) {
    expect((await found(reply, status)).states).toEqual([
      ["row", "unread"],
      ["object", "unread"],
    ]);
  }
});

test("a checksum tells fields from each other wherever they are divided", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.integer())),
      fc.array(fc.oneof(fc.string(), fc.integer())),
      (one, other) => {
        expect(checksumOf(one) === checksumOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      },
    ),
  );
});
