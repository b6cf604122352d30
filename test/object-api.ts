/** An API server that keeps objects in memory, as much of one as faults and their undoing ask for. */
import { createServer, type IncomingMessage } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { local } from "../environments/local.ts";
import type { Profile } from "../environments/profile.ts";
import { changingCluster } from "../fixtures/connect-changing.ts";
import type { DrillContext } from "../fixtures/faults/drill.ts";
import type { Fault } from "../harness/experiment.ts";
import type { JournalRecord } from "../harness/journal.ts";
import { connect } from "../probes/kubernetes/cluster.ts";
import { listening } from "./loopback.ts";

const labels = z.record(z.string(), z.string()).optional();
/** An object as the server keeps it. */
export const storedObject = z.looseObject({
  metadata: z.looseObject({
    name: z.string().min(1),
    uid: z.string().optional(),
    labels,
    resourceVersion: z.string().optional(),
  }),
  spec: z.looseObject({}).optional(),
});
export type StoredObject = z.output<typeof storedObject>;
export type Objects = Map<string, StoredObject>;
type Reply = readonly [status: number, body: unknown];

/** What a test puts into the server. */
export type ApiSetup = {
  /** By path, as `/api/v1/namespaces/a/pods/one`. What every object has is filled in where it is left out. */
  readonly objects: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Controllers of the test's own: called after every change. */
  readonly react?: (objects: Objects) => void;
  /** Answers a request in the server's place: probers behind the proxy, and refusals. */
  readonly answer?: (asked: {
    readonly method: string;
    readonly path: string;
    readonly body: unknown;
  }) => Reply | undefined;
  /** Awaited before a request is answered. */
  readonly slow?: (asked: { readonly method: string; readonly path: string }) => Promise<void>;
  readonly profile?: Partial<Profile>;
};

/** Changes that were asked for, as `PUT /path`, in their order. */
export type Api = { readonly context: DrillContext; readonly objects: Objects; readonly changes: readonly string[] };

let versions = 0;

/** Serves the objects while `work` runs, with a context for planning drills against them. */
export async function withObjectApi<T>(setup: ApiSetup, work: (api: Api) => Promise<T>): Promise<T> {
  const objects: Objects = new Map(Object.entries(setup.objects).map(([path, given]) => [path, stored(path, given)]));
  const changes: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const method = request.method ?? "GET";
      const url = request.url ?? "";
      await setup.slow?.({ method, path: url });
      const [status, json] = setup.answer?.({ method, path: url, body }) ?? answer(objects, { method, url, body });
      if (method !== "GET" && !url.includes("/proxy")) {
        changes.push(`${method} ${url}`);
        setup.react?.(objects);
      }
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
    })();
  });
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-objects-"));
  const kubeconfig = join(folder, "kubeconfig");
  try {
    return await listening(server, async (port) => {
      writeFileSync(kubeconfig, JSON.stringify(kubeconfigFor(port)));
      const cluster = { kubeconfig };
      // Whatever stands on this machine: nobody has the keys to sign in here.
      const signIn = { ...local.signIn, authenticatorsFile: join(folder, "no-authenticators.json") };
      const timeouts = { requestMs: 2_000, checkMs: 9_000 };
      const profile: Profile = { ...local, signIn, ...setup.profile, cluster, timeouts };
      const signal = AbortSignal.timeout(60_000);
      const run = { id: "run-1", clusterUid: "uid" };
      const context: DrillContext = {
        profile,
        run,
        cluster: connect(profile, signal),
        changing: changingCluster(profile, signal),
        signal,
      };
      return work({ context, objects, changes });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function kubeconfigFor(port: number): object {
  return {
    clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { token: "not-a-secret" } }],
    contexts: [{ name: "k", context: { cluster: "c", user: "u" } }],
    "current-context": "k",
  };
}

/** An object as the server would hold it under a path. */
export function stored(path: string, given: Readonly<Record<string, unknown>>): StoredObject {
  const name = path.split("/").at(-1) ?? "";
  const namespace = /\/namespaces\/([^/]+)\/[^/]+\//.exec(path)?.[1];
  versions += 1;
  const found = z.record(z.string(), z.unknown()).safeParse(given["metadata"]).data ?? {};
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: `uid-${versions}`,
    creationTimestamp: "2026-11-22T08:00:00Z",
    ...found,
    resourceVersion: String(versions),
  };
  return storedObject.parse({ apiVersion: "v1", kind: "Stored", ...given, metadata });
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts).toString("utf8");
  return text === "" ? {} : JSON.parse(text);
}

type Asked = { readonly method: string; readonly url: string; readonly body: unknown };

