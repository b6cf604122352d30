/** What `validate --env local` does before it looks: a cluster that is not there is made, one that is there is left as it is. */
import { existsSync } from "node:fs";
import type { Settings } from "../settings.ts";
import { UsageError } from "../settings.ts";
import { ensureHarnessAccess } from "./access.ts";
import { isAllStopped } from "./judge-state.ts";
import { statePaths } from "./paths.ts";
import { status } from "./status.ts";
import { linkState, up } from "./up.ts";
import { layerNames, type LayerName } from "./versions.ts";

/**
 * Runs `up` where no node of the cluster runs. Where some do, nothing is touched but the harness's token:
 * what is broken there may be what the run shall find.
 * @throws UsageError for a cluster of the name that `up` did not make, and while another process works on it
 */
export async function readyLocalCluster(context: {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly settings: Pick<Settings, "images" | "engine">;
  /** Called while the cluster is made, after each layer but the last. */
  readonly onLayer: (layer: LayerName) => Promise<void>;
}): Promise<void> {
  const found = await status();
  if (found.state === "foreign")
    throw new UsageError(`the local cluster: ${found.because}; remove it, or use it with --env kind`);
  const neverFinished = found.clusterUid === null;
  if (found.state === "absent" || isAllStopped(found.nodes) || (neverFinished && found.state !== "building")) {
    const { say, signal, settings } = context;
    const onLayer = async (layer: LayerName) => {
      if (layer !== layerNames.at(-1)) await context.onLayer(layer);
    };
    await up({ say, signal, images: settings.images, engine: settings.engine, onLayer });
    return;
  }
  if (found.state === "building")
    throw new UsageError(`the local cluster is being worked on: ${found.because}; wait for it`);
  await linkState();
  try {
    await ensureHarnessAccess();
  } catch (error) {
    // An API server that does not answer is a finding of the run, as long as there is something to ask it with.
    if (!existsSync(statePaths.harnessKubeconfig)) throw error;
  }
}
