/** A load by two generators inside the cluster: what is merged is the union of what they wrote, a lost one is named, and nothing is left. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { loadProfile } from "../../environments/load.ts";
import type { Profile } from "../../environments/profile.ts";
import { projectRoot, readSettings } from "../../environments/settings.ts";
import { runInCluster, type ClusterLoad } from "../../fixtures/load/run-in-cluster.ts";
import { plantingCluster, type PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { journalsOf } from "../../fixtures/undo/journals.ts";
import { poll } from "../../harness/poll.ts";
import type { Reading } from "../../harness/verdict.ts";
import { connect, type Cluster } from "../../probes/kubernetes/cluster.ts";
import { readClusterIdentity } from "../../probes/kubernetes/identity.ts";
import { openPeople } from "../../probes/tenants/people.ts";
import { rank } from "../../suites/performance/percentile.judge.ts";
import { okeProof } from "../prove/command.ts";

const signal = AbortSignal.timeout(900_000);
const runners = { count: 2, port: 443 };
/** Half a minute of two dozen users, seven requests a second between them. */
const short = { usersFirst: 6, usersPlateau: 24, thinkSeconds: 3.5, rampSeconds: 5, plateauSeconds: 25, runners };
const selector = "app.kubernetes.io/name=load-runner";

let profile: Profile;
let cluster: Cluster;
let admin: PlantingCluster;
let clusterUid = "";
let runs = 0;

beforeAll(async () => {
  const named = loadProfile("local", readSettings());
  profile = { ...named, load: { ...named.load, ...short } };
  cluster = connect(profile, signal);
  const identity = await readClusterIdentity(cluster);
  if (!identity.ok) throw new Error(identity.why);
  clusterUid = identity.value.uid;
  const { kubeconfig, caFile, caKeyFile, appsImage } = readLocalCluster();
  const runId = `prove-${process.pid}`;
  admin = plantingCluster({ kubeconfig, runId, appsImage, certificateFile: caFile, keyFile: caKeyFile });
});

/** No Job, no pod, no undo record. */
async function nothingLeft(): Promise<void> {
  expect(await admin.listLabelled("batch/v1", "Job", selector)).toEqual([]);
  expect(await admin.listLabelled("v1", "Pod", selector)).toEqual([]);
  for (const journal of journalsOf(profile, clusterUid, signal)) {
    const records = await journal.list();
    expect(records.ok && records.value.filter(({ fault }) => fault === "load-runners")).toEqual([]);
  }
}

async function made(
  ending: AbortSignal = signal,
): Promise<{ readonly load: Reading<ClusterLoad>; readonly directory: string }> {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-parallel-"));
  const people = await openPeople(profile, signal);
  if (!people.ok) throw new Error(people.why);
  const users = people.value.map(({ name, tenant, session }) => ({ user: name, tenant, token: session.token }));
  runs += 1;
  const load = await runInCluster({
    plan: profile.load,
    profile,
    users,
    run: { id: `parallel-${process.pid}-${runs}`, clusterUid },
    script: { folder: join(projectRoot, "suites", "performance", "k6"), entry: "load.ts" },
    runners,
    directory,
    budget: { errorPercentMax: 50, windowSeconds: 10, requestsMin: 50 },
    signal: ending,
  });
  return { load, directory };
}

/** Durations and times of all requests that a runner wrote, read by none of our readers: none of its fields needs quotes before the third. */
function writtenBy(
  directory: string,
  runner: number,
): readonly { readonly atMs: number; readonly durationMs: number }[] {
  return readFileSync(join(directory, `load-${runner}-samples.csv`), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("answer_duration,"))
    .map((line) => line.split(","))
    .map(([, atMs, durationMs]) => ({ atMs: Number(atMs), durationMs: Number(durationMs) }));
}

const podSchema = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  status: z.object({
    containerStatuses: z
      .array(
        z.object({
          name: z.string(),
          state: z.object({ terminated: z.object({ finishedAt: z.string() }).optional() }),
        }),
      )
      .default([]),
  }),
});
type Seen = z.output<typeof podSchema>;

async function pods(): Promise<readonly Seen[]> {
  const query = new URLSearchParams({ labelSelector: selector });
  const found = await cluster.list(`/api/v1/namespaces/${profile.prober.namespace}/pods?${query}`, podSchema);
  return found.ok ? found.value : [];
}

