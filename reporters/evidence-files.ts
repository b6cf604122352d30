/** Evidence files that suites wrote for pictures: several of one kind, each with its own name. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";

const filesMax = 40;
const bytesMax = 1_000_000;

/**
 * What the files of a run's evidence folder hold, in the order of their names: only those whose name fits, that are not too large, and that are
 * understood. A file that anybody may have changed since is left out rather than guessed at.
 */
export function readEvidence<S extends z.ZodType>(directory: string, name: RegExp, schema: S): readonly z.output<S>[] {
  const folder = join(directory, "evidence");
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((one) => name.test(one));
  } catch {
    return [];
  }
  return names
    .toSorted()
    .slice(0, filesMax)
    .flatMap((one) => {
      try {
        const path = join(folder, one);
        if (statSync(path).size > bytesMax) return [];
        const parsed = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
        return parsed.success ? [parsed.data] : [];
      } catch {
        return [];
      }
    });
}
