/** The end of a run: all its reports, its table, its exit code. */
import type { Profile } from "../environments/profile.ts";
import type { Ledger } from "../harness/ledger.ts";
import { withoutReports, writeLedger } from "../reporters/ledger.ts";
import { terminalTable } from "../reporters/terminal.ts";
import { writeReports } from "./reports.ts";

type Reported = { readonly directory: string; readonly profile: Profile; readonly say: (line: string) => void };

/** Writes the reports and prints the table. @returns the exit code */
export async function reportRun(finished: Ledger, run: Reported): Promise<number> {
  const ledger = await writeAll(finished, run);
  const columns = process.stdout.columns ?? 120;
  run.say(terminalTable(ledger, { width: columns, colour: process.stdout.isTTY }));
  return ledger.exitCode;
}

/** Writes all reports. Where one cannot be written the others are written once more, so that none of them says more than the exit code. */
async function writeAll(ledger: Ledger, { directory, profile }: Reported): Promise<Ledger> {
  const failed = await writeReports(ledger, directory, profile.pushgateway);
  if (failed.length === 0) return ledger;
  const told = withoutReports(ledger, failed);
  writeLedger(told, directory);
  await writeReports(told, directory, profile.pushgateway);
  return told;
}
