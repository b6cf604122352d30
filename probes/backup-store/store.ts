/** The store of backups, asked from outside the cluster: what Velero put there is looked at without Velero. */
import { readFile } from "node:fs/promises";
import { Client } from "minio";
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { oneLine, whyOf } from "../why.ts";

/** An object's bytes, or that the bucket holds no object of that key. */
export type StoredObject = { readonly state: "held"; readonly content: Buffer } | { readonly state: "missing" };

export type BackupStore = {
  /** GETs an object, once. 404 for the key is a reading, for the bucket it is none; nor is any other status, an answer that is cut off or too large, or none in time. */
  get(key: string): Promise<Reading<StoredObject>>;
};

export type BackupStoreAddress = { readonly url: string; readonly bucket: string; readonly region: string };

const keys = z.object({ user: z.string().min(1), password: z.string().min(1) });
/** How long a signed address is good for. */
const signedSeconds = 60;
const contentBytesMax = 256 * 1024 * 1024;

/**
 * Opens the store; nothing is asked yet. Addresses are signed by the library and fetched here, so that time, size and redirects have bounds.
 * @param keysFile JSON with `user` and `password`
 * @param options.requestMs the longest that one object may take
 */
export async function openBackupStore(
  { url, bucket, region }: BackupStoreAddress,
  keysFile: string,
  options: { readonly requestMs: number; readonly signal: AbortSignal },
): Promise<Reading<BackupStore>> {
  const source = `${url}/${bucket}`;
  let client: Client;
  try {
    const { user, password } = keys.parse(JSON.parse(await readFile(keysFile, "utf8")));
    const { hostname, port, protocol } = new URL(url);
    const useSSL = protocol === "https:";
    const at = port === "" ? {} : { port: Number(port) };
    client = new Client({
      endPoint: hostname,
      ...at,
      useSSL,
      region,
      pathStyle: true,
      accessKey: user,
      secretKey: password,
    });
  } catch (error) {
    // What stands in the file is a secret: of a file that does not parse no word is repeated.
    const why = error instanceof SyntaxError ? "it is not JSON" : whyOf(error);
    return unread(`opening the store of backups with the keys in ${keysFile}: ${why}`, source, new Date());
  }
  const get = async (key: string): Promise<Reading<StoredObject>> => {
    const where = `${source}/${key}`;
    const late = AbortSignal.timeout(options.requestMs);
    try {
      const address = await client.presignedUrl("GET", bucket, key, signedSeconds);
      const signal = AbortSignal.any([options.signal, late]);
      const found = await answerOf(await fetch(address, { redirect: "manual", signal }));
      return found.ok ? read(found.value, where, new Date()) : unread(`GET ${where}: ${found.why}`, where, new Date());
    } catch (error) {
      const why = late.aborted ? `no answer within ${options.requestMs / 1000} s` : whyOf(error);
      return unread(`GET ${where}: ${why}`, where, new Date());
    }
  };
  return read({ get }, source, new Date());
}

type Answered = { readonly ok: true; readonly value: StoredObject } | { readonly ok: false; readonly why: string };

async function answerOf(response: Response): Promise<Answered> {
  if (response.status === 200) return { ok: true, value: { state: "held", content: await contentOf(response) } };
  const said = (await contentOf(response)).toString("utf8");
  const code = /<Code>(\w+)<\/Code>/.exec(said)?.[1] ?? "";
  if (response.status === 404 && code === "NoSuchKey") return { ok: true, value: { state: "missing" } };
  return { ok: false, why: `${response.status} ${code === "" ? oneLine(said.slice(0, 80)) : code}`.trim() };
}

async function contentOf(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > contentBytesMax) throw new Error(`the object is larger than ${contentBytesMax / 1024 / 1024} MiB`);
    parts.push(part);
  }
  const told = response.headers.get("content-length");
  if (told !== null && Number(told) !== bytes) throw new Error(`${bytes} of ${told} bytes came`);
  return Buffer.concat(parts);
}
