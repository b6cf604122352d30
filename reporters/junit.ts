/** JUnit XML, for the test views of CI systems. */
import junit, { type Builder, type TestCase } from "junit-report-builder";
import type { Ledger, LedgerLine } from "../harness/ledger.ts";
import { headline } from "./ledger.ts";
import { shownMeasured } from "./allure-result.ts";
import { cautions } from "./verdict-words.ts";
import { writeReport } from "./write-report.ts";

/**
 * The ledger as JUnit XML: one suite a suite, one case a criterion. A fail is a failure; unproven in scope is an error, so that CI counts it.
 * Only a criterion out of scope is skipped, since it is no part of what the run claims; each suite says how many of those it has.
 * Where all criteria passed and the run still says no (a gate that refuses, a harness that broke), a case of its own is the error.
 */
export function toJunit(ledger: Ledger): string {
  const report = newBuilder().name(`oke-proof ${ledger.run.env}: ${ledger.verdict}`);
  for (const name of new Set(ledger.criteria.map(({ suite }) => suite))) {
    const lines = ledger.criteria.filter(({ suite }) => suite === name);
    const suite = report.testSuite().name(name).timestamp(ledger.run.startedAt).time(seconds(lines));
    suite.property("verdict", ledger.verdict);
    suite.property("cluster", ledger.run.clusterUid ?? "unknown");
    suite.property("headline", headline(ledger).text);
    suite.property("outOfScope", String(lines.filter(({ scope }) => scope === "out").length));
    for (const line of lines) describe(suite.testCase(), line);
  }
  const told = ledger.criteria.some(({ scope, outcome }) => scope === "in" && outcome !== "pass");
  if (ledger.exitCode !== 0 && !told) {
    const why = [`exit code ${ledger.exitCode}`, ...cautions(ledger).flatMap((caution) => caution.split(/\n\s*/))].join(
      "; ",
    );
    const row = report.testSuite().name("run").testCase().className("oke-proof.run").name("verdict");
    row.error(printable(why), "RunNotProven");
  }
  return report.build();
}

function describe(row: TestCase, line: LedgerLine): void {
  row
    .className(`oke-proof.${line.suite}.${line.area}`)
    .name(line.id)
    .time(seconds([line]));
  row.property("must", printable(line.must));
  row.property("severity", line.severity);
  const said = [line.because, ...line.measured.map((measured) => `${measured.what}: ${shownMeasured(measured)}`)];
  row.standardOutput(printable(said.join("\n")));
  if (line.scope === "out") row.skipped();
  else if (line.outcome === "fail") row.failure(printable(line.because), "CriterionFailed");
  else if (line.outcome === "unproven") row.error(printable(line.because), "CriterionNotProven");
}

/** The package exports the builder itself, while its types say that it is the export's `default`. */
function newBuilder(): Builder {
  const exported: unknown = junit;
  if (!isBuilder(exported))
    throw new Error("junit-report-builder exports no builder: is another version installed than the pinned one?");
  return exported.newBuilder();
}

function isBuilder(exported: unknown): exported is Builder {
  return typeof exported === "object" && exported !== null && "newBuilder" in exported;
}

function seconds(lines: readonly LedgerLine[]): number {
  return lines.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
}

/** XML has no place for most control characters, and no way to escape them. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters to be rid of
  return text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "\uFFFD");
}

/** Writes `junit.xml` into the run's folder. */
export function writeJunit(ledger: Ledger, directory: string): void {
  writeReport(directory, "junit.xml", toJunit(ledger));
}
