/** A load stops within two seconds of whatever ends it, by its generator and by what the gateway counts, and nothing of it is left. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { loadProfile } from "../../environments/load.ts";
import type { Profile } from "../../environments/profile.ts";
import { readSettings } from "../../environments/settings.ts";
import { spentBudget } from "../../fixtures/load/abort-budget.ts";
import { plantingCluster, type PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { spoil as answersBroken } from "../../fixtures/spoilt/answers-broken.ts";
import { poll } from "../../harness/poll.ts";
import { connect, type Cluster } from "../../probes/kubernetes/cluster.ts";
import type { Sample } from "../../probes/load/load-run.ts";
import { readSamples } from "../../probes/load/samples.ts";
import { loadBudget } from "../../suites/performance/make-load.ts";
import { lineOf, okeProof, proofOf, startValidateLocal, type Started } from "../prove/command.ts";
import { generatorOf, processesOf } from "../prove/processes.ts";
import { generatorAt } from "./generator.ts";
import { countedAround } from "./ingress-count.ts";

const stoppedWithinMs = 2_000;
/** Some 600 requests, the last of them at the plateau's 34 a second. */
const fullLoadBytes = 1_000_000;
const requestsMin = 300;
/** Of the platform's own traffic, in half a minute; the load would make a thousand. */
const strangersMax = 60;
const long = { rampSeconds: 10, plateauSeconds: 120, recoverySeconds: 0 };

let profile: Profile;
let cluster: Cluster;
let admin: PlantingCluster;

beforeAll(async () => {
  profile = loadProfile("local", readSettings());
  cluster = connect(profile, AbortSignal.timeout(1_800_000));
  const { kubeconfig, caFile, caKeyFile, appsImage } = readLocalCluster();
  const runId = `prove-${process.pid}`;
  admin = plantingCluster({ kubeconfig, runId, appsImage, certificateFile: caFile, keyFile: caKeyFile });
  await answersBroken.remove(admin);
});

afterAll(async () => answersBroken.remove(admin));

type Run = Started & { readonly directory: string };

/** When its generator was gone, by this machine's clock. */
async function gone({ directory }: Run): Promise<number> {
  const found = await poll(
    async () =>
      generatorOf(directory) === undefined
        ? { state: "yes", value: Date.now() }
        : { state: "not yet", seen: "it is still there" },
    { what: "the generator's end", timeoutMs: 120_000, everyMs: 25 },
  );
  if (!found.ok) throw new Error(found.why);
  return found.value;
}

/** In the order in which they were answered. A generator that was killed may leave half a line. */
async function answered(folder: string): Promise<readonly Sample[]> {
  const found = await readSamples(join(folder, "load-samples.csv"), { killed: true });
  if (!found.ok) throw new Error(found.why);
  return found.value.samples;
}

/** No process on this machine, and nothing in the cluster that a second look would find. */
async function nothingLeft({ directory }: Run): Promise<void> {
  const over = await poll(
    async () => {
      const found = processesOf(directory);
      return found.length === 0
        ? { state: "yes", value: true }
        : { state: "not yet", seen: `${found.length} processes` };
    },
    { what: "no process of the run", timeoutMs: 30_000, everyMs: 250 },
  );
  expect(over).toMatchObject({ ok: true });
  expect(generatorOf(directory)).toBeUndefined();
  const first = await okeProof(["undo", "--env", "local"]);
  expect(first, first.output).toMatchObject({ exitCode: 0 });
  expect(first.output).not.toMatch(/alive, and left alone/);
  const second = await okeProof(["undo", "--env", "local"]);
  expect(second).toMatchObject({ exitCode: 0, output: expect.stringMatching(/undo: 0 removed, nothing is left/) });
}

test.each([
  ["Ctrl-C", "SIGINT", 130],
  ["the loss of the command line", "SIGKILL", null],
] as const)("%s stops a load within two seconds, and nothing of it is left", async (_, signal, exitCode) => {
  const beganMs = Date.now();
  const run = startValidateLocal(["api-latency-p99"], { layer: { load: long } });
  const { folder } = await generatorAt(run, fullLoadBytes);
  const toldMs = Date.now();
  run.child.kill(signal);
  expect((await gone(run)) - toldMs).toBeLessThanOrEqual(stoppedWithinMs);
  const samples = await answered(folder);
  expect(samples.length).toBeGreaterThanOrEqual(requestsMin);
  expect(samples.at(-1)?.atMs).toBeLessThanOrEqual(toldMs + stoppedWithinMs);
  expect((await run.ended).exitCode).toBe(exitCode);
  // Whoever was interrupted undoes what it made, through the gateway: it is counted from its end on.
  const endedMs = Math.max(toldMs + stoppedWithinMs, Date.now());
  const counted = await countedAround({ cluster, watchers: profile.observability }, { beganMs, endedMs });
  expect(counted.during).toBeGreaterThanOrEqual(samples.length);
  expect(counted.afterwards).toBeLessThanOrEqual(strangersMax);
  await nothingLeft(run);
});

/** The gateway takes a moment to forget a route. */
async function answersAgain(): Promise<void> {
  const seen = await poll(
    async () => {
      const { exitCode, output } = await okeProof(["undo", "--env", "local"]);
      return exitCode === 0 ? { state: "yes", value: true } : { state: "not yet", seen: output.slice(-200) };
    },
    { what: "right answers", timeoutMs: 60_000, everyMs: 2_000 },
  );
  expect(seen).toMatchObject({ ok: true });
}

/** When the budget was spent, by the answers themselves. */
function spentAtMs(samples: readonly Sample[]): number {
  const spent = samples.find(
    ({ atMs }, index) => spentBudget(samples.slice(0, index + 1), atMs, loadBudget) !== undefined,
  );
  if (spent === undefined) throw new Error(`the budget was not spent in ${samples.length} requests`);
  return spent.atMs;
}

test("a load that is answered with errors stops within two seconds of its budget, and nothing of it is left", async () => {
  const { of, expects, load, apply, remove } = answersBroken;
  try {
    await apply(admin);
    const beganMs = Date.now();
    const run = startValidateLocal([of], { layer: { load } });
    const { folder } = await generatorAt(run, 1);
    const goneMs = await gone(run);
    const samples = await answered(folder);
    const spentMs = spentAtMs(samples);
    expect(goneMs - spentMs).toBeLessThanOrEqual(stoppedWithinMs);
    expect(samples.at(-1)?.atMs).toBeLessThanOrEqual(spentMs + stoppedWithinMs);
    const proof = await proofOf(run);
    expect(lineOf(proof, of)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(expects) });
    expect(proof.exitCode).toBe(2);
    const endedMs = spentMs + stoppedWithinMs;
    const counted = await countedAround({ cluster, watchers: profile.observability }, { beganMs, endedMs });
    expect(counted.during).toBeGreaterThanOrEqual(samples.length);
    expect(counted.afterwards).toBeLessThanOrEqual(strangersMax);
    // As long as the answers are broken nobody can look at what users have, and undo says so.
    await remove(admin);
    await answersAgain();
    await nothingLeft(run);
  } finally {
    await remove(admin);
  }
});
