/**
 * `npm run test:crash -- --drills`: at 50 random moments of drills the command is killed with SIGKILL; `oke-proof undo`, and every fifth time the dead man's
 * Job alone, must leave every object as it was.
 */
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { local } from "../../environments/local.ts";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { findEngine } from "../../environments/local/engine.ts";
import { nodeNames } from "../../environments/local/versions.ts";
import { projectRoot } from "../../environments/settings.ts";
import { deadManName } from "../../fixtures/undo/dead-man/job.ts";
import { plantingCluster } from "../../fixtures/planting-cluster.ts";
import { poll } from "../../harness/poll.ts";
import { untilPass } from "../../harness/until-pass.ts";
import { connect, type Cluster } from "../../probes/kubernetes/cluster.ts";
import { lookAtWorkloads, namespacesLookedAt } from "../../suites/dr/steady-workloads.ts";
import { killAfter, type Killed } from "./kill.ts";
import { roundsOf, type Round } from "./moments.ts";
import { differencesFromBaseline, takeBaseline } from "./platform-inventory.ts";
import { undoTwice } from "./undo-twice.ts";
import { makeOnce, writersStanding } from "./writers.ts";

/** Those that are over, or undone, in less than a minute. Each way to undo is among them but a node's container, which the dead man cannot start. */
const brief: readonly string[] = [
  "pod-kill-one",
  "pod-kill-minority",
  "pod-kill-all",
  "scale-in",
  "scale-out",
  "scale-to-zero",
  "bad-rollout",
  "network-cut",
  "http-delay",
  "http-abort",
  "certificate-expiry",
  "lost-leader",
  "cpu-pressure",
  "disk-full",
];
const beginMsMax = 180_000;
const answersMs = 180_000;
const deadManMs = 240_000;
const settleMs = 180_000;
const requestMs = 15_000;
const namespace = "oke-proof";

type Standing = {
  readonly admin: Cluster;
  /** Folder of this cluster's undo records on this machine. */
  readonly journal: string;
  readonly differing: (ignored?: (line: string) => boolean) => Promise<readonly string[]>;
};

/** @param options.only picks among these drills alone. @returns the exit code */
export async function drillRounds(options: {
  readonly rounds: number;
  readonly seed: number;
  readonly only: readonly string[];
}): Promise<number> {
  const { rounds, seed, only } = options;
  const drills = only.length === 0 ? brief : only;
  console.log(`test:crash: seed ${seed}, ${rounds} rounds over ${drills.length} drills: ${drills.join(", ")}`);
  const standing = await standingCluster();
  const startedMs = performance.now();
  let failed = 0;
  let bitten = 0;
  for (const [index, round] of roundsOf(seed, rounds, drills).entries()) {
    const roundMs = performance.now();
    const { wrong, told, bit } = await oneRound(standing, round);
    if (wrong.length > 0) failed += 1;
    if (bit) bitten += 1;
    const result = wrong.length === 0 ? "as before" : `FAILED: ${wrong.join("; ")}`;
    console.log(`round ${index + 1}: ${told}, ${result} (${((performance.now() - roundMs) / 1000).toFixed(1)} s)`);
  }
  const meanSeconds = ((performance.now() - startedMs) / 1000 / rounds).toFixed(1);
  console.log(
    `test:crash: seed ${seed}: ${rounds - failed} of ${rounds} rounds left everything as it was; ${bitten} were killed with an undo record written; ${meanSeconds} s a round`,
  );
  // Kills that leave nothing to undo prove nothing of the undoing.
  return failed === 0 && bitten * 3 >= rounds ? 0 : 1;
}

async function standingCluster(): Promise<Standing> {
  const { kubeconfig, caFile, caKeyFile, appsImage, clusterUid } = readLocalCluster();
  const runId = `crash-${process.pid}`;
  const cluster = plantingCluster({ kubeconfig, runId, appsImage, certificateFile: caFile, keyFile: caKeyFile });
  const timeouts = { requestMs, checkMs: 60_000 };
  const admin = connect({ cluster: { kubeconfig }, timeouts }, new AbortController().signal);
  await makeOnce(writersStanding());
  const { faults } = await undoTwice({ shared: false });
  if (faults.length > 0) throw new Error(`before anything was done: ${faults.join("; ")}`);
  const baseline = await takeBaseline(admin, cluster);
  for (const title of baseline.moving) console.log(`moves by itself, and is not compared: ${title}`);
  return {
    admin,
    journal: join(projectRoot, ".oke-proof", "journal", clusterUid),
    // What the dead man leaves of its own, and users' things, are `undo`'s to take away.
    differing: async (ignored) =>
      differencesFromBaseline({
        admin,
        cluster,
        baseline,
        settleMs,
        ...(ignored === undefined ? { applications: true } : { applications: false, ignored }),
      }),
  };
}

type Seen = { readonly wrong: readonly string[]; readonly told: string; readonly bit: boolean };

