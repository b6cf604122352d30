/** `oke-proof down`. */
import { down } from "../environments/local/down.ts";
import { requireLocal } from "./only-local.ts";

/** Takes the local cluster away; harmless where there is none. */
export async function runDown(
  environment: string,
  context: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  requireLocal("down", environment);
  await down(context);
  return 0;
}
