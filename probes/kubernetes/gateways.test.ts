import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readGatewayClasses, readGateways, readHttpRoutes } from "./gateways.ts";

const readers = { gatewayclasses: readGatewayClasses, gateways: readGateways, httproutes: readHttpRoutes } as const;
type Name = keyof typeof readers;

function recorded(name: Name): string {
  return readFileSync(join(import.meta.dirname, "../../test/recorded/kubernetes", `${name}.json`), "utf8");
}

async function readFrom(name: Name, body: string) {
  const server = createServer((_, response) => response.end(body));
  return listening(server, async (port) => withCluster(port, async (cluster) => readers[name](cluster)));
}

const accepted = expect.objectContaining({ type: "Accepted", status: "True", observedGeneration: expect.any(Number) });
const said = expect.arrayContaining([accepted]);

test.each([
  ["gatewayclasses", { name: "platform", conditions: said }],
  [
    "gateways",
    {
      namespace: "health-platform",
      name: "platform",
      conditions: said,
      listeners: [
        { name: "https", conditions: said },
        { name: "http", conditions: said },
      ],
    },
  ],
  ["httproutes", { parents: [{ name: expect.stringMatching(/\/platform https$/), conditions: said }] }],
] as const)("recorded %s are read", async (name, first) => {
  const reading = await readFrom(name, recorded(name));
  expect(reading).toMatchObject({ ok: true, value: expect.arrayContaining([expect.objectContaining(first)]) });
});

test.each(["gatewayclasses", "gateways", "httproutes"] as const)(
  "%s that nobody looked at have no conditions",
  async (name) => {
    const list: { items: Record<string, unknown>[] } = JSON.parse(recorded(name));
    for (const item of list.items) delete item["status"];
    const reading = await readFrom(name, JSON.stringify(list));
    expect(reading.ok).toBe(true);
    expect(JSON.stringify(reading)).not.toContain("Accepted");
  },
);

test.each([
  ["gateways", '"listeners": [', '"listened": ['],
  ["gateways", '"observedGeneration"', '"observed"'],
  ["httproutes", '"generation"', '"generated"'],
  ["gatewayclasses", '"status": "True"', '"status": true'],
] as const)("bent %s (%s) are no reading", async (name, part, bent) => {
  const text = recorded(name);
  expect(text).toContain(part);
  expect(await readFrom(name, text.replaceAll(part, bent))).toMatchObject({ ok: false });
});
