/** `oke-proof up`. */
import { lstat, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../settings.ts";
import { ensureHarnessAccess, readAdminKubeconfig } from "./access.ts";
import { buildStages } from "./build-stages.ts";
import { keyOf, keyOfFolder } from "./cache.ts";
import { findLocalCluster, writeLocalCluster } from "./cluster-record.ts";
import type { LocalCluster } from "./cluster-record.ts";
import { clusterStages, platformStages } from "./cluster-stages.ts";
import { mend } from "./doctor.ts";
import type { Engine, EngineName } from "./engine.ts";
import { findEngine } from "./engine.ts";
import { closeOutwards, isClosedOutwards } from "./firewall.ts";
import { decideMode, imageSet, pushedImages } from "./image-set.ts";
import type { ImageMode, ImageSet } from "./image-set.ts";
import { removeLeftovers, tidyImages } from "./images.ts";
import { locked } from "./lock.ts";
import { networkBridge } from "./network.ts";
import { sourceDirectory, statePaths } from "./paths.ts";
import { platformKey } from "./platform.ts";
import { runStages, stageTable } from "./stages.ts";
import type { Stage, StageTime } from "./stages.ts";
import { readIdentity, status } from "./status.ts";
import { gatewayPorts, nodeNames, versions } from "./versions.ts";

export type UpOptions = {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly images?: "auto" | ImageMode;
  readonly engine?: "auto" | EngineName;
};

/**
 * Stands the local cluster with its platform up, from whatever is there: nothing, caches, a half-dead cluster, a healthy one.
 * The second time it does nothing. May be interrupted at any moment and called again.
 * @throws UsageError for what the user must mend, and for a cluster of the name that `up` did not make
 */
export async function up(options: UpOptions): Promise<LocalCluster> {
  return locked("up", async () => {
    await linkState();
    const engine = await readyEngine(options);
    const mode = await decideMode(engine, options.images ?? "auto");
    const set = await imageSet(mode);
    const keys = { clusterKey: await clusterKey(set), platformKey: await platformKey(set) };
    const before = await status(engine);
    if (before.state === "foreign") throw new UsageError(`up: ${before.because}; remove it, or use it with --env kind`);
    const recorded = before.state === "healthy" ? findLocalCluster() : undefined;
    if (recorded !== undefined && recorded.clusterKey === keys.clusterKey) {
      if (recorded.platformKey === keys.platformKey) return keep(engine, recorded, options);
      options.say("the local cluster is up; its charts or reference services have changed since");
      await work([...buildStages(engine, set, mode)], platformStages(engine, set, mode), options);
      return record(engine, set, mode, keys);
    }
    options.say(reason(before, recorded !== undefined, mode, engine));
    await mend(options.say, options.signal);
    await removeLeftovers();
    await work(buildStages(engine, set, mode), clusterStages(engine, set, mode, options.say), options);
    return record(engine, set, mode, keys);
  });
}

/** A healthy cluster needs its rules (a reboot drops them) and a token that is good for a while; no more. */
async function keep(engine: Engine, recorded: LocalCluster, options: UpOptions): Promise<LocalCluster> {
  if (!(await isClosedOutwards(engine.name)))
    await closeOutwards(engine.name, await networkBridge(engine), options.signal);
  await ensureHarnessAccess();
  options.say("the local cluster is up and unchanged: nothing to do");
  return recorded;
}

async function readyEngine(options: UpOptions): Promise<Engine> {
  const wanted = options.engine ?? "auto";
  const found = await findEngine(wanted, options.signal);
  if (found !== undefined) return found;
  await mend(options.say, options.signal);
  const mended = await findEngine(wanted, options.signal);
  if (mended === undefined)
    throw new UsageError(
      `up: ${wanted === "auto" ? "neither docker nor podman" : `no ${wanted}`} answers: run 'bin/oke-proof doctor'`,
    );
  return mended;
}

async function work(building: readonly Stage[], standing: readonly Stage[], options: UpOptions): Promise<void> {
  const started = performance.now();
  const { say, signal } = options;
  const times: StageTime[] = await runStages(building, { say, signal, atOnce: 2 });
  times.push(...(await runStages(standing, { say, signal, atOnce: 1 })));
  for (const line of stageTable(times)) say(line);
  say(`  together ${Math.round((performance.now() - started) / 1000)} s`);
}

function reason(before: { state: string; because: string }, isOther: boolean, mode: ImageMode, engine: Engine): string {
  const how = `${engine.name} ${engine.version}, images by ${mode}`;
  if (isOther) return `the local cluster was made from other sources and is made anew (${how})`;
  if (before.state === "absent") return `making the local cluster (${how})`;
  return `${before.because}: made anew, since it could no longer show that nothing restarted (${how})`;
}

/** What nodes and add-ons are made from; the platform has a key of its own. */
async function clusterKey(set: ImageSet): Promise<string> {
  const files = ["addons.ts", "cilium.ts", "kind-config.ts", "storage.ts", "registry.ts"].map((name) =>
    readFile(join(sourceDirectory, name)),
  );
  const folders = ["manifests", "node-files"].map((name) => keyOfFolder(join(sourceDirectory, name)));
  const images = [set.node, set.cilium ?? "", set.localPath, set.metricsServer, set.envoyGateway ?? "", set.registry];
  return keyOf([...images, ...(await Promise.all(folders)), ...(await Promise.all(files))]);
}

async function record(
  engine: Engine,
  set: ImageSet,
  mode: ImageMode,
  keys: { clusterKey: string; platformKey: string },
): Promise<LocalCluster> {
  const uid = await readIdentity();
  if (!uid.ok) throw new Error(`up: the cluster stands, but its identity could not be read: ${uid.why}`);
  const addresses = (ports: readonly number[]) => ports.map((port) => `127.0.0.1:${port}`);
  const cluster: LocalCluster = {
    schemaVersion: 1,
    clusterUid: uid.value,
    kubeconfig: statePaths.kubeconfig,
    adminContext: (await readAdminKubeconfig()).context,
    harnessKubeconfig: statePaths.harnessKubeconfig,
    caFile: statePaths.caCertificate,
    caKeyFile: statePaths.caKey,
    gateway: {
      httpsAddresses: addresses(gatewayPorts.https.hostPorts),
      httpAddresses: addresses(gatewayPorts.http.hostPorts),
    },
    engine: engine.name,
    engineVersion: engine.version,
    images: mode,
    kubernetesVersion: versions.kubernetes,
    nodes: [...nodeNames],
    appsImage: set.apps,
    agnhostImage: set.agnhost,
    ...keys,
    madeAt: new Date().toISOString(),
  };
  await writeLocalCluster(cluster);
  // Only now: the cluster before this one may have run on images that no longer have a use.
  await tidyImages(engine, mode === "build" ? [set.node, ...pushedImages(set, mode)] : [set.apps]);
  return cluster;
}

/** One folder a user, and a link to it in this checkout. */
export async function linkState(): Promise<void> {
  await mkdir(statePaths.root, { recursive: true, mode: 0o700 });
  await mkdir(dirname(statePaths.link), { recursive: true });
  const found = await lstat(statePaths.link).catch(() => undefined);
  if (found?.isSymbolicLink() === true) return;
  await rm(statePaths.link, { recursive: true, force: true });
  await symlink(statePaths.root, statePaths.link);
}
