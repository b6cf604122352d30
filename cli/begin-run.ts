/** What a run is called, what it says of itself, and the folder that it writes to. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { projectRoot } from "../environments/settings.ts";
import type { LedgerRun } from "../harness/ledger.ts";
import { makeRunDirectory, pointLatestAt } from "./run-directory.ts";

/** A run that begins now. */
export function aboutRun(environment: string): Pick<LedgerRun, "id" | "startedAt" | "gitSha" | "versions"> {
  const startedAt = new Date();
  const id = `${startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${environment}-${randomBytes(4).toString("hex")}`;
  return { id, startedAt: startedAt.toISOString(), gitSha: gitSha(), versions: { node: process.versions.node } };
}

/** Makes the folder of a run. @param out as `--out` says it; absent: reports/<run-id>, with reports/latest pointing there. @throws UsageError */
export function openRunDirectory(runId: string, out: string | undefined): string {
  const directory = resolve(out ?? join(projectRoot, "reports", runId));
  makeRunDirectory(directory);
  if (out === undefined) pointLatestAt(directory);
  return directory;
}

function gitSha(): string {
  try {
    const sha = git("rev-parse", "HEAD");
    return git("status", "--porcelain") === "" ? sha : `${sha}-dirty`;
  } catch {
    return "unknown";
  }
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, {
    cwd: projectRoot,
    encoding: "utf8",
    timeout: 5_000,
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}
