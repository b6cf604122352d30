/** Allure: one result a criterion of the catalogue, statuses from the ledger, and a report that opens offline. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { Status } from "allure-js-commons";
import { FileSystemWriter } from "allure-js-commons/sdk/reporter";
import type { Ledger } from "../harness/ledger.ts";
import { resultFiles, takeFound } from "./allure-found.ts";
import { resultOf } from "./allure-result.ts";
import { remoteReferences, withoutAnalytics } from "./offline.ts";

const generateTimeoutMs = 120_000;

/** Allure 2's form, for other tools that read the results folder. */
const categories = [
  { name: "Failed", matchedStatuses: [Status.FAILED] },
  { name: "Not proven", matchedStatuses: [Status.BROKEN], messageRegex: "^Not proven: [\\s\\S]*" },
  { name: "Out of scope", matchedStatuses: [Status.BROKEN], messageRegex: "^Out of scope: [\\s\\S]*" },
];

/**
 * Makes `allure-results` agree with the ledger: exactly one result a criterion, of the ledger's status, never "skipped".
 * What checks left (steps, attachments, times) is kept; results of another attempt or of no criterion are removed. Running it twice changes nothing.
 * @param directory the run's folder
 */
export function completeAllureResults(ledger: Ledger, directory: string): void {
  const resultsDir = join(directory, "allure-results");
  mkdirSync(resultsDir, { recursive: true });
  const found = takeFound(resultsDir, new Set(ledger.criteria.map(({ id }) => id)));
  const writer = new FileSystemWriter({ resultsDir });
  for (const line of ledger.criteria) {
    const left = found.get(line.id);
    writer.writeResult(resultOf(line, ledger.run, left, left?.uuid ?? randomUUID()));
  }
  writer.writeCategoriesDefinitions(categories);
  writer.writeEnvironmentInfo({
    environment: ledger.run.env,
    cluster: ledger.run.clusterUid ?? "unknown",
    run: ledger.run.id,
    git: ledger.run.gitSha,
    verdict: ledger.verdict,
    ...ledger.run.versions,
  });
}

/**
 * Generates `allure-report/index.html`, one file, from `allure-results`; the history of runs is kept beside the runs in `reports/`.
 * @param directory the run's folder
 * @throws Error where there are no results, where Allure fails or takes too long, or where the page would still load something remote
 */
export async function generateAllureReport(directory: string): Promise<void> {
  const results = resultFiles(join(directory, "allure-results"));
  // Allure itself makes an empty report of an empty folder and calls it a success.
  if (results.length === 0)
    throw new Error(`Allure report not generated: no results in ${join(directory, "allure-results")}`);
  const output = join(directory, "allure-report");
  const again = existsSync(output);
  rmSync(output, { recursive: true, force: true });
  const config = join(directory, "allurerc.json");
  writeFileSync(config, JSON.stringify(allureConfig(directory, again), undefined, 2));
  await runAllure(directory, config);
  const page = join(output, "index.html");
  const html = withoutAnalytics(readFileSync(page, "utf8"));
  writeFileSync(page, html);
  const remote = remoteReferences(html);
  if (remote.length > 0) throw new Error(`${page} would load from elsewhere: ${remote.join(", ")}`);
}

/** Paths are relative to the run's folder. A report made again does not add its run to the history again. */
function allureConfig(directory: string, again: boolean): object {
  const isAmongRuns = basename(dirname(directory)) === "reports";
  const history = {
    historyPath: "../allure-history.jsonl",
    historyLimit: 30,
    appendHistory: !again,
  };
  return {
    name: "oke-proof",
    output: "allure-report",
    ...(isAmongRuns ? history : {}),
    categories: [
      { name: "Failed", matchers: { statuses: ["failed"] }, groupBy: ["severity"] },
      { name: "Not proven", matchers: { statuses: ["broken"], labels: { scope: "in" } }, groupBy: ["severity"] },
      { name: "Out of scope", matchers: { statuses: ["broken"], labels: { scope: "out" } }, groupBy: [] },
    ],
    plugins: {
      awesome: { options: { reportName: "oke-proof", singleFile: true, groupBy: ["epic"], reportLanguage: "en" } },
    },
  };
}

async function runAllure(directory: string, config: string): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve("allure")), "..", "cli.js");
  const options = { cwd: directory, timeout: generateTimeoutMs, killSignal: "SIGKILL", maxBuffer: 1 << 20 } as const;
  try {
    await promisify(execFile)(process.execPath, [cli, "generate", "allure-results", "--config", config], options);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.trim().slice(-600) : String(cause);
    throw new Error(`'allure generate' failed in ${directory}: ${said}`, { cause });
  }
}
