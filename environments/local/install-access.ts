/** What the harness may see and its probers: the last release of every layer, since a later layer brings more to look at. */
import type { Engine } from "./engine.ts";
import type { ImageSet } from "./image-set.ts";
import { imageValues, installChart } from "./platform.ts";
import { registryAddress } from "./registry.ts";
import { layerNames } from "./versions.ts";
import type { LayerName } from "./versions.ts";

/** @param layer the layer that has just been installed: the probers of later ones would find nothing */
export async function installAccess(
  engine: Engine,
  set: ImageSet,
  layer: LayerName,
  signal: AbortSignal,
): Promise<void> {
  const isUp = (wanted: LayerName) => layerNames.indexOf(wanted) <= layerNames.indexOf(layer);
  const probers = {
    "daprProber.enabled": isUp("events"),
    "loadRunner.enabled": isUp("observability"),
    "sealProber.enabled": isUp("operations"),
  };
  // The registry is no part of the cluster, and listens: what policies by address are tried with.
  const outside = { "networkProbers.outside": await registryAddress(engine, signal) };
  const values = { ...imageValues(set, ["networkProber", "k6"]), ...outside, ...probers };
  await installChart({ name: "harness-access", namespace: "oke-proof", chart: "harness-access", set: values }, signal);
}
