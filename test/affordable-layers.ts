/** Which layers of the local cluster `npm test` brings up: as many as fit the time that a test may take. */
import { layerCriteria } from "../environments/local/layer-criteria.ts";
import { isToolBuilt } from "../environments/local/toolchain.ts";
import { tools } from "../environments/local/tools.ts";
import type { LayerName } from "../environments/local/versions.ts";

export type LayerCost = { readonly name: LayerName; readonly buildSeconds: number; readonly criteria: number };

/** What a cold run may take, and what is spent whatever is cached: the quick stages, nodes with the core on them, charts. Seconds on two cores. */
const secondsMax = 4_500;
const fixedSeconds = 700;
/** A further layer is installed in this, each of its criteria proved three ways in that; measured over whole runs. */
const installSeconds = 60;
const proveSeconds = 28;
/** Images and their packages, where a layer's programs have to be built. */
const imagesSeconds = 240;

/** The layers in their order until one no longer fits; the first always. */
export function affordable(costs: readonly LayerCost[]): readonly LayerName[] {
  let spent = fixedSeconds;
  const taken: LayerName[] = [];
  for (const { name, buildSeconds, criteria } of costs) {
    spent += buildSeconds + installSeconds + criteria * proveSeconds;
    if (taken.length > 0 && spent > secondsMax) break;
    taken.push(name);
  }
  return taken;
}

/** What is still to be built of a layer, in seconds, and what there is to prove in it. */
export async function costOf(name: LayerName): Promise<LayerCost> {
  const own = tools.filter(({ layer }) => layer === name);
  const built = await Promise.all(own.map(async (tool) => isToolBuilt(tool)));
  const left = own.filter((_, index) => built[index] === false);
  const programs = left.reduce((sum, { expectedSeconds }) => sum + expectedSeconds, 0);
  return {
    name,
    buildSeconds: programs === 0 ? 0 : programs + imagesSeconds,
    criteria: layerCriteria[name].length,
  };
}
