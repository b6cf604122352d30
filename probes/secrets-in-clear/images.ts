/** What stands in the images of the pods that run. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { readImageConfig } from "../registry/image-config.ts";
import { parseReference } from "../registry/reference.ts";
import type { Place } from "./scanner.ts";

const askedAtOnce = 6;
const containers = z.array(z.object({ image: z.string().min(1) })).optional();
const pod = z
  .object({
    metadata: z.object({ namespace: z.string().min(1) }),
    spec: z.object({ containers, initContainers: containers }),
  })
  .transform(({ metadata, spec }) => ({
    namespace: metadata.namespace,
    images: [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ image }) => image),
  }));

/** Registries that the cluster knows by one name and the harness reaches at another. */
export type Registries = readonly { readonly known: string; readonly reached: string }[];

/** The variables, commands and steps of every image that a pod of the namespaces names. One that cannot be had leaves no reading. */
export async function readImages(
  cluster: Cluster,
  wanted: { readonly namespaces: readonly string[]; readonly registries: Registries; readonly signal: AbortSignal },
): Promise<Reading<readonly Place[]>> {
  const pods = await cluster.list("/api/v1/pods", pod);
  if (!pods.ok) return pods;
  const named = pods.value.filter(({ namespace }) => wanted.namespaces.includes(namespace));
  const images = [...new Set(named.flatMap((one) => one.images))];
  const configs = await fewAtATime(images, askedAtOnce, async (image) => placesOfImage(image, wanted));
  const failed = configs.find((one) => !one.ok);
  if (failed !== undefined) return failed;
  return read(
    configs.flatMap((one) => (one.ok ? one.value : [])),
    `images of ${named.length} pods`,
    new Date(),
  );
}

async function placesOfImage(
  image: string,
  { registries, signal }: { readonly registries: Registries; readonly signal: AbortSignal },
): Promise<Reading<readonly Place[]>> {
  const reference = parseReference(image);
  if (reference === undefined) return unread(`image ${image} names no tag`, image, new Date());
  const registry = registries.find(({ known }) => known === reference.registry)?.reached ?? reference.registry;
  const config = await readImageConfig({ ...reference, registry }, signal);
  if (!config.ok) return config;
  const where = `image ${image}`;
  const places = [
    ...config.value.variables.map((variable): Place => {
      const [name = "", ...rest] = variable.split("=");
      return { where: `${where}, variable ${name}`, name, text: rest.join("="), how: "configuration" };
    }),
    ...config.value.texts.map((text): Place => ({ where, text, how: "prose" })),
  ];
  return read(places, config.source, new Date(config.at));
}
