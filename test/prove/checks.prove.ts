/** Every criterion with a check: pass on the good platform, fail on its planted defect, unproven when blinded. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { criteriaWithCheck, restsOnLoad } from "../../criteria/catalogue.ts";
import { scopeOf } from "../../harness/criterion.ts";
import { plantingCluster, runLabel, type PlantingCluster } from "../../fixtures/planting-cluster.ts";
import type { Plant } from "../../fixtures/plant.ts";
import { plantsOf, type Planted } from "../../fixtures/plants.ts";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { layerCriteria } from "../../environments/local/layer-criteria.ts";
import { layerNames, layersOf } from "../../environments/local/versions.ts";
import { projectRoot } from "../../environments/settings.ts";
import type { LedgerLine } from "../../harness/ledger.ts";
import { poll, type Look } from "../../harness/poll.ts";
import { blindHarness, restoreSight, strangerKubeconfig } from "./blinded.ts";
import { lineOf, validateLocal, type Proof } from "./command.ts";
import { laneOf, type LaneName } from "./lanes.ts";
import { proofTable } from "./proof-table.ts";
import { silentServer, type SilentServer } from "./silent-server.ts";

// What rests on a load run is proved by load.prove.ts, a run for several defects at once.
const scopes = criteriaWithCheck()
  .filter((criterion) => !restsOnLoad(criterion))
  .map((criterion) => ({ id: criterion.id, scope: scopeOf(criterion, "local") }));
// `npm test` brings up some layers of the local cluster, `npm run test:full` all of them (test/all.ts).
const layers = layersOf(process.env["PROVE_LAYERS"] ?? layerNames.join(","));
const standing = new Set(layers.flatMap((layer) => layerCriteria[layer]));
const ids = scopes.flatMap(({ id, scope }) => (scope.in && standing.has(id) ? [id] : []));
const elsewhere = scopes.flatMap(({ id, scope }) => {
  if (!scope.in) return [`not proved here: ${id}: ${scope.why}`];
  return standing.has(id) ? [] : [`not proved here: ${id}: its layer is not brought up; npm run test:full proves it`];
});
const plants = new Map<string, Plant>();
const planted: Planted[] = [];
for (const id of ids) {
  const [main, ...others] = await plantsOf(id);
  plants.set(id, main.plant);
  planted.push(main, ...others);
}
type Row = { good: string; blinded: string; readonly planted: Map<string, { outcome: string; because: string }> };
const table = new Map(ids.map((id): [string, Row] => [id, { good: "-", blinded: "-", planted: new Map() }]));
const noRights = ids.filter((id) => plantOf(id).blind.kind === "no rights");
const pointedElsewhere = ids.filter((id) => plantOf(id).blind.kind === "profile");

/** How long the platform may take to show what was planted, or to be as it was. */
const settleMsMax = 420_000;

let cluster: PlantingCluster;
let silent: SilentServer;

beforeAll(async () => {
  const { kubeconfig, caFile, caKeyFile, appsImage } = readLocalCluster();
  const runId = `prove-${process.pid}`;
  cluster = plantingCluster({ kubeconfig, runId, appsImage, certificateFile: caFile, keyFile: caKeyFile });
  for (const { plant } of planted) await plant.remove(cluster);
  silent = await silentServer();
}, 300_000);

afterAll(async () => {
  for (const { plant } of planted) await plant.remove(cluster);
  await restoreSight(cluster);
  silent.close();
  const rows = [...table].map(([id, seen]) => ({ id, ...seen }));
  console.table(
    rows.map(({ id, good, planted: seen, blinded }) => {
      const outcomes = [...seen.values()].map(({ outcome }) => outcome).join(", ");
      return { criterion: id, good, planted: outcomes, blinded };
    }),
  );
  mkdirSync(join(projectRoot, "reports"), { recursive: true });
  writeFileSync(join(projectRoot, "reports", "proof-table.md"), proofTable(rows, new Date(), layers));
  for (const line of elsewhere) console.log(line);
}, 300_000);

describe("good platform", () => {
  test("everything in scope passes, and the run exits 0, twice in a row", async () => {
    expect(await untilAllPass()).toEqual([]);
    // Waited for once, since what an earlier run planted may still linger; a check that wavers afterwards is no check.
    const proof = await validateLocal(ids);
    for (const id of ids) row(id).good = lineOf(proof, id).outcome;
    // First of all, and whole: a terminal's table cuts off what tells why one wavered.
    const others = ids.map((id) => lineOf(proof, id)).filter(({ outcome }) => outcome !== "pass");
    expect(others.map(({ id, outcome, because }) => `${id} is ${outcome}: ${because}`)).toEqual([]);
    expect(proof.output).toMatch(/exit 0/);
    expect(proof.exitCode).toBe(0);
  });
});

// A layer that is not brought up leaves a lane empty, which Vitest takes for a mistake.
const lanes = new Set(planted.map(({ id }) => laneOf(id)));
describe("planted defect", () => {
  describe.runIf(lanes.has("alone"))("felt by everybody", () => {
    provePlanted("alone");
  });
  // Two at a time: most of a proof is waiting. A proof that the other lane's defect disturbs is looked at again until it is undisturbed.
  describe.runIf(lanes.has("events"))("of events", { concurrent: true }, () => {
    provePlanted("events");
  });
  describe.runIf(lanes.has("platform"))("of the platform", { concurrent: true }, () => {
    provePlanted("platform");
  });
});