async function until<T>(what: string, timeoutMs: number, find: () => Promise<T | undefined>): Promise<T> {
  const look = async (): Promise<{ state: "yes"; value: T } | { state: "not yet"; seen: string }> => {
    const value = await find();
    return value === undefined ? { state: "not yet", seen: "not so" } : { state: "yes", value };
  };
  const found = await poll(look, { what, timeoutMs, everyMs: 250, signal });
  if (!found.ok) throw new Error(found.why);
  return found.value;
}

/** Both keepers say that their generators go on. */
async function isGoing(): Promise<readonly Seen[] | undefined> {
  const found = await pods();
  const phases = await Promise.all(
    found.map(async ({ metadata }) => {
      const proxy = `/api/v1/namespaces/${profile.prober.namespace}/pods/${metadata.name}:8080/proxy/state`;
      const state = await cluster.getJson(proxy, z.object({ phase: z.string() }));
      return state.ok ? state.value.phase : "unknown";
    }),
  );
  return phases.length === runners.count && phases.every((phase) => phase === "going") ? found : undefined;
}

test("percentiles of the merged load are those of all that both generators wrote", async () => {
  const { load, directory } = await made();
  if (!load.ok) throw new Error(load.why);
  const { run, nodes } = load.value;
  const parts = [1, 2].map((runner) => writtenBy(directory, runner));
  for (const part of parts) expect(part.length).toBeGreaterThan(30);
  const union = rank(parts.flat().map(({ durationMs }) => durationMs));
  const merged = rank(run.samples.map(({ durationMs }) => durationMs));
  expect(merged.count).toBe(union.count);
  for (const percent of [50, 95, 99, 100]) expect(merged.percentile(percent)).toBe(union.percentile(percent));
  // The two parts are one load: as many users as planned, and no arrival dropped.
  expect(run.told.dropped).toBe(0);
  expect(run.exit.signal).toBeNull();
  expect(run.gaps).toEqual([]);
  expect(nodes).toHaveLength(2);
  await nothingLeft();
});

test("a runner that is lost half-way makes the load unproven, with its name", async () => {
  const making = made();
  const going = await until("both go on", 240_000, isGoing);
  const second = going.find(({ metadata }) => metadata.labels["batch.kubernetes.io/job-completion-index"] === "1");
  const name = second?.metadata.name ?? "";
  await admin.remove({ apiVersion: "v1", kind: "Pod", name, namespace: profile.prober.namespace });
  const { load } = await making;
  expect(load).toMatchObject({ ok: false, why: expect.stringMatching(`runner 2 of 2 \\(pod ${name} .*was lost`) });
  await nothingLeft();
});

test("an interrupted load stops within two seconds", async () => {
  const interrupt = new AbortController();
  const making = made(interrupt.signal);
  await until("both go on", 240_000, isGoing);
  const abortedMs = Date.now();
  interrupt.abort(new Error("SIGINT"));
  const { load, directory } = await making;
  if (!load.ok) throw new Error(load.why);
  expect(load.value.run.stopped).toBe("interrupted (SIGINT)");
  for (const runner of [1, 2])
    for (const { atMs } of writtenBy(directory, runner)) expect(atMs).toBeLessThan(abortedMs + 2_000);
  await nothingLeft();
});

test("a load whose command is killed stops within two seconds by itself, and undo takes the rest away", async () => {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-parallel-"));
  const layer = join(directory, "profile.json");
  writeFileSync(layer, JSON.stringify({ load: { ...short, plateauSeconds: 120 } }));
  const args = ["validate", "--env", "local", "--criterion", "api-latency-p95", "--out", join(directory, "run")];
  const child = spawn(join(projectRoot, "bin", "oke-proof"), args, {
    env: { ...process.env, OKE_PROOF_PROFILE: layer },
    stdio: "ignore",
  });
  await until("both go on", 300_000, isGoing);
  const killedMs = Date.now();
  child.kill("SIGKILL");
  const ended = await until("no load", 20_000, async () => {
    const ends = (await pods()).map(
      ({ status }) => status.containerStatuses.find(({ name }) => name === "k6")?.state.terminated?.finishedAt,
    );
    const told = ends.filter((end) => end !== undefined);
    return told.length === runners.count ? told : undefined;
  });
  // The kubelet tells whole seconds, cut off.
  for (const at of ended) expect(Date.parse(at)).toBeLessThanOrEqual(killedMs + 2_000);
  expect(await okeProof(["undo", "--env", "local"])).toMatchObject({ exitCode: 0 });
  await nothingLeft();
});