function answer(objects: Objects, { method, url, body }: Asked): Reply {
  const { pathname: path, searchParams } = new URL(url, "http://server");
  if (path.endsWith("/scale")) return scale(objects, path.slice(0, -"/scale".length), { method, body });
  if (method === "POST") {
    const at = `${path}/${storedObject.parse(body).metadata.name}`;
    if (objects.has(at)) return [409, { message: `${at} already exists` }];
    objects.set(at, stored(at, storedObject.parse(body)));
    return [201, objects.get(at)];
  }
  const found = objects.get(path);
  if (method === "GET") return found === undefined ? listOf(objects, path, searchParams) : [200, found];
  if (method === "DELETE") {
    if (found === undefined) return [404, { message: `${path} not found` }];
    const wanted = z.looseObject({ preconditions: z.looseObject({ uid: z.string() }).optional() }).parse(body);
    const uid = wanted.preconditions?.uid;
    if (uid !== undefined && uid !== found.metadata.uid) return [409, { message: "the UID is another" }];
    objects.delete(path);
    return [200, {}];
  }
  return replace(objects, path, storedObject.parse(body));
}

/**
 * As an API server does it: who names a UID means the object of that UID, whatever stands there now; who names a version means that one; and a Lease is
 * updated by nobody who names none (seen with Kubernetes 1.34).
 */
function replace(objects: Objects, path: string, given: StoredObject): Reply {
  const { uid, resourceVersion } = given.metadata;
  if (resourceVersion === undefined && path.includes("/leases/")) {
    return [422, { message: "metadata.resourceVersion: Invalid value: 0: must be specified for an update" }];
  }
  const found = objects.get(path);
  if (found === undefined) return [404, { message: `${path} not found` }];
  if (resourceVersion !== undefined && resourceVersion !== found.metadata.resourceVersion) {
    return [409, { message: "the object has been modified" }];
  }
  if (uid !== undefined && uid !== found.metadata.uid) return [409, { message: "the UID is another" }];
  const kept = found.metadata.uid === undefined ? {} : { uid: found.metadata.uid };
  objects.set(path, stored(path, { ...given, metadata: { ...kept, ...given.metadata } }));
  return [200, objects.get(path)];
}

function listOf(objects: Objects, path: string, query: URLSearchParams): Reply {
  const named = /^(.*)\/namespaces\/[^/]+\/[^/]+$|^(.*)\/[a-z]+$/.exec(path);
  const plural = path.split("/").at(-1) ?? "";
  const all = !path.includes("/namespaces/");
  const within = (at: string): boolean =>
    at.startsWith(`${path}/`) ||
    (all && at.startsWith(`${named?.[2] ?? ""}/namespaces/`) && at.split("/").at(-2) === plural);
  // Kinds that nothing is held of are empty lists: only single objects are missing.
  if (!plural.endsWith("s") || /\/namespaces\/[^/]+\/[^/]+\/[^/]+$/.test(path))
    return [404, { message: `${path} not found` }];
  const items = [...objects].filter(([at, one]) => within(at) && matches(one, query)).map(([, one]) => one);
  return [200, { metadata: {}, items }];
}

function matches({ metadata, spec }: StoredObject, query: URLSearchParams): boolean {
  const wanted = (query.get("labelSelector") ?? "").split(",").filter((term) => term !== "");
  const node = /^spec\.nodeName=(.*)$/.exec(query.get("fieldSelector") ?? "")?.[1];
  if (node !== undefined && spec?.["nodeName"] !== node) return false;
  return wanted.every((term) => {
    const [name = "", value] = term.split("=");
    const has = metadata.labels?.[name];
    return value === undefined ? has !== undefined : has === value;
  });
}

/** The part `scale` of an object: it leaves the number out where it is 0, as the API does. */
function scale(objects: Objects, path: string, { method, body }: Pick<Asked, "method" | "body">): Reply {
  const found = objects.get(path);
  if (found === undefined) return [404, { message: `${path} not found` }];
  const shape = z.looseObject({ spec: z.looseObject({ replicas: z.int().optional() }) });
  if (method === "PUT") {
    const { replicas = 0 } = shape.parse(body).spec;
    objects.set(path, stored(path, { ...found, spec: { ...found.spec, replicas } }));
  }
  const { metadata, spec } = objects.get(path) ?? found;
  const replicas = spec?.["replicas"];
  const told = replicas === 0 ? {} : { replicas };
  return [200, { apiVersion: "autoscaling/v1", kind: "Scale", metadata, spec: told }];
}

/** The undo record of a fault, as its run would have written it: by it the fault is undone as another process does it. */
export function undoRecordOf({ name, undo }: Pick<Fault, "name" | "undo">): JournalRecord {
  return { schemaVersion: 1, runId: "run-1", fault: name, targets: [], undo: { ...undo }, writtenAt: "" };
}

/** A Deployment or StatefulSet that a fault may aim at. */
export function workloadOf(name: string, replicas: number): Readonly<Record<string, unknown>> {
  const found = { "app.kubernetes.io/name": name };
  return {
    apiVersion: "apps/v1",
    metadata: { generation: 1 },
    spec: {
      replicas,
      selector: { matchLabels: found },
      template: { spec: { containers: [{ name, image: "localhost/oke-proof/apps:1" }] } },
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
    },
  };
}

/** A ready pod of a workload. */
export function podOf(app: string, change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const owner = { kind: "ReplicaSet", name: `${app}-1`, uid: "rs-1", controller: true };
  return {
    metadata: { labels: { "app.kubernetes.io/name": app }, ownerReferences: [owner] },
    spec: { nodeName: "oke-proof-worker" },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    ...change,
  };
}
