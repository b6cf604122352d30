/** The Vitest child: the command line is its parent, owns the signals and outlives it. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { projectRoot, type Settings } from "../environments/settings.ts";
import { systemClock } from "../harness/poll.ts";

/** How the child ended. `code` is null where a signal ended it. */
export type ChildEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

const graceMs = 3_000;

/**
 * Runs projects of Vitest on the named files, in a process group of its own, its output going to `logFile`.
 * When `signal` aborts the group gets SIGTERM, then SIGKILL; after any end the group is swept once more,
 * because workers of a finished Vitest have been seen alive.
 * @throws Error where the child could not be started
 */
export async function runVitest(
  files: readonly string[],
  options: {
    readonly projects: readonly string[];
    readonly runFile: string;
    readonly logFile: string;
    readonly settings: Settings;
    readonly signal: AbortSignal;
  },
): Promise<ChildEnd> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const log = openSync(options.logFile, "a");
  const child = spawn(
    process.execPath,
    [vitest, "run", ...options.projects.flatMap((project) => ["--project", project]), ...files],
    {
      cwd: projectRoot,
      detached: true,
      stdio: ["ignore", log, log, "ipc"],
      env: { ...options.settings.inherited, OKE_PROOF_RUN: options.runFile, CI: "true" },
    },
  );
  closeSync(log);
  const ended = new Promise<ChildEnd>((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`starting Vitest for ${files.length} files`, { cause: error })));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const stop = (): void => {
    sendToGroup(child, "SIGTERM");
    void systemClock.sleep(graceMs).then(() => sendToGroup(child, "SIGKILL"));
  };
  options.signal.addEventListener("abort", stop, { once: true });
  if (options.signal.aborted) stop();
  try {
    return await ended;
  } finally {
    options.signal.removeEventListener("abort", stop);
    sendToGroup(child, "SIGKILL");
  }
}

function sendToGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
