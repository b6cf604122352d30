/** Reads the verdicts that checks append to the run's folder, line by line, while they come. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { isNonEmpty, unproven, type Verdict } from "../harness/verdict.ts";

const fact = z.strictObject({
  what: z.string(),
  value: z.union([z.number(), z.string(), z.boolean()]),
  unit: z.string().exactOptional(),
  limit: z.string().exactOptional(),
  source: z.string(),
  at: z.string(),
  file: z.string().exactOptional(),
  samples: z.int().min(0).exactOptional(),
});

const line = z.strictObject({
  /** Id of the run whose plan the check was given. */
  run: z.string().min(1),
  id: z.string().min(1),
  verdict: z.strictObject({
    outcome: z.enum(["pass", "fail", "unproven"]),
    because: z.string(),
    evidence: z.array(fact),
  }),
  durationMs: z.number().min(0),
});

export type RecordedVerdict = { readonly verdict: Verdict; readonly durationMs: number };

/**
 * The verdicts recorded so far, by criterion. A half-written line (the writer was killed) gives no verdict, and neither does one of another
 * run: checks of a killed run may live on for a moment and write into the same folder. A second verdict on the same criterion is kept only where it is worse.
 * @param file verdicts.jsonl; a file that is not there yet holds nothing
 * @param runId the run whose verdicts count
 */
export function readVerdicts(file: string, runId: string): Map<string, RecordedVerdict> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return new Map();
  }
  return parseVerdicts(text, runId);
}

/** The pure part of `readVerdicts`: never throws, whatever the text. */
export function parseVerdicts(text: string, runId: string): Map<string, RecordedVerdict> {
  const found = new Map<string, RecordedVerdict>();
  for (const row of text.split("\n")) {
    const parsed = line.safeParse(parseJson(row));
    if (!parsed.success || parsed.data.run !== runId) continue;
    const { id, durationMs } = parsed.data;
    const recorded = { verdict: toVerdict(parsed.data.verdict), durationMs };
    const earlier = found.get(id);
    if (earlier === undefined || rank(recorded.verdict) > rank(earlier.verdict)) found.set(id, recorded);
  }
  return found;
}

function parseJson(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return undefined;
  }
}

function toVerdict(parsed: z.infer<typeof line>["verdict"]): Verdict {
  const { evidence } = parsed;
  if (parsed.outcome === "unproven") return unproven(parsed.because, evidence);
  if (isNonEmpty(evidence)) return { outcome: parsed.outcome, because: parsed.because, evidence };
  return unproven(`recorded as ${parsed.outcome} without evidence: ${parsed.because}`);
}

function rank(verdict: Verdict): number {
  return ["pass", "unproven", "fail"].indexOf(verdict.outcome);
}
