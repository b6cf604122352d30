/** What keeps a drill from being made, on the cluster itself: each of them before anything is touched. And one fault that cannot be removed: a person is told what to do. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadProfile } from "../../environments/load.ts";
import { readSettings } from "../../environments/settings.ts";
import { deployment } from "../../fixtures/deployment.ts";
import type { PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { drillLeaseName, holdDrillLease } from "../../fixtures/undo/drill-lease.ts";
import { thisMachine } from "../../fixtures/undo/lease.ts";
import { poll } from "../../harness/poll.ts";
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

/** What the drill makes and takes away again; held by a finalizer it stays as an object. */
const keptDrill = "cpu-pressure";
const kept = { apiVersion: "apps/v1", kind: "Deployment", namespace: "oke-proof", name: "oke-proof-cpu-pressure" };

async function hold(cluster: PlantingCluster, finalizers: readonly string[] | null): Promise<void> {
  const { name, namespace } = kept;
  await cluster.patch(kept, { metadata: { name, namespace, finalizers } });
}

/** Harmless where it is not there. */
async function release(cluster: PlantingCluster): Promise<void> {
  if ((await cluster.read(kept)) === undefined) return;
  await hold(cluster, null);
  await cluster.remove(kept);
}

let platform: StandingPlatform;

beforeAll(async () => {
  platform = await standingPlatform(async (cluster) => {
    await cluster.remove(neverReady);
    await release(cluster);
  });
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

test("a fault that cannot be removed: exit code 4, what a person must do, and no other drill before it is done", async () => {
  const msMax = await msMaxOfDrill(keptDrill);
  const holding = poll<true>(
    async () => {
      if ((await platform.cluster.read(kept)) === undefined) return { state: "not yet", seen: "it is not made yet" };
      await hold(platform.cluster, ["oke-proof.test/held"]);
      return { state: "yes", value: true };
    },
    { what: `${kept.name} held by a finalizer`, timeoutMs: msMax, everyMs: 250 },
  );
  try {
    const [proof, holds] = await Promise.all([runDrill(keptDrill, { msMax }), holding]);
    expect(holds).toMatchObject({ ok: true });
    expect(proof.exitCode, proof.output).toBe(4);
    const notes = (proof.ledger?.run.notes ?? []).join("\n");
    expect(notes).toMatch(/Left behind: .*oke-proof-cpu-pressure deleted: not within 20 s.*: put back by hand node /);
    const record = /--put-back (oke-proof-undo-[0-9a-f]{16})/.exec(notes)?.[1] ?? "";
    expect(record).not.toBe("");
    const next = await runDrill(drill);
    expect(next.output).toMatch(/died, and what it did may stand: run 'oke-proof undo --env local' first/);
    expect(next).toMatchObject({ exitCode: 3, ledger: undefined });
    // Nobody's word is taken for what can be seen not to be so.
    const early = await okeProof(["undo", "--env", "local", "--put-back", record]);
    expect(early.output).toMatch(/NOT PUT BACK: .*oke-proof-cpu-pressure of the run is still there/);
    expect(early.exitCode).toBe(4);
    const unknown = await okeProof(["undo", "--env", "local", "--put-back", "oke-proof-undo-0"]);
    expect(unknown.output).toMatch(
      /^oke-proof: undo: nothing was closed: there is no undo record 'oke-proof-undo-0': open: .*$/m,
    );
    expect(unknown.exitCode).toBe(3);
  } finally {
    await release(platform.cluster);
  }
  const undone = await okeProof(["undo", "--env", "local"]);
  expect(undone.exitCode, undone.output).toBe(0);
  expect(await platform.cluster.read(drillLease)).toBeUndefined();
});

test("nothing is left of any of them", async () => {
  expect(await platform.whatIsLeft()).toEqual([]);
});
