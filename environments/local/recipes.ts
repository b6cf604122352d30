/** An image as a recipe: a root file system or nothing, programs that Go built, files, and the last lines of a Containerfile. */
import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Engine } from "./engine.ts";
import { buildImage, hasImage, withContext } from "./images.ts";
import { place } from "./node-image.ts";
import { baseReference } from "./rootfs.ts";
import type { RootFileSystem } from "./rootfs.ts";
import { toolFolder, toolKey, toolNamed } from "./toolchain.ts";
import { imageReference } from "./versions.ts";
import type { LayerName } from "./versions.ts";

export type Recipe = {
  readonly name: string;
  readonly version: string;
  /** The first layer that runs it. */
  readonly layer: LayerName;
  readonly expectedSeconds: number;
  /** Absent: an empty image. */
  readonly base?: RootFileSystem;
  /** Programs of a Go tool: tool, program, and its path in the image. */
  readonly programs?: readonly (readonly [tool: string, program: string, path: string])[];
  /** Further files. */
  readonly files?: {
    /** What they are made from. */
    key(): Promise<string>;
    /** Puts them below `root`, at their paths in the image. */
    fill(root: string, signal: AbortSignal): Promise<void>;
  };
  /** Lines that end the Containerfile. */
  readonly lines: readonly string[];
};

function containerfileOf(recipe: Recipe): string {
  return `ARG BASE\nFROM \${BASE}\nCOPY root/ /\n${recipe.lines.join("\n")}\n`;
}

function baseOf(recipe: Recipe): string {
  return recipe.base === undefined ? "scratch" : baseReference(recipe.base);
}

/** The Go tools that a recipe takes programs from. */
export function toolsOf(recipe: Recipe): readonly string[] {
  return [...new Set((recipe.programs ?? []).map(([tool]) => tool))];
}

/** The reference of the image that belongs to the present sources. */
export async function recipeReference(recipe: Recipe): Promise<string> {
  const keys = await Promise.all(toolsOf(recipe).map((tool) => toolKey(toolNamed(tool))));
  const programs = (recipe.programs ?? []).flat();
  const files = recipe.files === undefined ? "" : await recipe.files.key();
  return imageReference(recipe.name, recipe.version, [
    baseOf(recipe),
    containerfileOf(recipe),
    ...keys,
    ...programs,
    files,
  ]);
}

/** Builds the image if the engine lacks it; needs its root file system and its tools. */
export async function buildRecipe(engine: Engine, recipe: Recipe, signal: AbortSignal): Promise<void> {
  const reference = await recipeReference(recipe);
  if (await hasImage(engine, reference)) return;
  await withContext(`image-${recipe.name}`, async (context) => {
    const root = join(context, "root");
    await mkdir(join(root, "tmp"), { recursive: true });
    // The folder's mode goes into the image; mkdir's own is cut by the umask.
    await chmod(join(root, "tmp"), 0o1777);
    for (const [tool, program, path] of recipe.programs ?? []) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await place(join(await toolFolder(tool), program), join(root, path));
    }
    await recipe.files?.fill(root, signal);
    const containerfile = containerfileOf(recipe);
    await buildImage(engine, { reference, context, containerfile, buildArguments: { BASE: baseOf(recipe) }, signal });
  });
}
