/**
 * `npm run test:crash`: at 20 random moments of a run of the criteria that write, the command is killed with SIGKILL, and `oke-proof undo`
 * must leave the cluster and its applications as they were, every time, and find nothing the second time.
 * Options: --rounds N, --seed N (to repeat), --shared (others work on the cluster: what carries their runs' marks is theirs).
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { criteriaWithCheck } from "../../criteria/catalogue.ts";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { layerCriteria } from "../../environments/local/layer-criteria.ts";
import { layerNames } from "../../environments/local/versions.ts";
import { projectRoot } from "../../environments/settings.ts";
import { plantingCluster, type PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { tagOf } from "../../harness/mark.ts";
import { poll, systemClock } from "../../harness/poll.ts";
import { okeProof } from "../prove/command.ts";
import { processesOf } from "../prove/processes.ts";
import { differences, tagsOf, takeInventory, type Inventory } from "./inventory.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    shared: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
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

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function numbersOf(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Killed = { readonly runId: string | undefined; readonly verdicts: number };

/** Starts a run, kills its whole process group so many milliseconds after its checks were started, and says what was known of it. */
async function killAfter(ms: number, ids: readonly string[]): Promise<Killed> {
  const out = join(mkdtempSync(join(tmpdir(), "oke-proof-crash-")), "run");
  const args = ["validate", "--env", "local", "--out", out, "--criterion", ...ids];
  const child = spawn(join(projectRoot, "bin", "oke-proof"), args, {
    cwd: projectRoot,
    detached: true,
    stdio: "ignore",
  });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const started = await poll<true>(
    async () =>
      existsSync(join(out, "run.json")) ? { state: "yes", value: true } : { state: "not yet", seen: "no plan" },
    { what: "the run's checks", timeoutMs: startMsMax, everyMs: 20 },
  );
  if (!started.ok) throw new Error(started.why);
  await systemClock.sleep(ms);
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  await ended;
  const gone = await poll<true>(
    async () =>
      processesOf(out).length === 0 ? { state: "yes", value: true } : { state: "not yet", seen: "checks are running" },
    { what: "no process of the killed run", timeoutMs: 10_000, everyMs: 50 },
  );
  if (!gone.ok) throw new Error(gone.why);
  const verdicts = join(out, "verdicts.jsonl");
  return {
    runId: existsSync(join(out, "run.json")) ? runIdIn(readFileSync(join(out, "run.json"), "utf8")) : undefined,
    verdicts: existsSync(verdicts) ? readFileSync(verdicts, "utf8").trim().split("\n").length : 0,
  };
}

function runIdIn(plan: string): string | undefined {
  const parsed: unknown = JSON.parse(plan);
  return typeof parsed === "object" && parsed !== null && "id" in parsed ? String(parsed.id) : undefined;
}

/** Undoes, and undoes again. @returns how many things were removed, and what was wrong */
async function undoTwice(): Promise<{ readonly removed: number; readonly faults: readonly string[] }> {
  const first = await okeProof(["undo", "--env", "local"]);
  const second = await okeProof(["undo", "--env", "local"]);
  const removed = Number(/^undo: (\d+) removed/m.exec(first.output)?.[1] ?? Number.NaN);
  const faults = [
    ...(first.exitCode === 0 ? [] : [`undo ended with ${first.exitCode}: ${first.output}`]),
    ...(second.exitCode === 0 && (values.shared || /^undo: 0 removed/m.test(second.output))
      ? []
      : [`the second undo ended with ${second.exitCode}: ${second.output}`]),
  ];
  return { removed, faults };
}

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
  await undoTwice();
  const before = await takeInventory(cluster);
  const random = numbersOf(seed);
  let failed = 0;
  let bitten = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const started = performance.now();
    const ms = Math.round(random() * runMsMax);
    const killed = await killAfter(ms, ids);
    const { removed, faults } = await undoTwice();
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

process.exitCode = await main();
