/** Build outputs, each in a folder named by what it was made from. A folder that exists is whole: it was renamed into place at the end. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, utimes } from "node:fs/promises";
import { join, relative } from "node:path";
import { cachePaths } from "./paths.ts";

const keyLength = 12;

/** The key of an output: a hash over everything it is made from, in the order given. */
export function keyOf(parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = Buffer.from(part);
    // The length keeps ["ab", "c"] and ["a", "bc"] apart.
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex").slice(0, keyLength);
}

/**
 * The key of a folder's files: names and contents, in alphabetical order.
 * @param skip names of files and folders that do not count, wherever they stand
 */
export async function keyOfFolder(folder: string, skip: readonly string[] = []): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(folder, file)
          .split("/")
          .some((part) => skip.includes(part)),
    )
    .toSorted();
  const parts: (string | Buffer)[] = [];
  for (const file of files) parts.push(relative(folder, file), await readFile(file));
  return keyOf(parts);
}

/** Where the output of that name and key is or will be. */
export function outputPath(name: string, key: string): string {
  return join(cachePaths.outputs, `${name}-${key}`);
}

export function hasOutput(name: string, key: string): boolean {
  return existsSync(outputPath(name, key));
}

/**
 * The folder of an output, made if it is missing. `build` fills a temporary folder that gets its name only when it is whole,
 * and older outputs of the same name are removed then.
 */
export async function output(name: string, key: string, build: (folder: string) => Promise<void>): Promise<string> {
  const path = outputPath(name, key);
  if (existsSync(path)) {
    await utimes(path, new Date(), new Date());
    return path;
  }
  const temporary = join(cachePaths.outputs, `.making-${name}`);
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  await build(temporary);
  await rename(temporary, path);
  await removeOlder(name, key);
  return path;
}

async function removeOlder(name: string, key: string): Promise<void> {
  const pattern = new RegExp(`^${name}-[0-9a-f]{${keyLength}}$`);
  for (const entry of await readdir(cachePaths.outputs)) {
    if (pattern.test(entry) && entry !== `${name}-${key}`)
      await rm(join(cachePaths.outputs, entry), { recursive: true, force: true });
  }
}
