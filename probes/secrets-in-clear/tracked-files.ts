/** The files that Git keeps of this project: what a secret in them would be told to everybody who may read it. */
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import { git } from "../git/git.ts";
import { whyOf } from "../why.ts";
import type { Place } from "./scanner.ts";

const filesMax = 20_000;
const openAtOnce = 32;
const lengthMax = 2_000_000;
const configuration = new Set([".yaml", ".yml", ".json", ".tfvars", ".ini", ".conf", ".toml", ".properties", ".env"]);

/** Every tracked file that is text and still there. A folder that Git does not know, and a file that cannot be read, leave no reading. */
export async function readTrackedFiles(folder: string, signal: AbortSignal): Promise<Reading<readonly Place[]>> {
  const now = new Date();
  // Nothing is fetched: the address is never asked.
  const access = { url: "https://oke-proof.invalid/", timeoutMs: 10_000, signal };
  const [listed, deleted] = await Promise.all([
    git(access, ["ls-files", "-z"], folder),
    git(access, ["ls-files", "-z", "--deleted"], folder),
  ]);
  if (!listed.ok) return unread(listed.why, folder, now);
  if (!deleted.ok) return unread(deleted.why, folder, now);
  const gone = new Set(namesIn(deleted.stdout));
  const names = namesIn(listed.stdout).filter((name) => !gone.has(name));
  if (names.length > filesMax) return unread(`Git keeps more than ${filesMax} files`, folder, now);
  try {
    const places = await fewAtATime(names, openAtOnce, async (name): Promise<Place[]> => {
      const bytes = await readFile(join(folder, name));
      // Neither pictures nor archives: a secret in clear is text.
      if (bytes.includes(0)) return [];
      if (bytes.length > lengthMax) throw new Error(`${name} is longer than ${lengthMax} bytes`);
      return [{ where: name, text: bytes.toString("utf8"), how: sensitivityOf(name) }];
    });
    return read(places.flat(), folder, now);
  } catch (error) {
    return unread(`reading the tracked files: ${whyOf(error)}`, folder, now);
  }
}

/** Values and settings are configuration; templates of charts and code hold names of secrets wherever one is used. */
function sensitivityOf(name: string): Place["how"] {
  const isTemplate = name.includes("/templates/");
  return !isTemplate && configuration.has(extname(name)) ? "configuration" : "prose";
}

function namesIn(text: string): string[] {
  return text.split("\0").filter((name) => name !== "");
}
