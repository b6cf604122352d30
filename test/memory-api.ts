/** The least of an API server, which keeps objects in memory: create, replace, get, list by prefix and delete. */
import { createServer, type IncomingMessage } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Profile } from "../environments/profile.ts";
import { listening } from "./loopback.ts";

export const storedObject = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string().optional(),
    resourceVersion: z.string().optional(),
  }),
});
/** Objects by their path in the API. */
export type Objects = Map<string, z.output<typeof storedObject>>;
type Answered = readonly [status: number, json: unknown];

const deletion = z.looseObject({ preconditions: z.object({ uid: z.string().optional() }).optional() });
let uids = 0;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts).toString("utf8");
  return text === "" ? {} : JSON.parse(text);
}

async function create(objects: Objects, path: string, json: unknown): Promise<Answered> {
  const made = storedObject.parse(json);
  const at = `${path}/${made.metadata.name}`;
  if (objects.has(at)) return [409, { message: "already exists" }];
  uids += 1;
  objects.set(at, { ...made, metadata: { ...made.metadata, uid: `uid-${uids}`, resourceVersion: "1" } });
  return [201, objects.get(at)];
}

/**
 * As an API server does it: who names a UID means the object of that UID, whatever stands there now; who names a version means that one; and a Lease is
 * updated by nobody who names none (seen with Kubernetes 1.34).
 */
function replace(objects: Objects, path: string, json: unknown): Answered {
  const given = storedObject.parse(json);
  const before = objects.get(path);
  const { uid, resourceVersion } = given.metadata;
  if (resourceVersion === undefined && /\/leases\//.test(path)) {
    return [422, { message: "metadata.resourceVersion: Invalid value: 0: must be specified for an update" }];
  }
  if (before !== undefined && resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion) {
    return [409, { message: "the object has been modified; please apply your changes to the latest version" }];
  }
  if (uid !== undefined && uid !== before?.metadata.uid) return [409, { message: "Precondition failed: UID" }];
  if (before === undefined) return [404, { message: `${path} not found` }];
  const next = String(Number(before.metadata.resourceVersion ?? 0) + 1);
  objects.set(path, { ...given, metadata: { ...before.metadata, ...given.metadata, resourceVersion: next } });
  return [200, objects.get(path)];
}

function remove(objects: Objects, path: string, json: unknown): Answered {
  const before = objects.get(path);
  if (before === undefined) return [404, { message: `${path} not found` }];
  const uid = deletion.parse(json).preconditions?.uid;
  if (uid !== undefined && uid !== before.metadata.uid) return [409, { message: "Precondition failed: UID" }];
  objects.delete(path);
  return [200, {}];
}

async function answer(objects: Objects, request: IncomingMessage): Promise<Answered> {
  const [path = "", query = ""] = (request.url ?? "").split("?");
  if (request.method === "POST") return create(objects, path, await bodyOf(request));
  if (request.method === "PUT") return replace(objects, path, await bodyOf(request));
  if (request.method === "DELETE") return remove(objects, path, await bodyOf(request));
  const found = objects.get(path);
  if (found !== undefined) return [200, found];
  if (!/\/(configmaps|leases|jobs|pods)$/.test(path)) return [404, { message: `${path} not found` }];
  const wanted = (new URLSearchParams(query).get("labelSelector") ?? "").split(",").filter((one) => one !== "");
  const items = [...objects].filter(([at]) => at.startsWith(`${path}/`)).map(([, one]) => one);
  return [200, { metadata: {}, items: items.filter((one) => wanted.every((selector) => hasLabel(one, selector))) }];
}

const labelled = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }) });

function hasLabel(object: unknown, selector: string): boolean {
  const [name = "", value] = selector.split("=");
  const { labels } = labelled.parse(object).metadata;
  return value === undefined ? name in labels : labels[name] === value;
}

/**
 * Runs a test against such a server, as an account of it.
 * @param interfere answers in the server's place, with a status, where it has one
 */
export async function withObjects<T>(
  work: (
    profile: Pick<Profile, "name" | "cluster" | "timeouts" | "prober">,
    objects: Objects,
    server: string,
  ) => Promise<T>,
  interfere: (request: IncomingMessage) => number | undefined = () => undefined,
): Promise<T> {
  const objects: Objects = new Map();
  const server = createServer((request, response) => {
    const status = interfere(request);
    if (status !== undefined) response.writeHead(status).end(JSON.stringify({ message: "interfered" }));
    else void answer(objects, request).then(([code, json]) => response.writeHead(code).end(JSON.stringify(json)));
  });
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-undo-"));
  const kubeconfig = join(folder, "kubeconfig");
  try {
    return await listening(server, async (port) => {
      const address = `http://127.0.0.1:${port}`;
      const config = {
        clusters: [{ name: "c", cluster: { server: address, "insecure-skip-tls-verify": true } }],
        users: [{ name: "u", user: { token: "not-a-secret" } }],
        contexts: [{ name: "k", context: { cluster: "c", user: "u" } }],
        "current-context": "k",
      };
      writeFileSync(kubeconfig, JSON.stringify(config));
      const prober = { namespace: "oke-proof", selector: "a=b", port: 8080 };
      const timeouts = { requestMs: 2_000, checkMs: 9_000 };
      return work({ name: "local", cluster: { kubeconfig }, timeouts, prober }, objects, address);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
