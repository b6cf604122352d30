/** The processes that a run started, told by the plan in their environment. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

export type RunProcess = { readonly pid: number; readonly command: string };

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
