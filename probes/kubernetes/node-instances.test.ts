import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFrom } from "../../test/one-reply.ts";
import { readNodeInstances } from "./node-instances.ts";

const recorded = readFileSync(join(import.meta.dirname, "../../test/recorded/kubernetes/nodes.json"), "utf8");
const instance = "ocid1.instance.oc1.eu-frankfurt-1.abc";
const metadata = { name: "10.0.10.2", uid: "u", creationTimestamp: "2026-11-22T00:00:00Z" };
const nodes = (item: unknown): string => JSON.stringify({ metadata: {}, items: [item] });

test("nodes that are no instances of Oracle's, as recorded", async () => {
  const { found, asked } = await readFrom(readNodeInstances, recorded);
  expect(asked).toMatch(/^\/api\/v1\/nodes\?/);
  expect(found).toMatchObject({ ok: true, value: expect.arrayContaining([{ name: "oke-proof-worker" }]) });
});

test.each<readonly [string, object, object]>([
  ["as OKE writes it", { providerID: instance }, { name: "10.0.10.2", instance }],
  ["as Oracle's cloud controller does", { providerID: `oci://${instance}` }, { name: "10.0.10.2", instance }],
  ["of another cloud", { providerID: "kind://podman/x/y" }, { name: "10.0.10.2" }],
  ["that only ends like one", { providerID: `x${instance}` }, { name: "10.0.10.2" }],
  ["that is not there", {}, { name: "10.0.10.2" }],
])("a provider's id %s", async (_, spec, expected) => {
  const { found } = await readFrom(readNodeInstances, nodes({ metadata, spec }));
  expect(found.ok && found.value).toEqual([expected]);
});

test.each<readonly [string, string, number]>([
  ["without a name", nodes({ metadata: { uid: "u" }, spec: {} }), 200],
  ["whose provider's id is a number", nodes({ metadata, spec: { providerID: 7 } }), 200],
  ["that may not be listed", JSON.stringify({ kind: "Status", code: 403 }), 403],
  ["of half an answer", recorded.slice(0, 300), 200],
])("nodes %s are no reading", async (_, body, status) => {
  expect((await readFrom(readNodeInstances, body, status)).found).toMatchObject({ ok: false });
});
