import { createHash } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import { expect, test } from "vitest";
import type { Reading } from "../../harness/verdict.ts";
import { closedPort, listening } from "../../test/loopback.ts";
import { readDigest, type PinnedImage } from "./digest.ts";
import { parseReference } from "./reference.ts";

const index = JSON.stringify({
  schemaVersion: 2,
  manifests: [
    { platform: { os: "linux", architecture: "amd64" } },
    { platform: { os: "linux", architecture: "arm64", variant: "v8" } },
    { platform: { os: "unknown", architecture: "unknown" } },
  ],
});
const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

async function asked(answer: RequestListener): Promise<Reading<PinnedImage>> {
  return listening(createServer(answer), async (port) => {
    const reference = parseReference(`127.0.0.1:${port}/team/app:1.2`);
    if (reference === undefined) throw new Error("no reference");
    return readDigest(reference, AbortSignal.timeout(10_000));
  });
}

test("the digest is that of the bytes received", async () => {
  const seen: string[] = [];
  const reading = await asked((request, response) => {
    seen.push(
      `${request.method ?? ""} ${request.url ?? ""} ${(request.headers.accept ?? "").includes("image.index") ? "index" : ""}`,
    );
    response.writeHead(200, { "docker-content-digest": digestOf(index) }).end(index);
  });
  expect(reading).toMatchObject({
    ok: true,
    value: { digest: digestOf(index), platforms: ["linux/amd64", "linux/arm64"] },
  });
  expect(seen).toEqual(["GET /v2/team/app/manifests/1.2 index"]);
});

test("a token is asked for as anybody may", async () => {
  const reading = await asked((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    if (pathname === "/token")
      return void response.end(
        JSON.stringify({ token: `for ${searchParams.get("service") ?? ""} ${searchParams.get("scope") ?? ""}` }),
      );
    if (request.headers.authorization === "Bearer for here repository:team/app:pull") return void response.end(index);
    const realm = `http://${request.headers.host ?? ""}/token`;
    const challenge = `Bearer realm="${realm}",service="here",scope="repository:team/app:pull"`;
    return void response.writeHead(401, { "www-authenticate": challenge }).end();
  });
  expect(reading).toMatchObject({ ok: true, value: { digest: digestOf(index) } });
});

test.each<readonly [string, RequestListener, RegExp]>([
  ["no such tag", (_, response) => response.writeHead(404).end(), /team\/app:1.2: 127.0.0.1:\d+ answered 404$/],
  [
    "another digest than sent",
    (_, response) => response.writeHead(200, { "docker-content-digest": digestOf("x") }).end(index),
    /announces sha256:\w+, but sent sha256/,
  ],
  ["no manifest", (_, response) => response.end("<html>"), /is not valid JSON/],
  ["an older manifest", (_, response) => response.end('{"schemaVersion":1}'), /schemaVersion/],
  ["a redirect", (_, response) => response.writeHead(302, { location: "https://example.com/" }).end(), /redirect/],
  [
    "a password wanted",
    (_, response) => response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end(),
    /credentials of another kind/,
  ],
  [
    "a token given out in clear text elsewhere",
    (_, response) => response.writeHead(401, { "www-authenticate": 'Bearer realm="http://example.com/token"' }).end(),
    /which is not asked/,
  ],
  [
    "no token",
    (request, response) =>
      request.url === "/token"
        ? response.end("{}")
        : response
            .writeHead(401, { "www-authenticate": `Bearer realm="http://${request.headers.host ?? ""}/token"` })
            .end(),
    /without a token/,
  ],
])("%s is no reading", async (_, answer, why) => {
  expect(await asked(answer)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("a registry that cannot be reached is no reading", async () => {
  const reference = parseReference(`127.0.0.1:${await closedPort()}/team/app:1`);
  if (reference === undefined) throw new Error("no reference");
  expect(await readDigest(reference, AbortSignal.timeout(5_000))).toMatchObject({
    ok: false,
    why: expect.stringMatching(/asking 127.0.0.1:\d+: .*ECONNREFUSED/),
  });
});

test.each([
  ["docker.io/library/redis:7.0", "registry-1.docker.io", "library/redis", "7.0"],
  ["redis:7.0", "registry-1.docker.io", "library/redis", "7.0"],
  ["grafana/loki:3.3.2", "registry-1.docker.io", "grafana/loki", "3.3.2"],
  ["quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z", "quay.io", "minio/minio", "RELEASE.2025-09-07T16-13-09Z"],
  ["localhost:5000/a:1@sha256:00", "localhost:5000", "a", "1"],
])("%s", (text, registry, repository, tag) => {
  expect(parseReference(text)).toMatchObject({ registry, repository, tag });
});

test.each(["redis", "localhost:5000/redis", "a b:1", "redis:", "Redis/App:1", ""])(
  "%j has no tag, or is no reference",
  (text) => {
    expect(parseReference(text)).toBeUndefined();
  },
);
