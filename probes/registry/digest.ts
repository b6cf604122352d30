/** What a tag of an image registry stands for now, by the OCI distribution API. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";
import type { ImageReference } from "./reference.ts";

export type PinnedImage = {
  /** "sha256:" and 64 digits, of the bytes that were received. */
  readonly digest: string;
  /** "linux/arm64", ...; empty where the tag stands for one image and not for an index. */
  readonly platforms: readonly string[];
};

const accepted = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
const bodyBytesMax = 4 * 1024 * 1024;
const requestMs = 15_000;

const manifest = z.looseObject({
  schemaVersion: z.literal(2),
  manifests: z
    .array(z.looseObject({ platform: z.looseObject({ os: z.string(), architecture: z.string() }).optional() }))
    .optional(),
});
const tokenAnswer = z.looseObject({ token: z.string().optional(), access_token: z.string().optional() });

/**
 * Asks for the manifest and computes its digest; one that the registry announces and that differs is no reading. Over https, but on this machine's own
 * loopback addresses; without credentials: where a registry wants a token it is asked for as anybody may.
 */
export async function readDigest(reference: ImageReference, signal: AbortSignal): Promise<Reading<PinnedImage>> {
  const { registry, repository, tag } = reference;
  const path = `/v2/${repository}/manifests/${tag}`;
  const url = `${schemeOf(registry)}://${registry}${path}`;
  try {
    const answer = await askRegistry(registry, path, signal);
    if (answer.status !== 200)
      return unread(`${reference.written}: ${registry} answered ${answer.status}`, url, new Date());
    const digest = `sha256:${createHash("sha256").update(answer.body).digest("hex")}`;
    const announced = answer.headers.get("docker-content-digest");
    if (announced !== null && announced !== digest)
      return unread(`${reference.written}: ${registry} announces ${announced}, but sent ${digest}`, url, new Date());
    const { manifests = [] } = manifest.parse(JSON.parse(answer.body.toString("utf8")));
    const platforms = manifests.flatMap(({ platform }) =>
      platform === undefined || platform.os === "unknown" ? [] : [`${platform.os}/${platform.architecture}`],
    );
    return read({ digest, platforms: [...new Set(platforms)] }, url, new Date());
  } catch (error) {
    return unread(`${reference.written}: asking ${registry}: ${whyOf(error)}`, url, new Date());
  }
}

/**
 * GETs a path of a registry's API as anybody may, with a token where it wants one.
 * @param redirect "follow" for blobs, which registries keep elsewhere; who asks compares their digest
 * @throws Error where it cannot be asked
 */
export async function askRegistry(
  registry: string,
  path: string,
  signal: AbortSignal,
  redirect: "error" | "follow" = "error",
): Promise<Answer> {
  const url = `${schemeOf(registry)}://${registry}${path}`;
  const answer = await get(url, { Accept: accepted }, signal, redirect);
  if (answer.status !== 401) return answer;
  const token = await anonymousToken(answer.headers.get("www-authenticate") ?? "", signal);
  return get(url, { Accept: accepted, Authorization: `Bearer ${token}` }, signal, redirect);
}

/** Clear text never leaves this machine. */
function schemeOf(host: string): "http" | "https" {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host) ? "http" : "https";
}

type Answer = { readonly status: number; readonly headers: Headers; readonly body: Buffer };

async function get(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  redirect: "error" | "follow" = "error",
): Promise<Answer> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(requestMs)]);
  const response = await fetch(url, { headers, signal: ends, redirect });
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > bodyBytesMax) throw new Error(`the answer is larger than ${bodyBytesMax / 1024 / 1024} MiB`);
    parts.push(part);
  }
  return { status: response.status, headers: response.headers, body: Buffer.concat(parts) };
}

/** @throws Error where the challenge leads nowhere, or away from https */
async function anonymousToken(challenge: string, signal: AbortSignal): Promise<string> {
  const field = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = field("realm");
  if (!/^bearer /i.test(challenge) || realm === undefined)
    throw new Error("it wants credentials of another kind than a token");
  const url = new URL(realm);
  if (url.protocol !== `${schemeOf(url.host)}:`)
    throw new Error(`its tokens are given out at ${url.origin}, which is not asked`);
  for (const name of ["service", "scope"]) {
    const value = field(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const answer = await get(url.href, {}, signal);
  if (answer.status !== 200) throw new Error(`no token without credentials: ${url.host} answered ${answer.status}`);
  const { token, access_token: other } = tokenAnswer.parse(JSON.parse(answer.body.toString("utf8")));
  const found = token ?? other;
  if (found === undefined) throw new Error(`${url.host} answered without a token`);
  return found;
}
