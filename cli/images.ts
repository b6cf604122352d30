/** `oke-proof images pin`: the digests of the upstream images, as values to lay over the charts' own. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { projectRoot, UsageError } from "../environments/settings.ts";
import { readDigest } from "../probes/registry/digest.ts";
import { parseReference } from "../probes/registry/reference.ts";

const valuesSchema = z.looseObject({ global: z.looseObject({ images: z.record(z.string(), z.string()) }) });
const charts = ["health-platform", "todo-chatbot", "todo-chatbot/charts/kafka"].map((name) =>
  join(projectRoot, "helm", name),
);
/** What nodes may be: OKE's free shape is arm64, most others amd64. */
const platformsNeeded = ["linux/arm64", "linux/amd64"];
const fileName = "values-digests.yaml";

/**
 * Asks the registries what each tag of the charts' values stands for and writes `values-digests.yaml` beside them. Nothing is written unless every image has an answer.
 * @throws UsageError in one line where a registry cannot be reached, a tag is not there, or an image is not there for arm64 and amd64
 */
export async function pinImages(
  folders: readonly string[],
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  const pinned: { readonly file: string; readonly images: Record<string, string> }[] = [];
  for (const folder of folders.length === 0 ? charts : folders) {
    const images: Record<string, string> = {};
    for (const [name, written] of Object.entries(imagesIn(join(folder, "values.yaml")))) {
      // The apps' own image has no public reference, and an empty one stands for another program's choice.
      if (written === "") continue;
      images[name] = await pinOne(name, written, signal);
      say(`${name}: ${images[name]}`);
    }
    pinned.push({ file: join(folder, fileName), images });
  }
  for (const { file, images } of pinned) {
    writeFileSync(
      file,
      `# Written by 'oke-proof images pin': lay it over the other values with -f.\n${stringify({ global: { images } })}`,
    );
    say(`written: ${relative(process.cwd(), file)}`);
  }
  return 0;
}

function imagesIn(file: string): Readonly<Record<string, string>> {
  try {
    return valuesSchema.parse(parse(readFileSync(file, "utf8"))).global.images;
  } catch (error) {
    throw new UsageError(`images pin: ${file} has no global.images that can be read`, { cause: error });
  }
}

async function pinOne(name: string, written: string, signal: AbortSignal): Promise<string> {
  const reference = parseReference(written);
  if (reference === undefined)
    throw new UsageError(`images pin: global.images.${name} is '${written}', which has no explicit tag`);
  const reading = await readDigest(reference, signal);
  if (!reading.ok) {
    throw new UsageError(
      `images pin: ${reading.why}; nothing was written: call this where the image registries can be reached`,
    );
  }
  const { digest, platforms } = reading.value;
  const missing = platformsNeeded.filter((platform) => !platforms.includes(platform));
  if (missing.length > 0) {
    throw new UsageError(
      `images pin: ${reference.written} is not there for ${missing.join(" and ")}; nothing was written`,
    );
  }
  return `${reference.written}@${digest}`;
}
