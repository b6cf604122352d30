/** The folder that a run writes to. */
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../environments/settings.ts";

/** Everything that a run leaves in its folder. */
const ours = [
  "allure-report",
  "allure-results",
  "evidence",
  "junit.xml",
  "ledger.json",
  "metrics.prom",
  "run.json",
  "scorecard.html",
  "scorecard.md",
  "verdicts.jsonl",
  "vitest.log",
] as const;

/**
 * Makes the run's folder, empty of what an earlier run left there: its verdicts must never be taken for ours.
 * @throws UsageError where the folder holds something that no run of ours wrote
 */
export function makeRunDirectory(directory: string): void {
  try {
    const found = existsSync(directory) ? readdirSync(directory) : [];
    if (found.length > 0 && !found.includes("ledger.json")) {
      throw new UsageError(`--out ${directory}: is not empty and holds no earlier run; choose another folder`);
    }
    for (const name of ours) rmSync(join(directory, name), { recursive: true, force: true });
    mkdirSync(join(directory, "evidence"), { recursive: true });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--out ${directory}: cannot be written to: ${why}`, { cause: error });
  }
}

/** Points `latest`, beside the run's folder, at it. */
export function pointLatestAt(directory: string): void {
  const latest = join(dirname(directory), "latest");
  rmSync(latest, { force: true, recursive: true });
  symlinkSync(basename(directory), latest);
}
