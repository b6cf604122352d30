/** What keeps a drill from being made, on the cluster itself: each of them before anything is touched. No fault is made here. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadProfile } from "../../environments/load.ts";
import { readSettings } from "../../environments/settings.ts";
import { deployment } from "../../fixtures/deployment.ts";
import { drillLeaseName, holdDrillLease } from "../../fixtures/undo/drill-lease.ts";
import { thisMachine } from "../../fixtures/undo/lease.ts";
import { okeProof } from "../prove/command.ts";
import { lineOfDrill, msMaxOfDrill, runDrill, type DrillAsked } from "./drill-command.ts";
import { standingPlatform, type StandingPlatform } from "./standing-platform.ts";

const drill = "pod-kill-one";
const neverReady = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  namespace: "health-platform",
  name: "oke-proof-prove-never-ready",
};

const drillLease = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  namespace: "oke-proof",
  name: drillLeaseName,
};

let platform: StandingPlatform;

beforeAll(async () => {
  platform = await standingPlatform(async (cluster) => cluster.remove(neverReady));
}, 600_000);

afterAll(async () => {
  await platform.cluster.remove(neverReady);
}, 120_000);

test.each<[string, string, DrillAsked, RegExp]>([
  [
    "the wrong cluster",
    drill,
    { variables: { OKE_PROOF_CLUSTER_UID: "00000000-0000-4000-8000-000000000000" } },
    /nothing was touched: wrong cluster: kubeconfig \S+ reaches cluster \S+, not 00000000-/,
  ],
  [
    "a forbidden namespace",
    drill,
    { layer: { permits: { namespaces: ["todo-chatbot"] } } },
    /nothing was touched: it touches health-platform, which the profile 'local' does not permit/,
  ],
  [
    "a disturbance that is not permitted",
    drill,
    { layer: { permits: { disturbances: ["node"] } } },
    /nothing was touched: the profile 'local' does not permit disturbance 'pod'/,
  ],
  [
    "production without its permit",
    drill,
    { env: "oke-production" },
    /nothing was touched: the profile 'oke-production' does not permit .* looked at, never disturbed/,
  ],
  [
    "a target with one replica, unasked",
    "outage-rabbitmq",
    { singleReplica: false },
    /nothing was touched: health-platform\/rabbitmq has one replica only.*--single-replica/,
  ],
  ["a name that nobody knows", "pod-kil", {}, /unknown drill 'pod-kil'/],
])("%s is refused with exit code 3", async (_, name, asked, message) => {
  const proof = await runDrill(name, asked);
  expect(proof.output).toMatch(message);
  expect(proof).toMatchObject({ exitCode: 3, ledger: undefined });
});

test("a second drill while one runs is told whose turn it is, with exit code 3", async () => {
  const held = await holdDrillLease(
    loadProfile("local", readSettings()),
    `prove-held-${process.pid}`,
    AbortSignal.timeout(60_000),
  );
  if (!held.ok) throw new Error(held.why);
  try {
    const proof = await runDrill(drill);
    const message = new RegExp(
      `another drill is under way: run prove-held-${process.pid} \\(process \\S+ ${process.pid}\\)`,
    );
    expect(proof.output).toMatch(message);
    expect(proof).toMatchObject({ exitCode: 3, ledger: undefined });
  } finally {
    await held.stop(true);
  }
});

test("after a drill that died another one is refused with exit code 3, until undo was through", async () => {
  const runId = `prove-dead-${process.pid}`;
  const metadata = {
    name: drillLease.name,
    namespace: drillLease.namespace,
    labels: { "oke-proof/heartbeat": "true" },
    annotations: { "oke-proof/run": runId },
  };
  // No process has a number as high: Linux ends at 2^22.
  const holderIdentity = `${thisMachine()} 99999999`;
  const spec = { holderIdentity, renewTime: new Date().toISOString().replace("Z", "000Z") };
  const { apiVersion, kind } = drillLease;
  try {
    await platform.cluster.create({ apiVersion, kind, metadata, spec });
    const proof = await runDrill(drill);
    expect(proof.output).toMatch(
      new RegExp(`drill run ${runId} .* died, and what it did may stand: run 'oke-proof undo`),
    );
    expect(proof).toMatchObject({ exitCode: 3, ledger: undefined });
    expect(await okeProof(["undo", "--env", "local"])).toMatchObject({ exitCode: 0 });
    expect(await platform.cluster.read(drillLease)).toBeUndefined();
  } finally {
    await platform.cluster.remove(drillLease);
  }
});

test("a steady state that does not hold leaves it unproven, with exit code 2 and nothing injected", async () => {
  try {
    const nowhere = {
      nodeSelector: { "oke-proof.test/nowhere": "true" },
      containers: [{ name: "never", image: platform.cluster.appsImage }],
    };
    await platform.cluster.create(deployment(neverReady, nowhere));
    const proof = await runDrill(drill, { msMax: await msMaxOfDrill(drill) });
    expect(lineOfDrill(proof, "pod-restart-survived")).toMatchObject({
      outcome: "unproven",
      because: expect.stringMatching(/not steady before pod-kill-one, nothing was injected/),
    });
    expect(proof.exitCode, proof.output).toBe(2);
  } finally {
    await platform.cluster.remove(neverReady);
  }
});

test("none of them has touched anything", async () => {
  expect(await platform.whatIsLeft()).toEqual([]);
});
