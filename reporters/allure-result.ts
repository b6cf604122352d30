/** One Allure result from one line of the ledger. Whatever Allure guessed while the checks ran, the ledger says the status. */
import { LabelName, LinkType, Stage, Status, type Label, type TestResult } from "allure-js-commons";
import type { LedgerLine, LedgerRun, Measured } from "../harness/ledger.ts";
import type { FoundResult } from "./allure-found.ts";

/** Measured values shown as parameters; all of them are in the ledger and in the scorecard. */
const parametersAtMost = 20;

/** Never skipped: Allure and its quality gate count skipped as fine. */
export function statusOf(line: LedgerLine): Status {
  if (line.outcome === "pass") return Status.PASSED;
  return line.outcome === "fail" ? Status.FAILED : Status.BROKEN;
}

/** The words in front of the reason; the categories match on them. */
export function messageOf(line: LedgerLine): string {
  if (line.scope === "out") return `Out of scope: ${line.because}`;
  return line.outcome === "unproven" ? `Not proven: ${line.because}` : line.because;
}

/**
 * The result of a criterion: status, labels, links and parameters from the ledger; steps, attachments and times from what the check left, if it ran.
 * @param uuid names the file; the one of `found` where a check ran
 */
export function resultOf(line: LedgerLine, run: LedgerRun, found: FoundResult | undefined, uuid: string): TestResult {
  const start = found?.start ?? startOf(run);
  return {
    uuid,
    name: `${line.id}: ${line.must}`,
    fullName: line.id,
    testCaseId: line.id,
    historyId: `${run.env}:${line.id}`,
    titlePath: [line.suite, line.area],
    status: statusOf(line),
    statusDetails: line.outcome === "pass" ? {} : { message: messageOf(line) },
    stage: Stage.FINISHED,
    description: descriptionOf(line),
    start,
    stop: found?.stop ?? start + line.durationMs,
    labels: labelsOf(line, found),
    links: line.source.map((name) => ({ type: LinkType.TMS, name, url: `../scorecard.html#${line.id}` })),
    parameters: line.measured.slice(0, parametersAtMost).map((measured) => ({
      name: measured.what,
      value: shownMeasured(measured),
      excluded: true,
    })),
    steps: found?.steps ?? [],
    attachments: found?.attachments ?? [],
  };
}

/** Markdown. Allure follows no link that is not on the web (a tms link to the scorecard is shown as text), so the way is told in words. */
function descriptionOf(line: LedgerLine): string {
  const sources = line.source.map((source) => `Source: ${asText(source)}`);
  const evidence = asText(`Evidence: scorecard.html#${line.id} in the folder above this report`);
  return [asText(line.must), asText(line.because), ...sources, evidence].join("\n\n");
}

/** A text from a cluster must not become an image that the report would load from elsewhere. */
function asText(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}

function labelsOf(line: LedgerLine, found: FoundResult | undefined): Label[] {
  const ours: Label[] = [
    { name: "criterion", value: line.id },
    { name: "scope", value: line.scope },
    { name: LabelName.EPIC, value: line.area },
    { name: LabelName.FEATURE, value: `${line.id}: ${line.must}` },
    { name: LabelName.STORY, value: line.id },
    { name: LabelName.SEVERITY, value: line.severity },
    { name: LabelName.PARENT_SUITE, value: line.suite },
    { name: LabelName.SUITE, value: line.area },
  ];
  const names = new Set<string>(ours.map(({ name }) => name));
  return [...ours, ...(found?.labels ?? []).filter(({ name }) => !names.has(name))];
}

/** `82.1 % (limit: below 75 %)` */
export function shownMeasured(measured: Measured): string {
  const value = measured.unit === "" ? String(measured.value) : `${measured.value} ${measured.unit}`;
  return measured.limit === undefined ? value : `${value} (limit: ${measured.limit})`;
}

function startOf(run: LedgerRun): number {
  const start = Date.parse(run.startedAt);
  return Number.isFinite(start) ? start : 0;
}
