/**
 * `npm run test:crash`: at 20 random moments of a run of the criteria that write, the command is killed with SIGKILL, and `oke-proof undo`
 * must leave the cluster and its applications as they were, every time, and find nothing the second time.
 * Options: --rounds N, --seed N (to repeat), --shared (others work on the cluster: what carries their runs' marks is theirs).
 * With --drills the same at 50 moments of drills (drill-rounds.ts); --drill NAME, several times, picks among these alone.
 */
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { plantingCluster, type PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { tagOf } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { drillRounds } from "./drill-rounds.ts";
import { differences, tagsOf, takeInventory, type Inventory } from "./inventory.ts";
import { killAfter } from "./kill.ts";
import { makeOnce, writersStanding } from "./writers.ts";
import { numbersOf } from "./numbers.ts";
import { undoTwice } from "./undo-twice.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    shared: { type: "boolean", default: false },
    drills: { type: "boolean", default: false },
    drill: { type: "string", multiple: true, default: [] },
  },
});
const rounds = Number(values.rounds ?? (values.drills ? 50 : 20));
const seed = Number(values.seed);
/** The kill comes within this time of the run's plan being written, which is when the checks are started. */
const runMsMax = 25_000;
const startMsMax = 60_000;
const settleMs = 20_000;

/** Looks until the inventory is as it was, since events that are under way settle within seconds; what differs in the end is the fault. */
async function differencesFrom(
  cluster: PlantingCluster,
  before: Inventory,
  runId: string | undefined,
): Promise<string[]> {
  const own = runId === undefined ? "" : tagOf(runId);
  const foreign = (line: string): boolean =>
    values.shared && !tagsOf(line).includes(own) && !line.includes(runId ?? "\n");
  let last: string[] = [];
  await poll<true>(
    async () => {
      last = differences(before, await takeInventory(cluster), foreign);
      return last.length === 0 ? { state: "yes", value: true } : { state: "not yet", seen: last.join("; ") };
    },
    { what: "the inventory as it was", timeoutMs: settleMs, everyMs: 1_000 },
  );
  return last;
}

async function main(): Promise<number> {
  const { kubeconfig, caFile, caKeyFile, appsImage } = readLocalCluster();
  const runId = `crash-${process.pid}`;
  const cluster = plantingCluster({ kubeconfig, runId, appsImage, certificateFile: caFile, keyFile: caKeyFile });
  const ids = writersStanding();
  console.log(`test:crash: seed ${seed}, ${rounds} rounds over ${ids.length} criteria: ${ids.join(", ")}`);
  await makeOnce(ids);
  await undoTwice({ shared: values.shared });
  const before = await takeInventory(cluster);
  const random = numbersOf(seed);
  let failed = 0;
  let bitten = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const started = performance.now();
    const ms = Math.round(random() * runMsMax);
    const out = join(mkdtempSync(join(tmpdir(), "oke-proof-crash-")), "run");
    const killed = await killAfter(["validate", "--env", "local", "--criterion", ...ids], out, {
      hasBegun: () => existsSync(join(out, "run.json")),
      beginMsMax: startMsMax,
      ms,
    });
    const { removed, faults } = await undoTwice({ shared: values.shared });
    const left = await differencesFrom(cluster, before, killed.runId);
    if (removed > 0) bitten += 1;
    const wrong = [...faults, ...left];
    if (wrong.length > 0) failed += 1;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const result = wrong.length === 0 ? "as before" : `FAILED: ${wrong.join("; ")}`;
    console.log(
      `round ${round}: killed ${ms} ms after its start with ${killed.verdicts} verdicts, ${removed} undone, ${result} (${seconds} s)`,
    );
  }
  console.log(
    `test:crash: ${rounds - failed} of ${rounds} rounds left everything as it was; ${bitten} had something to undo`,
  );
  // Kills that leave nothing to undo prove nothing of the undoing.
  return failed === 0 && bitten * 4 >= rounds ? 0 : 1;
}

process.exitCode = await (values.drills ? drillRounds({ rounds, seed, only: values.drill }) : main());
