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
import { criteriaWithCheck } from "../../criteria/catalogue.ts";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { layerCriteria } from "../../environments/local/layer-criteria.ts";
import { layerNames } from "../../environments/local/versions.ts";
import { plantingCluster, type PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { tagOf } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { okeProof } from "../prove/command.ts";
import { drillRounds } from "./drill-rounds.ts";
import { differences, tagsOf, takeInventory, type Inventory } from "./inventory.ts";
import { killAfter } from "./kill.ts";
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

/** Every criterion whose check makes something that outlives a killed process. */
const writers = [
  "health-api-upload-read",
  "etl-narrative-written",
  "data-flow-end-to-end",
  "traces-reach-jaeger",
  "todo-backend-serving",
  "todo-advanced-features",
  "todo-recurring-next-instance",
  "todo-notification-delivered",
  "todo-reminder-flow",
  "postgresql-health-data",
  "redis-health",
  "minio-data-lake",
  "dapr-state-round-trip",
  "sealed-secrets-operational",
  "network-policies-enforced",
  "tenant-isolation-api",
  "tenant-isolation-lists",
  "user-isolation-todo",
  "tenant-isolation-database",
  "tenant-isolation-cache",
  "tenant-isolation-messages",
  "tenant-isolation-objects",
  "tenant-isolation-dapr-state",
  "tenant-isolation-telemetry",
  "roles-enforced",
  "webauthn-authentication-working",
];

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
  const { kubeconfig, caFile, caKeyFile, appsImage, layerKeys } = readLocalCluster();
  const runId = `crash-${process.pid}`;
  const cluster = plantingCluster({ kubeconfig, runId, appsImage, certificateFile: caFile, keyFile: caKeyFile });
  const standing = new Set(layerNames.filter((name) => name in layerKeys).flatMap((name) => layerCriteria[name]));
  const checked = new Set(criteriaWithCheck().map(({ id }) => id));
  const ids = writers.filter((id) => checked.has(id) && standing.has(id));
  console.log(`test:crash: seed ${seed}, ${rounds} rounds over ${ids.length} criteria: ${ids.join(", ")}`);
  // What a first run makes for good (a schema, a bucket) is no trace of the killed ones; and a run that fails here leaves nothing to kill.
  const whole = await okeProof(["validate", "--env", "local", "--criterion", ...ids]);
  if (whole.exitCode !== 0)
    throw new Error(`the checks must pass before they are killed: ${whole.output.slice(-2000)}`);
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
