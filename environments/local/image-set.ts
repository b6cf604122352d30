/** Which images the cluster runs: built on this machine, or pulled from where their makers publish them. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { appsReference, envoyReference, gitServerReference, nodeReference, postgresReference } from "./apps-images.ts";
import { ciliumImageReference } from "./cilium-image.ts";
import type { Engine } from "./engine.ts";
import { layerImages } from "./layer-images.ts";
import type { LayerImageName } from "./layer-images.ts";
import { nodeImageReference } from "./node-image.ts";
import { cachePaths } from "./paths.ts";
import { recipeReference } from "./recipes.ts";
import type { Recipe } from "./recipes.ts";
import { registryImageReference, simpleImages, simpleReference } from "./simple-images.ts";
import { kubeadmImages, layerNames, versions } from "./versions.ts";
import type { LayerName } from "./versions.ts";

export type ImageMode = "build" | "pull";

export type ImageSet = {
  readonly node: string;
  readonly registry: string;
  /** Absent: what the chart names. */
  readonly cilium?: string;
  readonly agnhost: string;
  readonly localPath: string;
  /** Has a shell and nsenter. */
  readonly volumeHelper: string;
  readonly metricsServer: string;
  readonly envoyGateway?: string;
  /** Empty: the Envoy that Envoy Gateway was released with. */
  readonly envoy: string;
  readonly postgres: string;
  /** Node's user and group in the image of PostgreSQL. */
  readonly postgresUser: { readonly user: number; readonly group: number };
  readonly nodeRuntime: string;
  readonly apps: string;
  /** Node and git, and the reference services on it. */
  readonly gitRuntime: string;
  readonly gitServer: string;
  /** The services' images, by the names that the charts' `global.images` give them. In pull mode our own alone: the charts name the others. */
  readonly services: Readonly<Partial<Record<LayerImageName, string>>>;
};

export async function imageSet(mode: ImageMode): Promise<ImageSet> {
  if (mode === "pull") return pulledSet();
  return {
    node: await nodeImageReference(),
    registry: registryImageReference(),
    cilium: await ciliumImageReference(),
    agnhost: await simpleReference(simpleImages.agnhost),
    localPath: await simpleReference(simpleImages.localPath),
    volumeHelper: kubeadmImages.proxy,
    metricsServer: await simpleReference(simpleImages.metricsServer),
    envoyGateway: await simpleReference(simpleImages.envoyGateway),
    envoy: envoyReference(),
    postgres: postgresReference(),
    postgresUser: { user: 100, group: 102 },
    nodeRuntime: nodeReference(),
    apps: await appsReference(nodeReference()),
    gitRuntime: await recipeReference(layerImages.gitRuntime),
    gitServer: await gitServerReference(await recipeReference(layerImages.gitRuntime)),
    services: await ownServices(),
  };
}

async function ownServices(): Promise<ImageSet["services"]> {
  const recipes: readonly (readonly [string, Recipe])[] = Object.entries(layerImages);
  const references = recipes.map(async ([name, recipe]) => [name, await recipeReference(recipe)] as const);
  return Object.fromEntries(await Promise.all(references));
}

async function pulledSet(): Promise<ImageSet> {
  const nodeRuntime = "docker.io/library/node:24-bookworm-slim";
  return {
    node: `docker.io/kindest/node:v${versions.kubernetes}`,
    registry: "docker.io/library/registry:2",
    agnhost: "registry.k8s.io/e2e-test-images/agnhost:2.53",
    localPath: `docker.io/rancher/local-path-provisioner:v${versions.localPathProvisioner}`,
    volumeHelper: "docker.io/library/busybox:1.36",
    metricsServer: `registry.k8s.io/metrics-server/metrics-server:v${versions.metricsServer}`,
    envoy: "",
    postgres: `docker.io/library/postgres:${versions.postgres}`,
    postgresUser: { user: 999, group: 999 },
    nodeRuntime,
    apps: await appsReference(nodeRuntime),
    gitRuntime: "docker.io/library/node:24-bookworm",
    gitServer: await gitServerReference("docker.io/library/node:24-bookworm"),
    services: { networkProber: await recipeReference(layerImages.networkProber) },
  };
}

/** Images of ours that the nodes and the add-ons fetch from the local registry. */
export function nodeImages(set: ImageSet, mode: ImageMode): readonly string[] {
  if (mode === "pull") return [];
  const { cilium = "", envoyGateway = "" } = set;
  return [cilium, set.agnhost, set.localPath, set.metricsServer, envoyGateway, set.envoy];
}

/** Images of ours that a layer's pods fetch from the local registry. */
export function pushedImages(set: ImageSet, mode: ImageMode, layer: LayerName): readonly string[] {
  const ours = layer === "operations" ? [set.apps, set.gitServer] : [set.apps];
  const { networkProber = "" } = set.services;
  if (mode === "pull") return layer === "core" ? [networkProber, ...ours] : ours;
  const recipes: readonly (readonly [string, Recipe])[] = Object.entries(layerImages);
  const services: Readonly<Record<string, string | undefined>> = set.services;
  const ofLayer = recipes.filter(([name, recipe]) => recipe.layer === layer && name !== "gitRuntime");
  const built = ofLayer.flatMap(([name]) => services[name] ?? []);
  return [...(layer === "core" ? [set.postgres] : []), ...built, ...ours];
}

/** Everything that this machine keeps an image of. */
export function keptImages(set: ImageSet, mode: ImageMode): readonly string[] {
  const pushed = layerNames.flatMap((layer) => pushedImages(set, mode, layer));
  return [...new Set(mode === "build" ? [set.node, ...nodeImages(set, mode), ...pushed] : pushed)];
}

const pullMsMax = 10_000;
const rememberedMsMax = 7 * 24 * 3600 * 1000;
const triedSchema = z.strictObject({ mode: z.enum(["build", "pull"]), engine: z.string(), at: z.iso.datetime() });

/** What "auto" means here: one small image is pulled, once a week; where that does not work within ten seconds, images are built. */
export async function decideMode(engine: Engine, wanted: "auto" | ImageMode, now = new Date()): Promise<ImageMode> {
  if (wanted !== "auto") return wanted;
  const remembered = triedSchema.safeParse(
    JSON.parse(await readFile(cachePaths.imageMode, "utf8").catch(() => "null")),
  );
  if (
    remembered.success &&
    remembered.data.engine === engine.name &&
    now.getTime() - Date.parse(remembered.data.at) < rememberedMsMax
  ) {
    return remembered.data.mode;
  }
  const pulled = await engine.call(["pull", "-q", "registry.k8s.io/pause:3.10"], { timeoutMs: pullMsMax }).then(
    () => true,
    () => false,
  );
  const mode = pulled ? "pull" : "build";
  await mkdir(dirname(cachePaths.imageMode), { recursive: true });
  await writeFile(cachePaths.imageMode, JSON.stringify({ mode, engine: engine.name, at: now.toISOString() }));
  return mode;
}
