/** The readers against replies that a real API server gave, whole and bent. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Reading } from "../../harness/verdict.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import type { Cluster } from "./cluster.ts";
import { readCronJobs } from "./cron-jobs.ts";
import { readNamespaces } from "./namespaces.ts";
import { readNodeLeases, readNodes } from "./nodes.ts";
import { readControllerRevisions, readCreations, readJobs, readReplicaSets, readScalings } from "./owners.ts";
import { readPods, readSelectedPods } from "./pods.ts";
import { readVolumeClaims, readVolumes } from "./volumes.ts";
import { readWorkloads } from "./workloads.ts";

type Json = Record<string, unknown>;
type Reader = (cluster: Cluster) => Promise<Reading<readonly unknown[]>>;

function recorded(name: string): Json {
  const file = join(import.meta.dirname, "..", "..", "test", "recorded", "kubernetes", `${name}.json`);
  const json: Json = JSON.parse(readFileSync(file, "utf8"));
  return json;
}

/** Runs a reader against a server that gives this body for the path's last part, and an empty list for all others. */
async function readFrom(reader: Reader, part: string, body: unknown): Promise<Reading<readonly unknown[]>> {
  const server = createServer((request, response) => {
    const asked = request.url?.split("?")[0]?.endsWith(`/${part}`) === true;
    response.end(JSON.stringify(asked ? body : { metadata: {}, items: [] }));
  });
  return listening(server, async (port) => withCluster(port, reader));
}

/** Reader, last part of its path, what the first recorded item becomes, and the fields that none may lack. */
const readers: readonly (readonly [string, Reader, string, object, readonly string[]])[] = [
  [
    "nodes",
    readNodes,
    "nodes",
    { name: "oke-proof-control-plane", cordoned: false, repels: ["node-role.kubernetes.io/control-plane"] },
    [
      "metadata.name",
      "metadata.creationTimestamp",
      "spec",
      "status",
      "status.conditions.0.type",
      "status.conditions.0.status",
    ],
  ],
  [
    "leases",
    readNodeLeases,
    "leases",
    { node: "oke-proof-control-plane", renewedAt: expect.stringMatching(/^2026-/) },
    ["metadata.name", "spec.renewTime"],
  ],
  [
    "pods",
    readPods,
    "pods",
    {
      namespace: "health-platform",
      phase: expect.any(String),
      owner: { kind: "ReplicaSet", name: expect.any(String), uid: expect.any(String) },
    },
    [
      "metadata.name",
      "metadata.namespace",
      "metadata.creationTimestamp",
      "spec",
      "status",
      "status.phase",
      "status.containerStatuses.0.restartCount",
      "status.containerStatuses.0.ready",
    ],
  ],
  [
    "pods",
    async (cluster) => readSelectedPods(cluster, { namespace: "oke-proof", selector: "a=b" }),
    "pods",
    { name: expect.any(String) },
    ["metadata.uid"],
  ],
  [
    "deployments",
    readWorkloads,
    "deployments",
    {
      kind: "Deployment",
      name: "health-api",
      wanted: 2,
      containers: [
        {
          readinessProbe: true,
          livenessProbe: true,
          declares: ["cpu request", "memory request", "cpu limit", "memory limit"],
        },
      ],
    },
    [
      "metadata.namespace",
      "spec.replicas",
      "spec.template.spec.containers",
      "spec.template.spec.containers.0.name",
      "status",
    ],
  ],
  [
    "statefulsets",
    readWorkloads,
    "statefulsets",
    { kind: "StatefulSet", name: "postgres-health-data", wanted: 1 },
    ["spec.replicas", "spec.template", "status"],
  ],
  [
    "daemonsets",
    readWorkloads,
    "daemonsets",
    { kind: "DaemonSet", name: "prober", wanted: 3 },
    ["status.desiredNumberScheduled", "status.numberReady", "spec.template"],
  ],
  [
    "cronjobs",
    readCronJobs,
    "cronjobs",
    { name: "postgres-health-data-backup", suspended: false, active: 0, succeededAt: expect.stringMatching(/^2026-/) },
    ["metadata.name", "metadata.namespace", "spec", "spec.schedule", "status"],
  ],
  [
    "replicasets",
    readReplicaSets,
    "replicasets",
    { namespace: "health-platform", owner: { kind: "Deployment" } },
    ["metadata.uid", "metadata.creationTimestamp"],
  ],
  [
    "controllerrevisions",
    readControllerRevisions,
    "controllerrevisions",
    { owner: { kind: "StatefulSet" }, since: expect.stringMatching(/^2026-/) },
    ["metadata.name", "metadata.creationTimestamp"],
  ],
  [
    "events",
    readScalings,
    "events",
    { replicaSet: expect.stringMatching(/./), times: expect.arrayContaining([expect.any(String)]), added: 2 },
    ["metadata.namespace", "involvedObject", "message"],
  ],
  [
    "creations",
    readCreations,
    "events",
    { replicaSet: expect.stringMatching(/^health-api-/), times: [expect.any(String), expect.any(String)], count: 1 },
    ["metadata.namespace", "involvedObject", "message"],
  ],
  ["namespaces", readNamespaces, "namespaces", expect.any(String), ["metadata.name"]],
  ["jobs", readJobs, "jobs", { name: "migrate", complete: true }, ["metadata.uid", "status"]],
  [
    "persistentvolumeclaims",
    readVolumeClaims,
    "persistentvolumeclaims",
    { namespace: "health-platform", requestedBytes: 2 ** 30 },
    ["metadata.uid", "spec.resources.requests.storage", "status.phase"],
  ],
  [
    "persistentvolumes",
    readVolumes,
    "persistentvolumes",
    { phase: "Bound", capacityBytes: 2 ** 30 },
    ["metadata.name", "spec.capacity.storage", "status.phase"],
  ],
];

