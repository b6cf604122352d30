/** What a new platform lacks for some minutes: the first dumps of its databases, which their schedule makes. */
import { z } from "zod";
import { poll, type Look } from "../../harness/poll.ts";
import type { Engine } from "./engine.ts";
import { kubectl } from "./kubectl.ts";

const cronJobs = z.object({
  items: z
    .array(
      z.object({
        metadata: z.object({ name: z.string() }),
        status: z.object({ lastSuccessfulTime: z.string().optional() }).optional(),
      }),
    )
    .min(1),
});

/** The local schedule is every five minutes; a dump takes seconds, on a busy machine half a minute. */
const waitMsMax = 420_000;
const everyMs = 3_000;

/**
 * Waits until every schedule of dumps has succeeded once.
 * @throws Error that names those which have not in time
 */
export async function firstDumpsMade(engine: Engine, signal: AbortSignal): Promise<void> {
  const look = async (): Promise<Look<true>> => {
    const { stdout } = await kubectl(engine, ["get", "cronjobs", "-n", "health-platform", "-o", "json"], { signal });
    const missing = cronJobs
      .parse(JSON.parse(stdout))
      .items.filter(({ status }) => status?.lastSuccessfulTime === undefined)
      .map(({ metadata }) => metadata.name);
    return missing.length === 0 ? { state: "yes", value: true } : { state: "not yet", seen: missing.join(", ") };
  };
  const found = await poll(look, { what: "first dumps of the databases", timeoutMs: waitMsMax, everyMs, signal });
  signal.throwIfAborted();
  if (!found.ok) throw new Error(found.why);
}
