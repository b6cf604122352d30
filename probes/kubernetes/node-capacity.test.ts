import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFrom } from "../../test/one-reply.ts";
import { readNodeCapacities } from "./node-capacity.ts";

const recorded = readFileSync(
  join(import.meta.dirname, "..", "..", "test", "recorded", "kubernetes", "nodes.json"),
  "utf8",
);
const node = (capacity: object): string =>
  JSON.stringify({
    metadata: {},
    items: [
      { metadata: { name: "worker", uid: "u", creationTimestamp: "2026-11-22T05:00:00Z" }, status: { capacity } },
    ],
  });

test("cores and bytes of a node", async () => {
  const { found } = await readFrom(readNodeCapacities, node({ cpu: "2", memory: "12Gi", pods: "110" }));
  expect(found).toMatchObject({ ok: true, value: [{ node: "worker", cores: 2, memoryBytes: 12 * 2 ** 30 }] });
});

test("the nodes of a real cluster are read", async () => {
  const { found } = await readFrom(readNodeCapacities, recorded);
  expect(found).toMatchObject({
    ok: true,
    value: expect.arrayContaining([
      { node: expect.any(String), cores: expect.any(Number), memoryBytes: expect.any(Number) },
    ]),
  });
});

test.each<readonly [string, string, number, RegExp]>([
  ["nodes that may not be read", "{}", 403, /403/],
  ["a node without processors", node({ cpu: "0", memory: "1Gi" }), 200, /is nothing/],
  ["a node that says no memory", node({ cpu: "2" }), 200, /another shape/],
  ["a node of no quantity", node({ cpu: "many", memory: "1Gi" }), 200, /not a quantity/],
])("%s: no reading", async (_, body, status, why) => {
  expect((await readFrom(readNodeCapacities, body, status)).found).toMatchObject({
    ok: false,
    why: expect.stringMatching(why),
  });
});
