/** What goes wrong in the middle of the truth table never yields a pass: probers killed, name servers gone, the harness's way to its probers closed. */
import { afterEach, beforeAll, expect, test } from "vitest";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { plantingCluster, type PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { poll } from "../../harness/poll.ts";
import { lineOf, validateLocal, type Proof } from "./command.ts";

const id = "network-policies-enforced";
const namespaces = ["oke-proof-network-x", "oke-proof-network-y", "oke-proof-network-z"] as const;
const dns = { apiVersion: "apps/v1", kind: "Deployment", name: "coredns", namespace: "kube-system" };
const rbac = "rbac.authorization.k8s.io";
const binding = { apiVersion: `${rbac}/v1`, kind: "RoleBinding", name: "oke-proof-network", namespace: namespaces[1] };

let cluster: PlantingCluster;
let subjects: unknown;
let nameServers = 2;

beforeAll(async () => {
  const { kubeconfig, caFile, caKeyFile, appsImage } = readLocalCluster();
  const runId = `prove-${process.pid}`;
  cluster = plantingCluster({ kubeconfig, runId, appsImage, certificateFile: caFile, keyFile: caKeyFile });
  subjects = (await cluster.read(binding))?.["subjects"];
  nameServers = replicasOf(await cluster.read(dns));
});

afterEach(async () => {
  await cluster.patch(dns, { spec: { replicas: nameServers } });
  await cluster.patch(binding, { subjects });
  await untilReady();
}, 240_000);

/** Waits until policies of the truth table stand: then the work is in its middle. */
async function inTheMiddle(): Promise<void> {
  const found = await poll(
    async () => {
      const standing = await cluster.listLabelled(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "app.kubernetes.io/managed-by=oke-proof",
      );
      return standing.some((name) => name.includes("/truth-table-ingress-"))
        ? { state: "yes", value: true }
        : { state: "not yet", seen: standing.join(", ") };
    },
    { what: "policies of the truth table", timeoutMs: 60_000, everyMs: 250 },
  );
  if (!found.ok) throw new Error(found.why);
}

async function during(work: () => Promise<void>): Promise<Proof> {
  const [proof] = await Promise.all([validateLocal([id]), inTheMiddle().then(work)]);
  return proof;
}

test.each<[string, () => Promise<void>, RegExp]>([
  [
    "two probers are killed",
    async () => {
      for (const namespace of namespaces.slice(0, 2)) {
        await cluster.remove({ apiVersion: "v1", kind: "Pod", name: "b-0", namespace });
      }
    },
    /[xy]\/b/,
  ],
  ["the name servers are gone", async () => cluster.patch(dns, { spec: { replicas: 0 } }), /dns/],
  ["the harness loses its way to a third of the probers", async () => cluster.patch(binding, { subjects: [] }), /403/],
])("%s in the middle: unproven", async (_, work, because) => {
  const line = lineOf(await during(work), id);
  expect(line.outcome, line.because).toBe("unproven");
  expect(line.because).toMatch(because);
});

test("nothing of the truth table is left", async () => {
  const selector = "app.kubernetes.io/managed-by=oke-proof";
  expect(await cluster.listLabelled("networking.k8s.io/v1", "NetworkPolicy", selector)).toEqual([]);
});

/** All nine probers and as many name servers as before. */
async function untilReady(): Promise<void> {
  const ready = await poll(
    async () => {
      const pods = namespaces.flatMap((namespace) => ["a-0", "b-0", "c-0"].map((name) => ({ name, namespace })));
      const read = await Promise.all(pods.map(async (pod) => cluster.read({ apiVersion: "v1", kind: "Pod", ...pod })));
      const few = read.filter((pod) => !JSON.stringify(pod?.["status"] ?? "").includes('"ready":true')).length;
      const servers = JSON.stringify((await cluster.read(dns))?.["status"] ?? "");
      const served = servers.includes(`"availableReplicas":${nameServers}`);
      return few === 0 && served
        ? { state: "yes", value: true }
        : { state: "not yet", seen: `${few} probers are not ready, name servers: ${servers.slice(0, 200)}` };
    },
    { what: "the probers and the name servers", timeoutMs: 220_000, everyMs: 1_000 },
  );
  if (!ready.ok) throw new Error(ready.why);
}

function replicasOf(object: Readonly<Record<string, unknown>> | undefined): number {
  const spec = object?.["spec"];
  if (typeof spec !== "object" || spec === null || !("replicas" in spec) || typeof spec.replicas !== "number") {
    throw new Error("coredns: the Deployment tells no replicas");
  }
  return spec.replicas;
}
