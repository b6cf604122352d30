import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFrom } from "../../test/one-reply.ts";
import { readNodesBeside } from "./nodes-beside.ts";

const own = "9661d67d-4656-41c2-afde-c323fb14409a";
const other = "0f3d1c2b-4656-41c2-afde-c323fb14409a";

function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "oke-proof-boot-")), "boot_id");
  writeFileSync(file, text);
  return file;
}

function nodes(...bootIds: readonly unknown[]): string {
  const items = bootIds.map((bootID, index) => ({
    metadata: { name: `node-${index}`, uid: "u", creationTimestamp: "2026-11-22T05:00:00Z" },
    status: { nodeInfo: { bootID } },
  }));
  return JSON.stringify({ metadata: {}, items });
}

async function besideOf(body: string, options: { readonly status?: number; readonly file?: string } = {}) {
  const file = options.file ?? fileWith(`${own}\n`);
  const { found } = await readFrom(async (cluster) => readNodesBeside(cluster, file), body, options.status);
  return found;
}

test.each<readonly [string, readonly string[], readonly string[]]>([
  ["on this machine", [own, own], ["node-0", "node-1"]],
  ["one of them on this machine", [other, own], ["node-1"]],
  ["elsewhere", [other, other], []],
])("nodes %s", async (_, bootIds, names) => {
  expect(await besideOf(nodes(...bootIds))).toMatchObject({ ok: true, value: names });
});

test.each<readonly [string, string, { readonly status?: number; readonly file?: string }, RegExp]>([
  ["nodes that may not be read", "{}", { status: 403 }, /403/],
  ["no node at all", nodes(), {}, /lists no node/],
  ["a node that does not say", nodes(own, undefined), {}, /another shape/],
  ["a node that says nothing", nodes("-"), {}, /is no boot id/],
  [
    "a machine that is no Linux",
    nodes(own),
    { file: "/nowhere/boot_id" },
    /^which machine this is cannot be read: \/nowhere/,
  ],
  ["a machine that says nothing", nodes(own), { file: fileWith("") }, /holds no boot id/],
])("%s: no reading", async (_, body, options, why) => {
  expect(await besideOf(body, options)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});
