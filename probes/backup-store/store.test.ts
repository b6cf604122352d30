import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Reading } from "../../harness/verdict.ts";
import { closedPort, listening, resettingServer, silentServer } from "../../test/loopback.ts";
import { openBackupStore, type StoredObject } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "oke-proof-store-"));
afterAll(() => rmSync(folder, { recursive: true }));
const keysFile = join(folder, "keys.json");
const password = "not-a-secret-of-anybody";
writeFileSync(keysFile, JSON.stringify({ user: "backups", password }));

async function getAt(port: number, requestMs = 5000, key = "backups/a/a.tar.gz"): Promise<Reading<StoredObject>> {
  const address = { url: `http://127.0.0.1:${port}`, bucket: "velero", region: "us-east-1" };
  const store = await openBackupStore(address, keysFile, { requestMs, signal: AbortSignal.timeout(20_000) });
  return store.ok ? store.value.get(key) : store;
}

const answering = async (listener: RequestListener): Promise<Reading<StoredObject>> =>
  listening(createServer(listener), async (port) => getAt(port));

test("an object is asked for once, signed, and comes byte for byte", async () => {
  const asked: URL[] = [];
  const found = await answering((request, response) => {
    asked.push(new URL(request.url ?? "", "http://store"));
    response.end(Buffer.from([0, 255, 10, 13]));
  });
  expect(found).toMatchObject({ ok: true, value: { state: "held", content: Buffer.from([0, 255, 10, 13]) } });
  expect(asked.map(({ pathname }) => pathname)).toEqual(["/velero/backups/a/a.tar.gz"]);
  const signed = asked[0]?.searchParams;
  expect(signed?.get("X-Amz-Credential")).toMatch(/^backups\/\d{8}\/us-east-1\/s3\/aws4_request$/);
  expect(signed?.get("X-Amz-Signature")).toMatch(/^[0-9a-f]{64}$/);
  expect(signed?.toString()).not.toContain(password);
});

const xml = (code: string): string => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`;

test("an object that is not there is a reading", async () => {
  const found = await answering((_, response) => response.writeHead(404).end(xml("NoSuchKey")));
  expect(found).toMatchObject({ ok: true, value: { state: "missing" } });
});

test.each<readonly [string, RequestListener, RegExp]>([
  ["has no such bucket", (_, response) => response.writeHead(404).end(xml("NoSuchBucket")), /404 NoSuchBucket$/],
  ["is no store", (_, response) => response.writeHead(404).end("not found"), /404 not found$/],
  [
    "refuses the keys",
    (_, response) => response.writeHead(403).end(xml("SignatureDoesNotMatch")),
    /403 SignatureDoesNotMatch$/,
  ],
  ["is overloaded", (_, response) => response.writeHead(503).end(xml("SlowDown")), /503 SlowDown$/],
  ["leads elsewhere", (_, response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(), /307$/],
  ["sends a part", (_, response) => response.writeHead(206).end("part"), /206 part$/],
  [
    "breaks off",
    (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("some");
      setImmediate(() => response.destroy());
    },
    /terminated|aborted|other side closed|of 100 bytes came/,
  ],
])("a store that %s gives no reading", async (_, listener, why) => {
  expect(await answering(listener)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("a store that is silent, gone or resets gives no reading, in time", async () => {
  const silent = await listening(silentServer(), async (port) => getAt(port, 200));
  expect(silent).toMatchObject({ ok: false, why: expect.stringMatching(/no answer within 0\.2 s$/) });
  expect(await getAt(await closedPort())).toMatchObject({ ok: false, why: expect.stringMatching(/ECONNREFUSED/) });
  expect(await listening(resettingServer(), async (port) => getAt(port))).toMatchObject({ ok: false });
});

test.each([
  ["missing", undefined, /keys.*ENOENT/],
  ["no JSON", `{"password":"${password}"`, /it is not JSON/],
  ["without a password", '{"user":"backups"}', /password/],
])("keys in a file that is %s open nothing, and no word of them is repeated", async (name, text, why) => {
  const file = join(folder, `keys-${name.replaceAll(" ", "-")}.json`);
  if (text !== undefined) writeFileSync(file, text);
  const address = { url: "http://127.0.0.1:1", bucket: "velero", region: "us-east-1" };
  const opened = await openBackupStore(address, file, { requestMs: 1000, signal: AbortSignal.timeout(1000) });
  expect(opened).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  expect(JSON.stringify(opened)).not.toContain(password);
});

test("an address that is none opens nothing", async () => {
  const address = { url: "not an address", bucket: "velero", region: "us-east-1" };
  const opened = await openBackupStore(address, keysFile, { requestMs: 1000, signal: AbortSignal.timeout(1000) });
  expect(opened).toMatchObject({ ok: false, why: expect.stringMatching(/opening the store of backups/) });
});
