/** What k6 says of itself in the end (`handleSummary(data)`, k6 1.x): witnesses beside the raw numbers, never a verdict. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";
import type { Told } from "./load-run.ts";

const count = z.number().min(0);
const metrics = z.object({
  metrics: z.record(z.string(), z.object({ values: z.record(z.string(), z.unknown()) }).catch({ values: {} })),
});

/**
 * The numbers of a summary. What it does not hold is undefined, never 0: k6 leaves out a metric that nothing happened to,
 * and an empty summary must not read as a run without a dropped arrival.
 */
export function toldOf(summary: unknown): Told {
  const parsed = metrics.safeParse(summary);
  const valueOf = (metric: string, value: string): number | undefined =>
    parsed.success ? count.safeParse(parsed.data.metrics[metric]?.values[value]).data : undefined;
  return {
    requests: valueOf("http_reqs", "count"),
    iterations: valueOf("iterations", "count"),
    dropped: valueOf("dropped_iterations", "count"),
    usersMax: valueOf("vus", "max"),
  };
}

/** Reads a summary that was written. `ok: false` where there is none, or none that is JSON: a killed generator writes nothing. */
export async function readSummary(file: string): Promise<Reading<Told>> {
  try {
    return read(toldOf(JSON.parse(await readFile(file, "utf8"))), file, new Date());
  } catch (error) {
    return unread(`the generator's summary ${file}: ${whyOf(error)}`, file, new Date());
  }
}
