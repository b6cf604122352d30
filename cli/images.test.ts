import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { UsageError } from "../environments/settings.ts";
import { listening } from "../test/loopback.ts";
import { pinImages } from "./images.ts";

const platform = (architecture: string) => ({ platform: { os: "linux", architecture } });
const index = (...architectures: readonly string[]): string =>
  JSON.stringify({ schemaVersion: 2, manifests: architectures.map(platform) });

async function pinned(
  answer: RequestListener,
  images: (registry: string) => object,
): Promise<{ written?: unknown; lines: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-pin-"));
  const lines: string[] = [];
  try {
    await listening(createServer(answer), async (port) => {
      writeFileSync(join(folder, "values.yaml"), JSON.stringify({ global: { images: images(`127.0.0.1:${port}`) } }));
      await pinImages([folder], { say: (line) => lines.push(line), signal: AbortSignal.timeout(10_000) });
    });
    return { written: parse(readFileSync(join(folder, "values-digests.yaml"), "utf8")), lines };
  } catch (error) {
    if (existsSync(join(folder, "values-digests.yaml")))
      throw new Error("something was written, although pinning failed", { cause: error });
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("every image with a tag gets its digest; one that is the installation's own is left alone", async () => {
  const { written } = await pinned(
    (_, response) => void response.end(index("amd64", "arm64")),
    (registry) => ({ apps: "", redis: `${registry}/redis:7.0` }),
  );
  const digest = expect.stringMatching(/^127\.0\.0\.1:\d+\/redis:7\.0@sha256:[0-9a-f]{64}$/);
  expect(written).toEqual({ global: { images: { redis: digest } } });
});

test.each<readonly [string, RequestListener, string, RegExp]>([
  [
    "a tag that is not there",
    (_, response) => void response.writeHead(404).end(),
    "/redis:7",
    /answered 404; nothing was written/,
  ],
  [
    "no arm64",
    (_, response) => void response.end(index("amd64")),
    "/redis:7",
    /is not there for linux\/arm64; nothing/,
  ],
  ["one image and no index", (_, response) => void response.end(index()), "/redis:7", /linux\/arm64 and linux\/amd64/],
  ["no tag", (_, response) => void response.end(index()), "/redis", /global.images.redis is .* no explicit tag/],
])("%s ends in one line", async (_, answer, path, message) => {
  const ended = pinned(answer, (registry) => ({ redis: `${registry}${path}` }));
  await expect(ended).rejects.toThrow(UsageError);
  await expect(pinned(answer, (registry) => ({ redis: `${registry}${path}` }))).rejects.toThrow(message);
});