describe.each(readers)("%s", (file, reader, part, expected, required) => {
  test("as recorded", async () => {
    const reading = await readFrom(reader, part, recorded(file));
    expect(reading).toMatchObject({ ok: true });
    expect(reading.ok && reading.value[0]).toEqual(matcherOf(expected));
  });

  test.each(required)("without %s it is no reading, and the field is named", async (field) => {
    const bent = recorded(file);
    remove(bent, `items.0.${field}`);
    const reading = await readFrom(reader, part, bent);
    const named = field
      .split(".")
      .slice(0, 2)
      .join(String.raw`\.`);
    expect(reading).toMatchObject({
      ok: false,
      why: expect.stringMatching(new RegExp(String.raw`items\.0\.${named}`)),
    });
  });

  test("garbage is no reading, and never an exception", async () => {
    const garbage = fc.jsonValue().filter((value) => !(Array.isArray(value) && value.length === 0));
    await fc.assert(
      fc.asyncProperty(garbage, async (items) => {
        expect(await readFrom(reader, part, { metadata: {}, items })).toMatchObject({ ok: false });
      }),
      { numRuns: 25 },
    );
  });

  test("any one value replaced by another never throws", async () => {
    const paths = leavesOf(recorded(file));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        const bent = recorded(file);
        replace(bent, path, value);
        expect(await readFrom(reader, part, bent)).toHaveProperty("ok");
      }),
      { numRuns: 25 },
    );
  });
});

test.each([
  [{ exitCode: 137, reason: "OOMKilled" }, "OOMKilled, exit code 137"],
  [{ exitCode: 1, finishedAt: "2026-11-22T08:00:00Z" }, "ended, exit code 1, at 2026-11-22T08:00:00Z"],
])("the end of a container's instance before this one is told with its time: %o", async (terminated, told) => {
  const bent = recorded("pods");
  replace(bent, "items\n0\nstatus\ncontainerStatuses\n0\nlastState", { terminated });
  const found = await readFrom(readPods, "pods", bent);
  expect(found).toMatchObject({ ok: true });
  expect(JSON.stringify(found)).toContain(`"endedBefore":"${told}"`);
});

/** Objects inside lists and objects match by what they name. */
function deep(expected: object): object {
  return Object.fromEntries(Object.entries(expected).map(([key, value]: [string, unknown]) => [key, matcherOf(value)]));
}

function matcherOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => matcherOf(each));
  if (typeof value !== "object" || value === null || "asymmetricMatch" in value) return value;
  return expect.objectContaining(deep(value));
}

function leavesOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    leavesOf(inner, path === "" ? key : `${path}\n${key}`),
  );
}

function remove(json: Json, dotted: string): void {
  const keys = dotted.split(".");
  const last = keys.pop() ?? "";
  delete parentOf(json, keys)[last];
}

function replace(json: Json, path: string, value: unknown): void {
  const keys = path.split("\n");
  const last = keys.pop() ?? "";
  parentOf(json, keys)[last] = value;
}

function parentOf(json: Json, keys: readonly string[]): Json {
  let current: Json = json;
  for (const key of keys) {
    const next = current[key];
    if (typeof next !== "object" || next === null) throw new Error(`the recorded reply has no ${keys.join(".")}`);
    current = Object.assign(next);
  }
  return current;
}
