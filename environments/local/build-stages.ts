/** Everything that is made before there is a cluster, as stages: one line of Go builds, one of the rest, images where both meet. */
import { existsSync } from "node:fs";
import { buildAppsImage, buildEnvoyImage, buildNodeRuntimeImage, buildPostgresImage } from "./apps-images.ts";
import { buildCiliumImage } from "./cilium-image.ts";
import type { Engine } from "./engine.ts";
import type { ImageMode, ImageSet } from "./image-set.ts";
import { hasImage } from "./images.ts";
import { layerImages } from "./layer-images.ts";
import { buildNodeImage } from "./node-image.ts";
import { cachePaths } from "./paths.ts";
import {
  baseReference,
  buildBase,
  ciliumRoot,
  libraryRoot,
  nodeRoot,
  postgresRoot,
  proxyRoot,
  registryRoot,
} from "./rootfs.ts";
import { buildRegistryImage, buildSimpleImage, simpleImages } from "./simple-images.ts";
import { recipeStages } from "./recipe-stages.ts";
import { buildRecipe, recipeReference } from "./recipes.ts";
import { sourcesFolder, sourcesOfLayer } from "./sources.ts";
import type { Stage } from "./stages.ts";
import { buildTool, emptyGoCaches, isToolBuilt } from "./toolchain.ts";
import { tools } from "./tools.ts";
import type { LayerName } from "./versions.ts";

/**
 * @param last whether Go's caches may go afterwards: a later layer of the same run would still build with them
 * @returns the stages of a layer; each says by itself whether its outcome is there already
 */
export function buildStages(engine: Engine, set: ImageSet, mode: ImageMode, layer: LayerName, last: boolean): Stage[] {
  const stages = mode === "build" ? ownStages(engine, set, layer) : pullStages(engine, set, layer);
  return last
    ? [...stages, emptyingStage(stages.filter(({ name }) => name === "charts").map(({ name }) => name))]
    : stages;
}

function goStages(names: readonly string[], layer: LayerName): Stage[] {
  const wanted = tools.filter((tool) => names.includes(tool.name));
  const stages = wanted.map((tool, index): Stage => {
    const before = wanted[index - 1];
    return {
      name: `go ${tool.name}`,
      expectedSeconds: tool.expectedSeconds,
      // Go compiles with all processors by itself: one after the other.
      after: before === undefined ? [] : [`go ${before.name}`],
      done: () => isToolBuilt(tool),
      run: async (signal) => void (await buildTool(tool, signal)),
    };
  });
  const charts: Stage = {
    name: "charts",
    expectedSeconds: 10,
    after: stages.slice(-1).map((stage) => stage.name),
    run: async (signal) => {
      for (const sources of sourcesOfLayer(layer)) await sourcesFolder(sources, signal);
    },
  };
  return [...stages, charts];
}

/** Emptied when nothing is left to be built from them: they are larger than all that came out of them. */
function emptyingStage(after: readonly string[]): Stage {
  return {
    name: "empty Go's caches",
    expectedSeconds: 60,
    after,
    done: async () => Promise.resolve(!existsSync(cachePaths.goModules) && !existsSync(cachePaths.goBuild)),
    run: emptyGoCaches,
  };
}

function ownStages(engine: Engine, set: ImageSet, layer: LayerName): Stage[] {
  const go = goStages(
    tools.filter((tool) => tool.layer === layer).map((tool) => tool.name),
    layer,
  );
  const stages = [...go, ...(layer === "core" ? coreStages(engine, set) : [])];
  const names = stages.map((stage) => stage.name);
  return [...stages, ...recipeStages(engine, layer, names), ...appsStages(engine, set, layer)];
}

/** The reference services: they change most, and every layer has some. */
function appsStages(engine: Engine, set: ImageSet, layer: LayerName): Stage[] {
  const stage = (name: string, base: string, reference: string, after: readonly string[]): Stage => ({
    name: `image ${name}`,
    expectedSeconds: 5,
    after,
    done: () => hasImage(engine, reference),
    run: (signal) => buildAppsImage(engine, base, reference, signal),
  });
  const apps = stage("apps", set.nodeRuntime, set.apps, layer === "core" ? ["image node24"] : []);
  const git = stage("git-server", set.gitRuntime, set.gitServer, ["image node24-git"]);
  return layer === "operations" ? [apps, git] : [apps];
}

