/** What the terminal shows: a line a verdict while the checks run, then a table, then one verdict line. */
import type { Ledger, LedgerLine } from "../harness/ledger.ts";
import type { Outcome, Verdict } from "../harness/verdict.ts";
import { shownMeasured } from "./allure-result.ts";
import { headline } from "./ledger.ts";
import { notAskedFor } from "./ledger-line.ts";
import { cut, printable, wrap } from "./text.ts";
import { cautions, shownVerdict, verdictWord } from "./verdict-words.ts";

export type TerminalOptions = { readonly width: number; readonly colour: boolean };

const widthMin = 60;
const widthMax = 160;
const outcomeWidth = 8;
const idWidthMax = 30;
/** Lines of a reason, and reasons of the criteria out of scope, before the table says how many are left out. */
const reasonLinesMax = 4;
const outReasonsMax = 8;

const words: Readonly<Record<Outcome, string>> = { pass: "PASS", fail: "FAIL", unproven: "UNPROVEN" };
const colours: Readonly<Record<Outcome, string>> = { pass: "32", fail: "31;1", unproven: "33;1" };
const verdictOutcomes = { go: "pass", "no-go": "fail", "not-proven": "unproven" } as const;

/**
 * The table of a run, grouped by area, with the criteria out of scope counted by reason, and the verdict as its last line.
 * @param options.width columns of the terminal; taken as 60 to 160
 * @param options.colour whether the terminal shows colours; the words say the same without
 */
export function terminalTable(ledger: Ledger, options: TerminalOptions): string {
  const width = Math.min(widthMax, Math.max(widthMin, Math.floor(options.width) || widthMin));
  const paint = painter(options.colour);
  const all = ledger.criteria.filter(({ scope }) => scope === "in");
  // Who asks for one criterion wants to see one: the others are counted, and stand in every report.
  const inside = all.filter(({ because }) => because !== notAskedFor);
  const rows: string[] = [];
  const idWidth = Math.min(idWidthMax, Math.max(0, ...inside.map(({ id }) => id.length)));
  for (const area of new Set(inside.map((line) => line.area))) {
    rows.push("", paint("1", cut(printable(area), width)));
    for (const line of inside.filter((candidate) => candidate.area === area))
      rows.push(...criterionRows(line, { width, idWidth, paint }));
  }
  const told = cautions(ledger).map((caution) => cut(printable(caution), width));
  rows.push(
    ...leftOutRows(ledger, all.length - inside.length, { width, paint }),
    "",
    ...told,
    verdictLine(ledger, paint),
  );
  return rows.join("\n");
}

type Paint = (code: string, text: string) => string;

function painter(colour: boolean): Paint {
  return (code, text) => (colour ? `\u001B[${code}m${text}\u001B[0m` : text);
}

type Columns = { readonly width: number; readonly idWidth: number; readonly paint: Paint };

function criterionRows(line: LedgerLine, { width, idWidth, paint }: Columns): string[] {
  const indent = 2 + outcomeWidth + 2 + idWidth + 2;
  const left = `  ${paint(colours[line.outcome], words[line.outcome].padEnd(outcomeWidth))}  ${line.id.padEnd(idWidth)}  `;
  const first = line.measured.find(({ limit }) => limit !== undefined);
  const measured = first === undefined ? [] : [`${first.what}: ${shownMeasured(first)}`];
  const text = printable([...measured, line.because].join(" · "));
  // Where the id is longer than its column, or the terminal narrow, the text goes below.
  const isBelow = line.id.length > idWidth || width - indent < 24;
  const textIndent = isBelow ? 4 : indent;
  const said = wrap(text, width - textIndent);
  const kept =
    said.length > reasonLinesMax + 1
      ? [...said.slice(0, reasonLinesMax), "… (the whole of it is in ledger.json)"]
      : said;
  const texts = kept.map((row) => cut(row, width - textIndent));
  if (isBelow) return [left.trimEnd(), ...texts.map((row) => " ".repeat(textIndent) + row)];
  return texts.map((row, index) => (index === 0 ? left : " ".repeat(indent)) + row);
}

function leftOutRows(ledger: Ledger, notAsked: number, { width, paint }: Omit<Columns, "idWidth">): string[] {
  const asked = `  ${String(notAsked).padStart(outcomeWidth)}  ${notAskedFor}: unproven`;
  const rows = notAsked === 0 ? [] : ["", paint("1", "Not asked for"), cut(asked, width)];
  // Of a run that asked for few, why others can never be asked for is told by 'oke-proof criteria'.
  return notAsked === 0 ? outOfScopeRows(ledger, width, paint) : rows;
}

function outOfScopeRows(ledger: Ledger, width: number, paint: Paint): string[] {
  const counts = new Map<string, number>();
  for (const { scope, because } of ledger.criteria)
    if (scope === "out") counts.set(because, (counts.get(because) ?? 0) + 1);
  if (counts.size === 0) return [];
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1]);
  const rest = sorted.slice(outReasonsMax).reduce((sum, [, count]) => sum + count, 0);
  return [
    "",
    paint("1", "Out of scope"),
    ...sorted
      .slice(0, outReasonsMax)
      .map(([because, count]) => cut(`  ${String(count).padStart(outcomeWidth)}  ${printable(because)}`, width)),
    ...(rest === 0
      ? []
      : [`  ${String(rest).padStart(outcomeWidth)}  for other reasons ('oke-proof criteria' lists them)`]),
  ];
}

/** `NOT PROVEN  local  12 of 84 criteria in scope: 11 passed, … (…)  exit 2` */
function verdictLine(ledger: Ledger, paint: Paint): string {
  const word = paint(colours[verdictOutcomes[shownVerdict(ledger)]], verdictWord(ledger));
  return `${word}  ${ledger.run.env}  ${headline(ledger).text}  exit ${ledger.exitCode}`;
}

/** What is going on, between verdicts: `   4.2 s             users sign in`. */
export function stepLine(step: string, elapsedMs: number): string {
  const elapsed = `${(elapsedMs / 1000).toFixed(1)} s`.padStart(8);
  return cut(`${elapsed}  ${"".padEnd(outcomeWidth)}  ${printable(step)}`, widthMax);
}

/** One line a verdict, as it comes: `   4.2 s  PASS      nodes-healthy  3 nodes Ready`. Plain text: it also goes into logs. */
export function progressLine(id: string, verdict: Verdict, elapsedMs: number): string {
  const elapsed = `${(elapsedMs / 1000).toFixed(1)} s`.padStart(8);
  return cut(
    `${elapsed}  ${words[verdict.outcome].padEnd(outcomeWidth)}  ${id}  ${printable(verdict.because)}`,
    widthMax,
  );
}
