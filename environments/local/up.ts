/** `oke-proof up`. */
import { lstat, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../settings.ts";
import { ensureHarnessAccess, readAdminKubeconfig } from "./access.ts";
import { buildStages } from "./build-stages.ts";
import { keyOf, keyOfFolder } from "./cache.ts";
import { findLocalCluster, writeLocalCluster } from "./cluster-record.ts";
import type { LocalCluster } from "./cluster-record.ts";
import { clusterStages } from "./cluster-stages.ts";
import { mend } from "./doctor.ts";
import type { Engine, EngineName } from "./engine.ts";
import { findEngine } from "./engine.ts";
import { closeOutwards, isClosedOutwards } from "./firewall.ts";
import { decideMode, imageSet, keptImages } from "./image-set.ts";
import type { ImageMode, ImageSet } from "./image-set.ts";
import { removeLeftovers, tidyImages } from "./images.ts";
import { layerKey, layerStages } from "./layers.ts";
import { locked } from "./lock.ts";
import { networkBridge } from "./network.ts";
import { sourceDirectory, statePaths } from "./paths.ts";
import { refuseWhilePending } from "./rebuild-record.ts";
import { restartLines } from "./restarts.ts";
import { runStages, stageTable } from "./stages.ts";
import type { Stage, StageTime } from "./stages.ts";
import { readIdentity, status } from "./status.ts";
import { gatewayPorts, layerNames, nodeNames, versions } from "./versions.ts";
import type { LayerName } from "./versions.ts";

export type UpOptions = {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly images?: "auto" | ImageMode;
  readonly engine?: "auto" | EngineName;
  /** In their order, none left out in between; absent: all of them. A later layer that is up stays as it is. */
  readonly layers?: readonly LayerName[];
  /** Called when a layer is up, before the next is begun. */
  readonly onLayer?: (layer: LayerName) => Promise<void>;
};

/** What a cluster is made with, and from. */
export type Making = {
  readonly engine: Engine;
  readonly set: ImageSet;
  readonly mode: ImageMode;
  readonly clusterKey: string;
  readonly options: UpOptions;
};

/**
 * Stands the local cluster with its platform up, from whatever is there: nothing, caches, a half-dead cluster, a healthy one.
 * One layer after the other: each can be looked at while the next is made. The second time it does nothing.
 * May be interrupted at any moment and called again.
 * @throws UsageError for what the user must mend, for a cluster of the name that `up` did not make, and where a rebuild was cut off: an empty
 * platform in the place of one that a backup holds is not what anybody asked for
 */
export async function up(options: UpOptions): Promise<LocalCluster> {
  return locked("up", async () => {
    await refuseWhilePending("up");
    await linkState();
    const making = await makingOf(options);
    const { engine, mode } = making;
    const before = await status(engine);
    if (before.state === "foreign") throw new UsageError(`up: ${before.because}; remove it, or use it with --env kind`);
    const recorded = before.state === "healthy" ? findLocalCluster() : undefined;
    if (recorded !== undefined && recorded.clusterKey === making.clusterKey) return keepOrChange(making, recorded);
    options.say(reason(before, recorded !== undefined, mode, engine));
    await mend(options.say, options.signal);
    await removeLeftovers();
    return bringUp(making, {}, options.layers ?? layerNames);
  });
}

/** Finds the engine, and what images of which sources there are to be. @throws UsageError where no engine answers */
export async function makingOf(options: UpOptions): Promise<Making> {
  const engine = await readyEngine(options);
  const mode = await decideMode(engine, options.images ?? "auto");
  const set = await imageSet(mode);
  return { engine, set, mode, clusterKey: await clusterKey(set), options };
}

/** The nodes stay; a layer that is missing, or made from something else, is brought up. */
async function keepOrChange(making: Making, recorded: LocalCluster): Promise<LocalCluster> {
  const { engine, set, mode, options } = making;
  const stale: LayerName[] = [];
  for (const layer of options.layers ?? layerNames) {
    if (recorded.layerKeys[layer] !== (await layerKey(layer, set, mode))) stale.push(layer);
  }
  if (stale.length === 0) return keep(engine, recorded, options);
  options.say(`the local cluster is up; new or changed in it: ${stale.join(", ")}`);
  await mend(options.say, options.signal);
  return bringUp(making, recorded.layerKeys, stale);
}

/** Builds, installs and records one layer after the other, on new nodes where none of them is up yet. */
async function bringUp(
  making: Making,
  known: LocalCluster["layerKeys"],
  layers: readonly LayerName[],
): Promise<LocalCluster> {
  const { engine, set, mode, options } = making;
  const times: StageTime[] = [];
  const layerKeys = { ...known };
  let cluster: LocalCluster | undefined;
  let areNodesUp = Object.keys(known).length > 0;
  const started = performance.now();
  for (const layer of layers) {
    const begun = performance.now();
    const isLast = layer === layers.at(-1);
    const nodes = areNodesUp ? [] : clusterStages(engine, set, mode, options.say);
    const building = buildStages(engine, set, mode, layer, isLast);
    times.push(...(await work(building, [nodes, layerStages(engine, set, mode, layer)], options)));
    areNodesUp = true;
    layerKeys[layer] = await layerKey(layer, set, mode);
    cluster = await recordCluster(making, { ...layerKeys });
    options.say(`layer ${layer} is up (${secondsSince(begun)} s)`);
    await options.onLayer?.(layer);
  }
  for (const line of stageTable(times)) options.say(line);
  options.say(`  together ${secondsSince(started)} s`);
  for (const line of await restartLines(engine, options.signal)) options.say(line);
  // Only now: the cluster before this one may have run on images that no longer have a use.
  await tidyImages(engine, keptImages(set, mode));
  if (cluster === undefined) throw new Error("up: no layer was asked for");
  return cluster;
}

function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 1000);
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

async function work(
  building: readonly Stage[],
  standing: readonly (readonly Stage[])[],
  { say, signal }: UpOptions,
): Promise<StageTime[]> {
  const times = await runStages(building, { say, signal, atOnce: 2 });
  for (const stages of standing) times.push(...(await runStages(stages, { say, signal, atOnce: 1 })));
  return times;
}

function reason(before: { state: string; because: string }, isOther: boolean, mode: ImageMode, engine: Engine): string {
  const how = `${engine.name} ${engine.version}, images by ${mode}`;
  if (isOther) return `the local cluster was made from other sources and is made anew (${how})`;
  if (before.state === "absent") return `making the local cluster (${how})`;
  return `${before.because}: made anew, since it could no longer show that nothing restarted (${how})`;
}

/** What nodes and add-ons are made from; each layer has a key of its own. */
async function clusterKey(set: ImageSet): Promise<string> {
  const files = ["addons.ts", "cilium.ts", "kind-config.ts", "storage.ts", "registry.ts"].map((name) =>
    readFile(join(sourceDirectory, name)),
  );
  const folders = ["manifests", "node-files"].map((name) => keyOfFolder(join(sourceDirectory, name)));
  const images = [set.node, set.cilium ?? "", set.localPath, set.metricsServer, set.envoyGateway ?? "", set.registry];
  return keyOf([...images, ...(await Promise.all(folders)), ...(await Promise.all(files))]);
}

/** Writes down the cluster that stands, with the layers that are up in it. @throws Error where its identity cannot be read */
export async function recordCluster(making: Making, layerKeys: LocalCluster["layerKeys"]): Promise<LocalCluster> {
  const { engine, set, mode, clusterKey: key } = making;
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
    clusterKey: key,
    layerKeys,
    madeAt: new Date().toISOString(),
  };
  await writeLocalCluster(cluster);
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
