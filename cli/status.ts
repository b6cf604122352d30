/** `oke-proof status`. */
import { pendingRebuild } from "../environments/local/rebuild-record.ts";
import { status } from "../environments/local/status.ts";
import { requireLocal } from "./only-local.ts";

/** Says what stands. Exit code 0 where the cluster is healthy, 2 where it is not. */
export async function runStatus(
  options: { readonly env: string; readonly json: boolean },
  context: { readonly say: (line: string) => void },
): Promise<number> {
  requireLocal("status", options.env);
  const found = await status();
  if (options.json) context.say(JSON.stringify(found, null, 2));
  else for (const [name, value] of Object.entries(found)) context.say(`${name.padEnd(16)} ${show(value)}`);
  const rebuild = await pendingRebuild();
  if (!options.json && (!rebuild.ok || rebuild.value !== undefined)) {
    context.say("rebuild          begun, and not at its end: where nobody is at it, 'bin/oke-proof undo' goes on");
  }
  return found.state === "healthy" ? 0 : 2;
}

function show(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
