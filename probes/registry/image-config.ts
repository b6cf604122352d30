/** What an image says of itself: the variables that every container of it has, and how it was made. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";
import { askRegistry } from "./digest.ts";
import type { ImageReference } from "./reference.ts";

const manifest = z.looseObject({
  manifests: z
    .array(
      z.looseObject({
        digest: z.string(),
        platform: z.looseObject({ os: z.string(), architecture: z.string() }).optional(),
      }),
    )
    .optional(),
  config: z.looseObject({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }).optional(),
});
const texts = z.array(z.string()).nullish();
const configuration = z.looseObject({
  config: z
    .looseObject({
      Env: texts,
      Cmd: texts,
      Entrypoint: texts,
      Labels: z.record(z.string(), z.string()).nullish(),
    })
    .optional(),
  history: z.array(z.looseObject({ created_by: z.string().optional() })).optional(),
});

export type ImageConfig = {
  /** NAME=value. */
  readonly variables: readonly string[];
  /** Command, labels, and the steps that made it. */
  readonly texts: readonly string[];
};

/** The configuration of an image; of an index that of its first Linux image: its variables are those of all. */
export async function readImageConfig(reference: ImageReference, signal: AbortSignal): Promise<Reading<ImageConfig>> {
  const { registry, repository, tag, written } = reference;
  const source = `${registry}/${repository}:${tag}`;
  const fetched = async (path: string): Promise<unknown> => {
    const answer = await askRegistry(registry, `/v2/${repository}/${path}`, signal, "follow");
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}`);
    const digest = /sha256:[0-9a-f]{64}$/.exec(path)?.[0];
    if (digest !== undefined && digest !== `sha256:${createHash("sha256").update(answer.body).digest("hex")}`)
      throw new Error(`${path} is not what its digest says`);
    return JSON.parse(answer.body.toString("utf8"));
  };
  try {
    let found = manifest.parse(await fetched(`manifests/${tag}`));
    const linux = found.manifests?.find(({ platform }) => platform?.os === "linux");
    if (found.config === undefined && linux !== undefined)
      found = manifest.parse(await fetched(`manifests/${linux.digest}`));
    if (found.config === undefined) throw new Error("it names no configuration");
    const { config, history = [] } = configuration.parse(await fetched(`blobs/${found.config.digest}`));
    const { Env, Cmd, Entrypoint, Labels } = config ?? {};
    const steps = history.flatMap(({ created_by: step }) => step ?? []);
    return read(
      {
        variables: Env ?? [],
        texts: [...(Cmd ?? []), ...(Entrypoint ?? []), ...Object.values(Labels ?? {}), ...steps],
      },
      source,
      new Date(),
    );
  } catch (error) {
    return unread(`image ${written}: asking ${registry}: ${whyOf(error)}`, source, new Date());
  }
}
