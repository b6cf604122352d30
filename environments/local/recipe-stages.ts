/** The stages that make a layer's images from its recipes: its packages, then its images. */
import type { Engine } from "./engine.ts";
import { hasImage } from "./images.ts";
import { layerImages } from "./layer-images.ts";
import { buildRecipe, recipeReference, toolsOf } from "./recipes.ts";
import type { Recipe } from "./recipes.ts";
import { baseReference, buildBase } from "./rootfs.ts";
import type { RootFileSystem } from "./rootfs.ts";
import type { Stage } from "./stages.ts";
import type { LayerName } from "./versions.ts";

const packagesSeconds: Readonly<Record<string, number>> = { redis: 40, rabbitmq: 60, git: 37 };

/**
 * @param before the names of stages of this run that the recipes' tools and packages may wait for
 * @returns packages one after the other (they compress), then images
 */
export function recipeStages(engine: Engine, layer: LayerName, before: readonly string[]): Stage[] {
  const recipes: readonly Recipe[] = Object.values(layerImages).filter((recipe) => recipe.layer === layer);
  const packages = packageStages(engine, recipes, before);
  const known = [...before, ...packages.map((stage) => stage.name)];
  const images = recipes.map((recipe): Stage => {
    const tools = toolsOf(recipe).map((tool) => `go ${tool}`);
    const root = recipe.base === undefined ? [] : [`packages ${recipe.base.name}`];
    return {
      name: `image ${recipe.name}`,
      expectedSeconds: recipe.expectedSeconds,
      // What an earlier layer made is there already, and no stage of this run.
      after: [...tools, ...root].filter((name) => known.includes(name)),
      done: async () => hasImage(engine, await recipeReference(recipe)),
      run: (signal) => buildRecipe(engine, recipe, signal),
    };
  });
  return [...packages, ...images];
}

function packageStages(engine: Engine, recipes: readonly Recipe[], before: readonly string[]): Stage[] {
  const roots = new Map<string, RootFileSystem>();
  for (const { base } of recipes) if (base !== undefined) roots.set(base.name, base);
  const last = before.filter((name) => name.startsWith("packages ")).slice(-1);
  return [...roots.values()].map((root, index, all): Stage => {
    const previous = all[index - 1];
    return {
      name: `packages ${root.name}`,
      expectedSeconds: packagesSeconds[root.name] ?? 8,
      after: previous === undefined ? last : [`packages ${previous.name}`],
      done: () => hasImage(engine, baseReference(root)),
      run: (signal) => buildBase(engine, root, signal),
    };
  });
}
