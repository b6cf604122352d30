/** Writes every report of a finished ledger into its folder. */
import { join } from "node:path";
import type { Profile } from "../environments/profile.ts";
import type { Ledger } from "../harness/ledger.ts";
import { completeAllureResults, generateAllureReport } from "../reporters/allure.ts";
import { writeJunit } from "../reporters/junit.ts";
import { drillPictures } from "../reporters/drill-picture.ts";
import { loadPictures } from "../reporters/load-picture.ts";
import { networkMatrixPictures } from "../reporters/network-matrix.ts";
import { overloadPictures } from "../reporters/overload-picture.ts";
import { resourcePictures } from "../reporters/resource-picture.ts";
import { restorePictures } from "../reporters/restore-picture.ts";
import type { Picture } from "../reporters/picture.ts";
import { pushMetrics, toRegistry, writeMetrics } from "../reporters/prometheus.ts";
import { writeScorecard } from "../reporters/scorecard-html.ts";
import { writeScorecardMarkdown } from "../reporters/scorecard-markdown.ts";

const pushTimeoutMs = 5_000;

/**
 * Writes scorecard, Allure, JUnit and metrics. One report that cannot be written does not keep the others from being written.
 * @returns one line a report that failed; empty when all stand
 */
export async function writeReports(
  ledger: Ledger,
  directory: string,
  push: Profile["pushgateway"] | undefined,
): Promise<string[]> {
  const reports: readonly (readonly [string, () => unknown])[] = [
    ["scorecard.html", () => writeScorecard(ledger, directory, picturesOf(directory))],
    ["scorecard.md", () => writeScorecardMarkdown(ledger, directory)],
    ["junit.xml", () => writeJunit(ledger, directory)],
    ["metrics.prom", () => writeMetrics(toRegistry(ledger), directory)],
    ["allure-results", () => completeAllureResults(ledger, directory)],
    ["allure-report", () => generateAllureReport(directory)],
    ...(push === undefined
      ? []
      : [
          [
            `metrics pushed to ${push}`,
            () => pushMetrics(toRegistry(ledger), push, { timeoutMs: pushTimeoutMs, environment: ledger.run.env }),
          ] as const,
        ]),
  ];
  const failed: string[] = [];
  for (const [name, write] of reports) {
    try {
      await write();
    } catch (error) {
      failed.push(`${join(directory, name)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return failed;
}

/** What suites drew of their evidence. */
function picturesOf(directory: string): readonly Picture[] {
  return [
    ...networkMatrixPictures(directory),
    ...loadPictures(directory),
    ...resourcePictures(directory),
    ...overloadPictures(directory),
    ...drillPictures(directory),
    ...restorePictures(directory),
  ];
}
