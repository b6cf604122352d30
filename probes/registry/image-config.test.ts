import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import type { Reading } from "../../harness/verdict.ts";
import { listening } from "../../test/loopback.ts";
import { readImageConfig, type ImageConfig } from "./image-config.ts";
import { parseReference } from "./reference.ts";

const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const config = JSON.stringify({
  config: { Env: ["PATH=/bin", "A=b=c"], Entrypoint: ["/app"], Labels: { made: "by us" } },
  history: [{ created_by: "COPY / /" }, {}],
});
const image = JSON.stringify({ schemaVersion: 2, config: { digest: digestOf(config) } });
const index = JSON.stringify({
  schemaVersion: 2,
  manifests: [
    { digest: digestOf("other"), platform: { os: "windows", architecture: "amd64" } },
    { digest: digestOf(image), platform: { os: "linux", architecture: "arm64" } },
  ],
});

async function asked(answers: Readonly<Record<string, string>>): Promise<Reading<ImageConfig>> {
  const server = createServer((request, response) => {
    const body = answers[(request.url ?? "").replace("/v2/team/app/", "")];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  return listening(server, async (port) => {
    const reference = parseReference(`127.0.0.1:${port}/team/app:1.2`);
    if (reference === undefined) throw new Error("no reference");
    return readImageConfig(reference, AbortSignal.timeout(10_000));
  });
}

const blob = { [`blobs/${digestOf(config)}`]: config };
const expected = { variables: ["PATH=/bin", "A=b=c"], texts: ["/app", "by us", "COPY / /"] };

test("an image tells its variables and how it was made; an index that of its first Linux image", async () => {
  expect(await asked({ "manifests/1.2": image, ...blob })).toMatchObject({ ok: true, value: expected });
  const both = { "manifests/1.2": index, [`manifests/${digestOf(image)}`]: image, ...blob };
  expect(await asked(both)).toMatchObject({ ok: true, value: expected });
});

test.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
  ["no such tag", blob, /manifests\/1\.2 was answered 404/],
  ["no configuration", { "manifests/1.2": "{}" }, /names no configuration/],
  ["no such configuration", { "manifests/1.2": image }, /was answered 404/],
  [
    "another configuration than the digest's",
    { "manifests/1.2": image, [`blobs/${digestOf(config)}`]: "{}" },
    /is not what its digest says/,
  ],
  ["no JSON", { "manifests/1.2": "<html>" }, /not valid JSON/],
])("%s is no reading", async (_, answers, why) => {
  expect(await asked(answers)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});
