/** `oke-proof up`. */
import { up } from "../environments/local/up.ts";
import { layersOf } from "../environments/local/versions.ts";
import { readSettings } from "../environments/settings.ts";
import { requireLocal } from "./only-local.ts";

/**
 * Stands the local cluster up; the second time it does nothing.
 * @throws UsageError for a layer that does not exist
 */
export async function runUp(
  { env, layers }: { readonly env: string; readonly layers?: string },
  context: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  requireLocal("up", env);
  const { images, engine } = readSettings();
  const cluster = await up({
    ...context,
    images,
    engine,
    ...(layers === undefined ? {} : { layers: layersOf(layers) }),
  });
  context.say(`local cluster ${cluster.clusterUid} is up: kubectl --kubeconfig ${cluster.kubeconfig} get nodes`);
  return 0;
}
