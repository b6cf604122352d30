/**
 * Exactly the right criterion fails: each planted defect of security among all criteria of security, one at a time; `npm run test:exact`.
 * `npm test` looks at a defect's own criterion alone, since this takes an hour. Some of them: `npm run test:exact -- -t tenant-isolation`.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { criteriaWithCheck } from "../../criteria/catalogue.ts";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { layerCriteria } from "../../environments/local/layer-criteria.ts";
import { layerNames } from "../../environments/local/versions.ts";
import { projectRoot } from "../../environments/settings.ts";
import { plantingCluster, type PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { plantsOf } from "../../fixtures/plants.ts";
import { scopeOf } from "../../harness/criterion.ts";
import { poll, type Look } from "../../harness/poll.ts";
import { lineOf, validateLocal, type Proof } from "../prove/command.ts";
import { exactTable, type ExactRow } from "./exact-table.ts";
import { felt } from "./felt.ts";

const standing = new Set(
  layerNames.filter((name) => name in readLocalCluster().layerKeys).flatMap((name) => layerCriteria[name]),
);
const ids = criteriaWithCheck().flatMap((criterion) =>
  criterion.suite === "security" && scopeOf(criterion, "local").in && standing.has(criterion.id) ? [criterion.id] : [],
);
const planted = (await Promise.all(ids.map(async (id) => plantsOf(id)))).flat();
/** It fills a minute with connections between namespaces of its own, which no defect but that of the pod network reaches. */
const slow = "network-policies-enforced";
/** How long the platform may take to show what was planted, and to forget the one before. */
const settleMsMax = 420_000;

const rows: ExactRow[] = [];
const rowsSchema = z.array(
  z.object({ title: z.string(), failed: z.array(z.string()), unproven: z.array(z.string()), passed: z.int() }),
);
let cluster: PlantingCluster;

beforeAll(async () => {
  const { kubeconfig, caFile, caKeyFile, appsImage } = readLocalCluster();
  const runId = `prove-${process.pid}`;
  cluster = plantingCluster({ kubeconfig, runId, appsImage, certificateFile: caFile, keyFile: caKeyFile });
  for (const { plant } of planted) await plant.remove(cluster);
}, 300_000);

afterAll(() => {
  const reports = join(projectRoot, "reports");
  mkdirSync(reports, { recursive: true });
  // Some at a time make one table: what was seen of a defect stands until it is seen again.
  const file = join(reports, "exact-rows.json");
  const seen = existsSync(file) ? rowsSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : [];
  const all = planted.flatMap(({ title }) => [...rows, ...seen].find((row) => row.title === title) ?? []);
  writeFileSync(file, JSON.stringify(all, null, 2));
  writeFileSync(join(reports, "exact-table.md"), exactTable(all, felt, new Date()));
});

test("whoever may fail beside a defect's own criterion is named for a defect that there is", () => {
  expect(Object.keys(felt).filter((title) => planted.every((one) => one.title !== title))).toEqual([]);
});

test.each(planted.map((one) => [one.title, one] as const))(
  "under %s nothing else fails",
  async (title, { id, plant }) => {
    const folder = mkdtempSync(join(tmpdir(), "oke-proof-exact-"));
    const among = ids.filter((one) => one !== slow || one === id);
    const rightly = [id, ...Object.keys(felt[title] ?? {})];
    let last: Proof | undefined;
    let before = "";
    try {
      await plant.apply(cluster);
      await poll<true>(
        async (): Promise<Look<true>> => {
          const layer = plant.layer?.(folder);
          last = await validateLocal(among, layer === undefined ? {} : { layer });
          const own = lineOf(last, id);
          const wrongly = failedOf(last, among)
            .filter((one) => !rightly.includes(one))
            .join(", ");
          if (own.outcome !== "fail" || !plant.expects.test(own.because))
            return { state: "not yet", seen: own.because };
          // What the last defect left behind, or a roll-out, passes; what is seen twice alike is there.
          const isSure = wrongly === "" || wrongly === before;
          before = wrongly;
          return isSure ? { state: "yes", value: true } : { state: "not yet", seen: `${wrongly} fail too` };
        },
        { what: "exactly the right fail", timeoutMs: settleMsMax, everyMs: 2_000 },
      );
      if (last === undefined) throw new Error("the checks were never run");
      const proof = last;
      const failed = failedOf(proof, among);
      const unproven = among.filter((one) => lineOf(proof, one).outcome === "unproven");
      rows.push({ title, failed, unproven, passed: among.length - failed.length - unproven.length });
      expect(lineOf(proof, id)).toMatchObject({ outcome: "fail", because: expect.stringMatching(plant.expects) });
      const others = failed.filter((one) => !rightly.includes(one));
      expect(others.map((one) => `${one}: ${lineOf(proof, one).because}`)).toEqual([]);
      expect(proof.exitCode).toBe(1);
    } finally {
      await plant.remove(cluster);
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

function failedOf(proof: Proof, among: readonly string[]): string[] {
  return among.filter((id) => lineOf(proof, id).outcome === "fail");
}
