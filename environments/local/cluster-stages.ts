/** From images to a cluster that the layers can be installed on, as stages, one after the other. */
import { configureDns, dnsReady, installGateway, installMetricsServer } from "./addons.ts";
import { installCilium } from "./cilium.ts";
import type { Engine } from "./engine.ts";
import { closeOutwards } from "./firewall.ts";
import { nodeImages } from "./image-set.ts";
import type { ImageMode, ImageSet } from "./image-set.ts";
import { createNodes } from "./kind.ts";
import { chain } from "./layers.ts";
import { makeNetwork, networkBridge } from "./network.ts";
import { proveNetwork } from "./network-proof.ts";
import { pushAll, startRegistry, tellNodes } from "./registry.ts";
import type { Stage } from "./stages.ts";
import { renewRestarted } from "./static-pods.ts";
import { installStorage, prepareNodes } from "./storage.ts";
import { removeCluster } from "./teardown.ts";

/**
 * In the order in which they must be: each waits for the one before it.
 * @param clear takes away what is there: everything, or the nodes alone where the store of backups must stay
 */
export function clusterStages(
  engine: Engine,
  set: ImageSet,
  mode: ImageMode,
  say: (line: string) => void,
  clear: (engine: Engine, signal: AbortSignal) => Promise<void> = removeCluster,
): Stage[] {
  const steps: readonly (readonly [string, number, Stage["run"]])[] = [
    ["clear the ground", 15, (signal) => clear(engine, signal)],
    ["network", 2, (signal) => makeClosedNetwork(engine, signal)],
    ["registry", 30, (signal) => serveImages(engine, set, mode, signal)],
    ["nodes", 30, (signal) => createNodes(engine, set.node, signal)],
    ["node files", 5, (signal) => prepare(engine, signal)],
    ["pod network", 40, (signal) => installCilium(engine, mode, signal)],
    ["cluster DNS", 2, (signal) => dnsReady(engine, signal)],
    ["control plane", 2, (signal) => renewRestarted(engine, { say, signal })],
    [
      "storage",
      5,
      (signal) => installStorage(engine, { provisioner: set.localPath, helper: set.volumeHelper }, signal),
    ],
    ["metrics", 21, (signal) => installMetricsServer(engine, set.metricsServer, signal)],
    ["gateway", 17, (signal) => installGateway(engine, gatewayImages(set), signal)],
    ["network proof", 10, (signal) => prove(engine, set, say, signal)],
  ];
  return chain(steps);
}

async function makeClosedNetwork(engine: Engine, signal: AbortSignal): Promise<void> {
  await makeNetwork(engine);
  // Before the first container: not one packet may leave.
  await refuseOutwards(engine, signal);
}

async function refuseOutwards(engine: Engine, signal: AbortSignal): Promise<void> {
  await closeOutwards(engine.name, await networkBridge(engine), signal);
}

async function serveImages(engine: Engine, set: ImageSet, mode: ImageMode, signal: AbortSignal): Promise<void> {
  await startRegistry(engine, set.registry, signal);
  // With its first container Podman puts an accepting rule of its own before ours, where its chains were gone: ours go first again.
  await refuseOutwards(engine, signal);
  await pushAll(engine, nodeImages(set, mode), signal);
}

async function prepare(engine: Engine, signal: AbortSignal): Promise<void> {
  await refuseOutwards(engine, signal);
  await tellNodes(engine, signal);
  await prepareNodes(engine, signal);
  await configureDns(engine, signal);
}

function gatewayImages(set: ImageSet): { controller: string; proxy: string } | undefined {
  return set.envoyGateway === undefined ? undefined : { controller: set.envoyGateway, proxy: set.envoy };
}

async function prove(engine: Engine, set: ImageSet, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const proof = await proveNetwork(engine, set.agnhost, signal);
  say(
    `  NetworkPolicy is enforced: ${proof.openBefore}, then ${proof.blocked} under default-deny, then ${proof.openAfter}; outside this machine: ${proof.outside}`,
  );
}