async function oneRound(standing: Standing, round: Round): Promise<Seen> {
  const { journal, admin } = standing;
  await untilSteady(admin);
  const out = join(mkdtempSync(join(tmpdir(), "oke-proof-crash-")), "run");
  const killed = await killAfter(["drill", round.drill, "--env", "local", "--single-replica"], out, {
    hasBegun: () => round.from === "start" || recordsIn(journal).length > 0,
    beginMsMax,
    ms: round.ms,
    ...(round.restartsApiServer ? { meanwhile: killApiServer } : {}),
  });
  const records = recordsIn(journal);
  const told = toldOf(round, killed, records.length);
  const refused = refusalOf(killed);
  if (round.restartsApiServer) await untilAnswers(admin);
  const byDeadMan = round.alone && killed.endedWith === undefined ? await awaitDeadMan(standing, killed) : [];
  const { removed, faults } = await undoTwice({ shared: false });
  const left = await standing.differing();
  const onDisk = recordsIn(journal).map((name) => `an undo record stays on disk: ${name}`);
  return {
    wrong: [...refused, ...byDeadMan, ...faults, ...left, ...onDisk],
    told: `${told}, ${removed} undone`,
    bit: records.length > 0 && killed.endedWith === undefined,
  };
}

function toldOf({ drill, from, ms, alone, restartsApiServer }: Round, killed: Killed, records: number): string {
  const how =
    killed.endedWith === undefined ? "killed" : `ended by itself with ${killed.endedWith} before it was killed`;
  const where = from === "start" ? "its start" : "its undo record";
  const who = alone ? ", the dead man alone" : "";
  const api = restartsApiServer ? ", the API server restarting" : "";
  return `${drill} ${how} ${ms} ms after ${where} with ${records} records${api}${who}`;
}

/** A drill that was brought to its end is none that was killed; one that was never begun would make the round easy. */
function refusalOf({ endedWith, output }: Killed): readonly string[] {
  if (endedWith === undefined || endedWith === 0 || endedWith === 1) return [];
  return [`the drill ended with ${endedWith}: ${output.trim().slice(-500)}`];
}

function recordsIn(journal: string): readonly string[] {
  try {
    return readdirSync(journal).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

const job = z.object({
  status: z.object({ succeeded: z.int().default(0), failed: z.int().default(0) }).default({ succeeded: 0, failed: 0 }),
});

/** Waits for the end of its Job, then for every object as it was. @returns what is not, a line each */
async function awaitDeadMan({ admin, differing }: Standing, { runId }: Killed): Promise<readonly string[]> {
  if (runId === undefined) return ["the killed drill had no plan, so that nobody knows its dead man"];
  const name = deadManName(runId);
  const ended = await poll<true>(
    async () => {
      const found = await admin.getJson(`/apis/batch/v1/namespaces/${namespace}/jobs/${name}`, job);
      if (!found.ok) return { state: "not yet", seen: found.why };
      const { succeeded, failed } = found.value.status;
      return succeeded > 0 ? { state: "yes", value: true } : { state: "not yet", seen: `${failed} of its pods failed` };
    },
    { what: `the end of Job ${name}`, timeoutMs: deadManMs, everyMs: 1_000 },
  );
  const own = [name, "oke-proof-drill ", "oke-proof-run-"].map((each) => `${namespace}/${each}`);
  const left = await differing((line) => own.some((each) => line.includes(each)));
  return [...(ended.ok ? [] : [ended.why]), ...left.map((line) => `by the dead man alone: ${line}`)];
}

/** Kills its process: the kubelet makes the container anew. @throws Error where nothing was killed */
async function killApiServer(): Promise<void> {
  const engine = await findEngine(readLocalCluster().engine);
  if (engine === undefined) throw new Error("the engine does not answer: run 'bin/oke-proof doctor'");
  const script = `found=1; for p in /proc/[0-9]*; do if [ "$(cat $p/comm 2>/dev/null)" = kube-apiserver ]; then kill -9 "\${p#/proc/}"; found=0; fi; done; exit $found`;
  await engine.call(["exec", nodeNames[0], "sh", "-c", script], { timeoutMs: 30_000 });
}

/** No drill begins while an autoscaler still adds what the last one's users asked for. @throws Error where that does not end */
async function untilSteady(admin: Cluster): Promise<void> {
  const steady = await untilPass(async () => lookAtWorkloads(admin, namespacesLookedAt([], local)), {
    what: "every workload ready before a round",
    timeoutMs: settleMs,
    everyMs: 1_000,
  });
  if (!steady.ok) throw new Error(steady.why);
}

/** @throws Error where the API server does not come back */
async function untilAnswers(admin: Cluster): Promise<void> {
  const back = await poll<true>(
    async () => {
      const found = await admin.getText("/readyz", [200]);
      return found.ok ? { state: "yes", value: true } : { state: "not yet", seen: found.why };
    },
    { what: "the API server answering again", timeoutMs: answersMs, everyMs: 1_000 },
  );
  if (!back.ok) throw new Error(back.why);
}
