/** The results that checks left behind: parsed at the door, since a killed run leaves anything. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Stage, Status, type Attachment, type StepResult } from "allure-js-commons";
import { z } from "zod";

const attachment = z.object({ name: z.string(), source: z.string(), type: z.string().exactOptional() });
const details = z.object({ message: z.string().exactOptional(), trace: z.string().exactOptional() });

// An attachment stands in a step of its own that has no status: what is missing takes the default of a step.
const step: z.ZodType<StepResult> = z.object({
  name: z.string().exactOptional(),
  status: z.enum(Status).exactOptional(),
  statusDetails: details.default({}),
  stage: z.enum(Stage).default(Stage.FINISHED),
  start: z.number().exactOptional(),
  stop: z.number().exactOptional(),
  attachments: z.array(attachment).default([]),
  parameters: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  get steps() {
    return z.array(step).default([]);
  },
});

const result = z.object({
  uuid: z.uuid(),
  name: z.string().exactOptional(),
  start: z.number().exactOptional(),
  stop: z.number().exactOptional(),
  labels: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  steps: z.array(step).default([]),
  attachments: z.array(attachment).default([]),
});

export type FoundResult = z.infer<typeof result> & { readonly steps: StepResult[]; readonly attachments: Attachment[] };

/**
 * The results of the known criteria, the latest of each; every other result file is removed: those of another attempt, of no criterion, and half-written ones.
 * A check that was cut off before it could label itself is known by its name, which is the criterion's id.
 * @param directory the allure-results folder; one that is not there holds nothing
 */
export function takeFound(directory: string, ids: ReadonlySet<string>): Map<string, FoundResult> {
  const kept = new Map<string, { readonly file: string; readonly found: FoundResult }>();
  for (const file of resultFiles(directory)) {
    const found = parseResult(join(directory, file));
    const id = found === undefined ? undefined : criterionIdOf(found);
    const earlier = id === undefined ? undefined : kept.get(id);
    if (found === undefined || id === undefined || !ids.has(id)) rmSync(join(directory, file));
    else if (earlier !== undefined && (earlier.found.stop ?? 0) >= (found.stop ?? 0)) rmSync(join(directory, file));
    else {
      if (earlier !== undefined) rmSync(join(directory, earlier.file));
      kept.set(id, { file, found });
    }
  }
  return new Map([...kept].map(([id, { found }]) => [id, found]));
}

/** Names of the result files in an allure-results folder. */
export function resultFiles(directory: string): string[] {
  try {
    return readdirSync(directory).filter((file) => file.endsWith("-result.json"));
  } catch {
    return [];
  }
}

function criterionIdOf(found: FoundResult): string | undefined {
  return found.labels.find(({ name }) => name === "criterion")?.value ?? found.name;
}

function parseResult(file: string): FoundResult | undefined {
  try {
    const parsed = result.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return parsed.success && file.endsWith(`${parsed.data.uuid}-result.json`) ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
