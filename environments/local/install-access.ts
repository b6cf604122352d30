/** What the harness may see and its probers: the last release of every layer, since a later layer brings more to look at. */
import { findLocalCluster } from "./cluster-record.ts";
import type { Engine } from "./engine.ts";
import type { ImageSet } from "./image-set.ts";
import { imageValues, installChart } from "./platform.ts";
import { registryAddress } from "./registry.ts";
import { layerNames } from "./versions.ts";
import type { LayerName } from "./versions.ts";

/**
 * Which probers there are once `layer` is installed: those of later layers would find nothing, unless such a layer stands from before.
 * @param standing the layers of the cluster's record
 */
export function probersOf(layer: LayerName, standing: readonly string[]): Readonly<Record<string, boolean>> {
  const isUp = (wanted: LayerName): boolean =>
    layerNames.indexOf(wanted) <= layerNames.indexOf(layer) || standing.includes(wanted);
  return {
    "daprProber.enabled": isUp("events"),
    "loadRunner.enabled": isUp("observability"),
    "sealProber.enabled": isUp("operations"),
  };
}

/** @param layer the layer that has just been installed */
export async function installAccess(
  engine: Engine,
  set: ImageSet,
  layer: LayerName,
  signal: AbortSignal,
): Promise<void> {
  const probers = probersOf(layer, Object.keys(findLocalCluster()?.layerKeys ?? {}));
  // The registry is no part of the cluster, and listens: what policies by address are tried with.
  const outside = { "networkProbers.outside": await registryAddress(engine, signal) };
  const values = { ...imageValues(set, ["networkProber", "k6"]), ...outside, ...probers };
  await installChart({ name: "harness-access", namespace: "oke-proof", chart: "harness-access", set: values }, signal);
}
