/** The generator of a run that a test started, at a moment of its load. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { poll, type Look } from "../../harness/poll.ts";
import type { Started } from "../prove/command.ts";
import { generatorOf, type GeneratorProcess } from "../prove/processes.ts";

/** A request makes some 1.5 kB of samples: two dozen of them. */
export const underWayBytes = 40_000;

const timeoutMs = 180_000;
/** Oftener than k6 writes its samples for the first time. */
const everyMs = 50;

/**
 * Waits for the generator until its samples are at least so long; with 0 bytes, until it runs.
 * @throws Error where that does not come, with the last words of a run that ended before
 */
export async function generatorAt(
  { directory, ended }: Started & { readonly directory: string },
  bytes: number,
): Promise<GeneratorProcess> {
  let said: string | undefined;
  void ended.then(({ output }) => (said = output));
  const look = async (): Promise<Look<GeneratorProcess>> => {
    if (said !== undefined) return { state: "never", why: `the run ended before: ${said.slice(-500)}` };
    const found = generatorOf(directory);
    if (found === undefined) return { state: "not yet", seen: "no k6" };
    const length = samplesBytes(found);
    return length < bytes ? { state: "not yet", seen: `${length} bytes of samples` } : { state: "yes", value: found };
  };
  const what = `a generator with ${bytes} bytes of samples`;
  const found = await poll(look, { what, timeoutMs, everyMs });
  if (!found.ok) throw new Error(found.why);
  return found.value;
}

function samplesBytes({ folder }: GeneratorProcess): number {
  return statSync(join(folder, "load-samples.csv"), { throwIfNoEntry: false })?.size ?? 0;
}
