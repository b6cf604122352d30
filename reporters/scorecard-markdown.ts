/** scorecard.md, made to be the comment of a pull request: the verdict, what did not pass and why, the rest folded away. */
import type { Ledger, LedgerLine } from "../harness/ledger.ts";
import { shownMeasured } from "./allure-result.ts";
import { headline } from "./ledger.ts";
import { areasOf, standingOf, standingWords, worstFirst } from "./order.ts";
import { outOfScopeWords } from "./scorecard-parts.ts";
import { printable } from "./text.ts";
import { cautions, tookWords, verdictSentence, verdictWord, whenWords } from "./verdict-words.ts";
import { writeReport } from "./write-report.ts";

/** A comment on GitHub holds 65,536 characters: rows beyond these, and words beyond those, are in the other reports. */
const rowsMax = 40;
const cellLengthMax = 200;

/** The scorecard as GitHub's Markdown. Everything that was read from elsewhere is shown as text: no links, no mentions, no HTML. */
export function toMarkdown(ledger: Ledger): string {
  const { run } = ledger;
  const open = worstFirst(ledger.criteria).filter((line) => line.scope === "in" && line.outcome !== "pass");
  const passed = ledger.criteria.filter((line) => line.scope === "in" && line.outcome === "pass");
  const parts = [
    `# ${verdictWord(ledger)}: ${cell(run.env)}`,
    `**${cell(verdictSentence(ledger))}**`,
    ...cautions(ledger).flatMap((caution) => caution.split("\n").map((line) => `> ${cell(line.trim())}`)),
    `${cell(headline(ledger).text)}, exit code ${ledger.exitCode}.`,
    table(["Area", "Proven", "Failed", "Unproven", "Out of scope"], areaRows(ledger)),
    ...(open.length === 0 ? [] : ["## Not passed", criteriaTable(open)]),
    ...(passed.length === 0 ? [] : [folded(`${passed.length} passed`, criteriaTable(passed))]),
    cell(outOfScopeWords(ledger)),
    cell(
      `Cluster ${run.clusterUid ?? "unknown"}, revision ${run.gitSha}, run ${run.id}, ${whenWords(run.finishedAt ?? run.startedAt)}, took ${tookWords(run.startedAt, run.finishedAt) ?? "not finished"}.`,
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

function areaRows(ledger: Ledger): string[][] {
  return areasOf(ledger.criteria)
    .slice(0, rowsMax)
    .map(({ name, lines, counts }) => [
      cell(name),
      `${counts.pass} of ${lines.length - counts.out}`,
      String(counts.fail),
      String(counts.unproven),
      String(counts.out),
    ]);
}

function criteriaTable(lines: readonly LedgerLine[]): string {
  const rows = lines.slice(0, rowsMax).map((line) => {
    const first = line.measured.find(({ limit }) => limit !== undefined);
    const measured = first === undefined ? "" : cell(`${first.what}: ${shownMeasured(first)}`);
    return [standingWords[standingOf(line)], `${cell(line.id)}<br>${cell(line.must)}`, measured, cell(line.because)];
  });
  const left = lines.length - rows.length;
  const note = left > 0 ? `\n\n${left} more are in scorecard.html and ledger.json.` : "";
  return `${table(["Outcome", "Criterion", "Measured", "Because"], rows)}${note}`;
}

function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}

/** One line of text with everything escaped that Markdown, GitHub or HTML would read as more than text. */
function cell(text: string): string {
  const shown = printable(text);
  const short = shown.length <= cellLengthMax ? shown : `${shown.slice(0, cellLengthMax).toWellFormed()}…`;
  return short
    .replaceAll(/[&<>@#]|:(?=\/\/)|(?<=www)\./gi, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll(/[\\`*_[\]|~]/g, String.raw`\$&`);
}

/** Writes `scorecard.md` into the run's folder. */
export function writeScorecardMarkdown(ledger: Ledger, directory: string): void {
  writeReport(directory, "scorecard.md", toMarkdown(ledger));
}
