/** `oke-proof up`. */
import { up } from "../environments/local/up.ts";
import { readSettings } from "../environments/settings.ts";
import { requireLocal } from "./only-local.ts";

/** Stands the local cluster up; the second time it does nothing. */
export async function runUp(
  environment: string,
  context: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  requireLocal("up", environment);
  const { images, engine } = readSettings();
  const cluster = await up({ ...context, images, engine });
  context.say(`local cluster ${cluster.clusterUid} is up: kubectl --kubeconfig ${cluster.kubeconfig} get nodes`);
  return 0;
}
