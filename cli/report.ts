/** `oke-proof report`: the reports once more, from a run's ledger. */
import { join, resolve } from "node:path";
import { readLedger } from "../reporters/ledger.ts";
import { terminalTable } from "../reporters/terminal.ts";
import { writeReports } from "./reports.ts";

/**
 * Writes scorecard, Allure, JUnit and metrics from `ledger.json`.
 * @returns 0, or 3 where a report could not be written; the run's own exit code stays in the ledger
 */
export async function runReport(directory: string, context: { readonly say: (line: string) => void }): Promise<number> {
  const folder = resolve(directory);
  const ledger = readLedger(join(folder, "ledger.json"));
  const failed = await writeReports(ledger, folder, undefined);
  context.say(terminalTable(ledger, { width: process.stdout.columns ?? 120, colour: process.stdout.isTTY }));
  for (const line of failed) context.say(`report not written: ${line}`);
  return failed.length === 0 ? 0 : 3;
}
