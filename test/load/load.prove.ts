/**
 * What rests on a load run: pass on the good platform, fail on its planted defect, unproven when blinded. A load takes minutes, so that one run is made for
 * several defects that do not touch each other's criterion; `npm run test:load` runs this alone.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { criteriaWithCheck, restsOnLoad } from "../../criteria/catalogue.ts";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { projectRoot } from "../../environments/settings.ts";
import { plantingCluster, type PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { plantsOf } from "../../fixtures/plants.ts";
import { spoil as ingressClockWrong } from "../../fixtures/spoilt/ingress-clock-wrong.ts";
import { spoil as scrapesMissed } from "../../fixtures/spoilt/scrapes-missed.ts";
import { lineOf, validateLocal } from "../prove/command.ts";
import { proofTable } from "../prove/proof-table.ts";
import { silentServer, type SilentServer } from "../prove/silent-server.ts";

const ids = criteriaWithCheck().flatMap((criterion) => (restsOnLoad(criterion) ? [criterion.id] : []));
const planted = new Map(await Promise.all(ids.map(async (id) => [id, (await plantsOf(id))[0].plant] as const)));
type Together = {
  /** Criteria whose defects are planted for one run. */
  readonly defects: readonly string[];
  /** What else may rightly fail then: requests that a defect loses are lost for whoever counts lost requests. */
  readonly felt: readonly string[];
};

/** Switches of one namespace cannot be planted together, and a slow service's p99 is its own. */
const together: readonly Together[] = [
  {
    defects: ["api-latency-p95", "concurrent-users-served", "memory-utilization-band"],
    felt: ["autoscaling-out-and-back"],
  },
  {
    // Whoever is killed for memory loses requests.
    defects: ["api-latency-p99", "workloads-within-requests", "autoscaling-out-and-back"],
    felt: ["concurrent-users-served"],
  },
  { defects: ["cpu-utilization-band"], felt: [] },
];
const spoils = [ingressClockWrong, scrapesMissed];
const table = new Map(
  ids.map((id) => [id, { good: "-", blinded: "-", planted: new Map<string, { outcome: string; because: string }>() }]),
);

let cluster: PlantingCluster;
let silent: SilentServer;

beforeAll(async () => {
  const { kubeconfig, caFile, caKeyFile, appsImage } = readLocalCluster();
  const runId = `prove-${process.pid}`;
  cluster = plantingCluster({ kubeconfig, runId, appsImage, certificateFile: caFile, keyFile: caKeyFile });
  await removeAll();
  silent = await silentServer();
}, 120_000);

afterAll(async () => {
  await removeAll();
  silent.close();
  const rows = [...table].map(([id, seen]) => ({ id, ...seen }));
  mkdirSync(join(projectRoot, "reports"), { recursive: true });
  writeFileSync(join(projectRoot, "reports", "proof-table-load.md"), proofTable(rows, new Date(), ["observability"]));
}, 120_000);

test("every criterion that rests on the load has its turn", () => {
  expect(together.flatMap(({ defects }) => defects).toSorted()).toEqual(ids.toSorted());
});

test("on the good platform one run of load passes them all", async () => {
  const proof = await validateLocal(ids);
  for (const id of ids) rowOf(id).good = lineOf(proof, id).outcome;
  const others = ids.map((id) => lineOf(proof, id)).filter(({ outcome }) => outcome !== "pass");
  expect(others.map(({ id, because }) => `${id}: ${because}`)).toEqual([]);
  expect(proof.exitCode).toBe(0);
});

test.each(together)("$defects fail for the planted reasons", async ({ defects, felt }) => {
  try {
    for (const id of defects) await plantOf(id).apply(cluster);
    const layer = defects.map((id) => plantOf(id).layer?.("")).find((one) => one !== undefined);
    const proof = await validateLocal(ids, layer === undefined ? {} : { layer });
    for (const id of defects) {
      const { outcome, because } = lineOf(proof, id);
      rowOf(id).planted.set(id, { outcome, because });
    }
    for (const id of defects)
      expect(lineOf(proof, id)).toMatchObject({
        id,
        outcome: "fail",
        because: expect.stringMatching(plantOf(id).expects),
      });
    // No other criterion is said to be broken: what is slow for everybody is no slow tail, and the other way round.
    const others = ids.filter((id) => !defects.includes(id) && !felt.includes(id)).map((id) => lineOf(proof, id));
    expect(others.filter(({ outcome }) => outcome === "fail")).toEqual([]);
    expect(proof.exitCode).toBe(1);
  } finally {
    await removeAll();
  }
});

test("blinded, all of them are unproven", async () => {
  const { blind } = plantOf("api-latency-p95");
  const layer = blind.kind === "profile" ? blind.layer({ port: silent.port }) : {};
  const proof = await validateLocal(ids, { layer });
  for (const id of ids) rowOf(id).blinded = lineOf(proof, id).outcome;
  expect(ids.map((id) => [id, lineOf(proof, id).outcome])).toEqual(ids.map((id) => [id, "unproven"]));
  expect(proof.exitCode).toBe(2);
});

/** A short load, whose numbers are worth nothing. */
const short = { rampSeconds: 10, plateauSeconds: 15, recoverySeconds: 0 };

test.each([
  ["a starved generator", { ...short, generatorIdlePercentMin: 99 }, /idle/],
  ["too few samples", short, /answers|samples|at least \d+ are needed/],
  ["a generator beside its subject, unasked", { ...short, sharedMachine: null }, /shares its machine with/],
])("%s: nothing is proven", async (_, load, because) => {
  const proof = await validateLocal(["api-latency-p99"], { layer: { load } });
  expect(lineOf(proof, "api-latency-p99")).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(because),
  });
  expect(proof.exitCode).toBe(2);
});

test.each(spoils)("$name: what was measured proves nothing", async ({ of, expects, load, apply }) => {
  try {
    await apply(cluster);
    const proof = await validateLocal([of], { layer: { load } });
    expect(lineOf(proof, of)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(expects) });
    expect(proof.exitCode).toBe(2);
  } finally {
    await removeAll();
  }
});

async function removeAll(): Promise<void> {
  for (const { remove } of [...planted.values(), ...spoils]) await remove(cluster);
}

function plantOf(id: string) {
  const plant = planted.get(id);
  if (plant === undefined) throw new Error(`${id} has no plant`);
  return plant;
}

function rowOf(id: string) {
  const found = table.get(id);
  if (found === undefined) throw new Error(`${id} does not rest on a load`);
  return found;
}