function provePlanted(lane: LaneName): void {
  for (const { id, title, plant } of planted.filter((one) => laneOf(one.id) === lane)) {
    test(`${title} fails for the planted reason`, { concurrent: false }, async () => {
      const folder = mkdtempSync(join(tmpdir(), "oke-proof-planted-"));
      try {
        await plant.apply(cluster);
        const proof = await untilSeen(
          id,
          (line) => line.outcome === "fail" && plant.expects.test(line.because),
          plant.layer?.(folder),
        );
        const { outcome, because } = lineOf(proof, id);
        row(id).planted.set(title, { outcome, because });
        expect(lineOf(proof, id)).toMatchObject({ outcome: "fail", because: expect.stringMatching(plant.expects) });
        expect(proof.exitCode).toBe(1);
      } finally {
        await plant.remove(cluster);
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
}

describe("blinded", () => {
  test("a harness without rights calls everything it asks the cluster for unproven", async () => {
    const proof = await validateLocal(noRights, { kubeconfig: await blindHarness(cluster) });
    for (const id of noRights) row(id).blinded = lineOf(proof, id).outcome;
    expect(noRights.map((id) => [id, lineOf(proof, id).outcome])).toEqual(noRights.map((id) => [id, "unproven"]));
    // It knew the cluster and was refused: otherwise all would be unproven for another reason.
    expect(proof.ledger.run.clusterUid).not.toBeNull();
    expect(noRights.filter((id) => !/403, the harness has no right/.test(lineOf(proof, id).because))).toEqual([]);
    expect(proof.exitCode).toBe(2);
  });

  test.each(pointedElsewhere)("%s is unproven where its probe cannot read", async (id) => {
    const { blind } = plantOf(id);
    const layer = blind.kind === "profile" ? blind.layer({ port: silent.port }) : {};
    const proof = await validateLocal([id], { layer });
    row(id).blinded = lineOf(proof, id).outcome;
    expect(lineOf(proof, id).outcome).toBe("unproven");
    expect(proof.ledger.run.clusterUid).not.toBeNull();
    expect(proof.exitCode).toBe(2);
  });

  test("an account without any right cannot even name the cluster: nothing passes, exit 2", async () => {
    const proof = await validateLocal([], { kubeconfig: await strangerKubeconfig(cluster) });
    expect(proof.ledger.criteria.filter(({ outcome }) => outcome !== "unproven")).toEqual([]);
    expect(proof.ledger).toMatchObject({ verdict: "not-proven", run: { clusterUid: null } });
    expect(proof.exitCode).toBe(2);
  });
});

describe("afterwards", () => {
  test("everything passes again", async () => {
    // The accounts that blinded the harness are rights that nobody stated.
    await restoreSight(cluster);
    expect(await untilAllPass()).toEqual([]);
  });

  test("nothing that a plant made is left", async () => {
    const kinds = [
      ["v1", "Pod"],
      ["v1", "Node"],
      ["v1", "Namespace"],
      ["v1", "ConfigMap"],
      ["v1", "PersistentVolumeClaim"],
      ["v1", "ServiceAccount"],
      ["apps/v1", "Deployment"],
      ["rbac.authorization.k8s.io/v1", "ClusterRole"],
      ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding"],
      ["apiregistration.k8s.io/v1", "APIService"],
      ["autoscaling/v2", "HorizontalPodAutoscaler"],
      ["gateway.networking.k8s.io/v1", "HTTPRoute"],
      ["networking.k8s.io/v1", "NetworkPolicy"],
      ["admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"],
      ["admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding"],
    ] as const;
    const left = await Promise.all(kinds.map(([apiVersion, kind]) => cluster.listLabelled(apiVersion, kind, runLabel)));
    expect(left.flat()).toEqual([]);
  });
});

function plantOf(id: string): Plant {
  const plant = plants.get(id);
  if (plant === undefined) throw new Error(`fixtures/planted/${id}.ts exports no plant`);
  return plant;
}

function row(id: string): Row {
  const found = table.get(id);
  if (found === undefined) throw new Error(`${id} is not proved in this run`);
  return found;
}

/**
 * Runs the checks until each has passed: what was planted and removed takes its time to leave the platform. One that has passed is not run again.
 * @returns what the others said last
 */
async function untilAllPass(): Promise<string[]> {
  let others: readonly LedgerLine[] = [];
  let left: readonly string[] = ids;
  await poll<true>(
    async (): Promise<Look<true>> => {
      const proof = await validateLocal(left);
      others = left.map((id) => lineOf(proof, id)).filter(({ outcome }) => outcome !== "pass");
      left = others.map(({ id }) => id);
      return left.length === 0 ? { state: "yes", value: true } : { state: "not yet", seen: left.join(", ") };
    },
    { what: "every check passing", timeoutMs: settleMsMax, everyMs: 2_000 },
  );
  return others.map(({ id, because }) => `${id}: ${because}`);
}

/** Runs a check until its line is as it should be: what was planted takes its time to reach the platform. The last run counts. */
async function untilSeen(
  id: string,
  holds: (line: LedgerLine) => boolean,
  layer?: Readonly<Record<string, unknown>>,
): Promise<Proof> {
  let last: Proof | undefined;
  await poll<true>(
    async (): Promise<Look<true>> => {
      last = await validateLocal([id], layer === undefined ? {} : { layer });
      const line = lineOf(last, id);
      return holds(line) ? { state: "yes", value: true } : { state: "not yet", seen: line.because };
    },
    { what: "the outcome", timeoutMs: settleMsMax, everyMs: 2_000 },
  );
  if (last === undefined) throw new Error("the check was never run");
  return last;
}