/** What the nodes and the add-ons are made from, and the platform's own images that are older than recipes. */
function coreStages(engine: Engine, set: ImageSet): Stage[] {
  const roots = [nodeRoot, proxyRoot, ciliumRoot, postgresRoot, libraryRoot, registryRoot];
  const expected = [100, 70, 95, 90, 5, 20];
  const rootStages = roots.map((root, index): Stage => {
    const before = roots[index - 1];
    return {
      name: `packages ${root.name}`,
      expectedSeconds: expected[index] ?? 60,
      after: before === undefined ? [] : [`packages ${before.name}`],
      done: () => hasImage(engine, baseReference(root)),
      run: (signal) => buildBase(engine, root, signal),
    };
  });
  const image = (
    name: string,
    reference: string,
    expectedSeconds: number,
    after: readonly string[],
    run: Stage["run"],
  ): Stage => ({
    name: `image ${name}`,
    expectedSeconds,
    after,
    done: () => hasImage(engine, reference),
    run,
  });
  const nodeParts = ["kubernetes", "etcd", "coredns", "pause"].map((name) => `go ${name}`);
  const images = [
    image("node", set.node, 60, [...nodeParts, "packages node", "packages proxy"], (signal) =>
      buildNodeImage(engine, signal),
    ),
    image("cilium", set.cilium ?? "", 25, ["go cilium", "packages cilium", "charts"], (signal) =>
      buildCiliumImage(engine, signal),
    ),
    image("registry", set.registry, 3, ["packages registry"], (signal) => buildRegistryImage(engine, signal)),
    image("agnhost", set.agnhost, 3, ["go kubernetes"], (signal) =>
      buildSimpleImage(engine, simpleImages.agnhost, signal),
    ),
    image("local-path", set.localPath, 3, ["go local-path-provisioner"], (signal) =>
      buildSimpleImage(engine, simpleImages.localPath, signal),
    ),
    image("metrics-server", set.metricsServer, 3, ["go metrics-server"], (signal) =>
      buildSimpleImage(engine, simpleImages.metricsServer, signal),
    ),
    image("envoy-gateway", set.envoyGateway ?? "", 8, ["go envoy-gateway"], (signal) =>
      buildSimpleImage(engine, simpleImages.envoyGateway, signal),
    ),
    image("envoy", set.envoy, 10, ["packages library"], (signal) => buildEnvoyImage(engine, signal)),
    image("postgres", set.postgres, 3, ["packages postgres"], (signal) => buildPostgresImage(engine, signal)),
    image("node24", set.nodeRuntime, 5, ["packages library"], (signal) => buildNodeRuntimeImage(engine, signal)),
  ];
  return [...rootStages, ...images];
}

/** Nobody publishes it: it is built in pull mode, too. */
function networkProberStage(engine: Engine): Stage {
  const recipe = layerImages.networkProber;
  return {
    name: `image ${recipe.name}`,
    expectedSeconds: recipe.expectedSeconds,
    after: ["go network-prober"],
    done: async () => hasImage(engine, await recipeReference(recipe)),
    run: (signal) => buildRecipe(engine, recipe, signal),
  };
}

/** Pull mode: kind, Helm and our own prober are built, the nodes' image and the reference services' base are pulled; the nodes pull the rest. */
function pullStages(engine: Engine, set: ImageSet, layer: LayerName): Stage[] {
  const pull = (reference: string): Stage => ({
    name: `pull ${reference}`,
    expectedSeconds: 60,
    done: () => hasImage(engine, reference),
    run: async (signal) => void (await engine.call(["pull", "-q", reference], { signal, timeoutMs: 900_000 })),
  });
  const apps = (base: string, reference: string): Stage => ({
    name: `image ${reference}`,
    expectedSeconds: 10,
    after: [`pull ${base}`],
    done: () => hasImage(engine, reference),
    run: (signal) => buildAppsImage(engine, base, reference, signal),
  });
  const ours = [pull(set.nodeRuntime), apps(set.nodeRuntime, set.apps)];
  if (layer === "core") {
    const programs = ["kind", "network-prober", "helm"];
    return [...goStages(programs, layer), pull(set.node), pull(set.registry), networkProberStage(engine), ...ours];
  }
  // Velero's own command writes the objects that install it.
  if (layer === "operations")
    return [...goStages(["velero"], layer), ...ours, pull(set.gitRuntime), apps(set.gitRuntime, set.gitServer)];
  return [...goStages([], layer), ...ours];
}
