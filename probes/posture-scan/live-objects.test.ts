import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Reading } from "../../harness/verdict.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readLiveObjects } from "./live-objects.ts";
import type { PostureObject } from "./objects.ts";

const recorded = join(import.meta.dirname, "../../test/recorded/kubernetes");
const namespaces = ["health-platform", "oke-proof"];
const meta = { namespace: "health-platform", uid: "u", creationTimestamp: "2026-11-22T12:00:00Z" };
const ownedBy = (kind: string, name: string): object => ({
  ownerReferences: [{ kind, name, uid: "o", controller: true }],
});
const listOf = (...items: readonly object[]): string => JSON.stringify({ metadata: {}, items });

/** An API server of recorded lists, and of those given by the last part of their path; a number is a refusal. */
async function readFrom(
  given: Readonly<Record<string, string | number>> = {},
): Promise<Reading<readonly PostureObject[]>> {
  const server = createServer((request, response) => {
    const part = request.url?.split("?")[0]?.split("/").at(-1) ?? "";
    const file = join(recorded, `${part}.json`);
    const answer = given[part] ?? (existsSync(file) ? readFileSync(file, "utf8") : listOf());
    if (typeof answer === "number") response.writeHead(answer).end("{}");
    else response.end(answer);
  });
  return listening(server, async (port) => withCluster(port, async (cluster) => readLiveObjects(cluster, namespaces)));
}

test("recorded lists: what the namespaces hold, workloads before pods, each with its workload and its spec", async () => {
  const found = await readFrom({
    services: listOf({ metadata: { ...meta, name: "health-api" }, spec: { type: "ClusterIP" } }),
    networkpolicies: listOf({ metadata: { ...meta, name: "default" }, spec: { podSelector: {} } }),
  });
  if (!found.ok) throw new Error(found.why);
  expect(
    found.value.map(({ kind, namespace, name, workload }) => `${kind} ${namespace}/${name} of ${workload}`),
  ).toEqual([
    "Deployment health-platform/health-api of health-api",
    "StatefulSet health-platform/postgres-health-data of postgres-health-data",
    "DaemonSet oke-proof/prober of prober",
    "CronJob health-platform/postgres-health-data-backup of postgres-health-data-backup",
    "CronJob health-platform/postgres-webauthn-auth-backup of postgres-webauthn-auth-backup",
    "Job health-platform/migrate of migrate",
    "Pod health-platform/health-api-5d78b59bb-dlzl9 of health-api",
    "Pod health-platform/postgres-health-data-0 of postgres-health-data",
    "Pod oke-proof/prober-h5wpj of prober",
    "Service health-platform/health-api of health-api",
    "NetworkPolicy health-platform/default of default",
  ]);
  for (const { apiVersion, kind, name, namespace, manifest } of found.value) {
    expect(manifest).toMatchObject({ apiVersion, kind, metadata: { name, namespace } });
    expect(Object.keys(manifest).toSorted()).toEqual(["apiVersion", "kind", "metadata", "spec"]);
    expect(JSON.stringify(manifest)).not.toMatch(/"annotations"|managedFields|"conditions"/);
  }
  expect(found.value[0]?.manifest).toMatchObject({
    spec: { template: { spec: { containers: [{ name: "health-api" }] } } },
  });
});

test("the pod of a Job of a CronJob is the CronJob's, whatever the Job is called", async () => {
  const found = await readFrom({
    jobs: listOf({ metadata: { ...meta, name: "by-hand", ...ownedBy("CronJob", "dump") }, spec: {} }),
    pods: listOf(
      { metadata: { ...meta, name: "by-hand-x2z", ...ownedBy("Job", "by-hand") }, spec: {} },
      { metadata: { ...meta, name: "dump-29012345-abc", ...ownedBy("Job", "dump-29012345") }, spec: {} },
      { metadata: { ...meta, name: "alone" }, spec: {} },
    ),
  });
  const pods = found.ok ? found.value.filter(({ kind }) => kind === "Pod" || kind === "Job") : [];
  expect(pods.map(({ name, workload }) => `${name} of ${workload}`)).toEqual([
    "by-hand of dump",
    "by-hand-x2z of dump",
    "dump-29012345-abc of dump",
    "alone of alone",
  ]);
});

test.each(["deployments", "statefulsets", "daemonsets", "cronjobs", "jobs", "pods", "services", "networkpolicies"])(
  "without a right to %s there is no reading",
  async (part) => {
    expect(await readFrom({ [part]: 403 })).toMatchObject({
      ok: false,
      why: expect.stringMatching(new RegExp(`^GET /\\S+/${part}: 403, the harness has no right`)),
    });
  },
);

test.each<readonly [string, string]>([
  ["without a spec", listOf({ metadata: { ...meta, name: "a" } })],
  ["without a name", listOf({ metadata: meta, spec: {} })],
  ["with labels that are numbers", listOf({ metadata: { ...meta, name: "a", labels: { a: 1 } }, spec: {} })],
  ["cut off", listOf({ metadata: { ...meta, name: "a" }, spec: {} }).slice(0, -5)],
])("a pod %s is no reading", async (_, pods) => {
  expect(await readFrom({ pods })).toMatchObject({ ok: false });
});
