/** The processes that a run started, told by the plan in their environment. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";

export type RunProcess = { readonly pid: number; readonly command: string };

/** A load generator, and the folder that it writes its samples to. */
export type GeneratorProcess = { readonly pid: number; readonly folder: string };

/** The k6 that makes the load of the run in this folder, as long as it lives. Its parent may be gone already: it is known by where it writes. */
export function generatorOf(directory: string): GeneratorProcess | undefined {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const folder = readlinkSync(join("/proc", pid, "cwd"));
      // A process that has ended and waits to be reaped has no executable any more.
      const program = basename(readlinkSync(join("/proc", pid, "exe")));
      if (program === "k6" && folder.startsWith(`${directory}/`)) return { pid: Number(pid), folder };
    } catch {
      // It has ended by now, or is another user's.
    }
  }
  return undefined;
}

/** All living processes that were given the plan of the run in this folder: Vitest and its workers. */
export function processesOf(directory: string): RunProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(join("/proc", pid, "environ"), "utf8");
        if (!environment.split("\0").includes(`OKE_PROOF_RUN=${join(directory, "run.json")}`)) return [];
        // A process that has ended and waits to be reaped has no executable any more.
        readlinkSync(join("/proc", pid, "exe"));
        const command = readFileSync(join("/proc", pid, "cmdline"), "utf8").replaceAll("\0", " ");
        return [{ pid: Number(pid), command }];
      } catch {
        return [];
      }
    });
}
