/** The verdict of a run in words, the same in every report. */
import type { Ledger, LedgerLine } from "../harness/ledger.ts";
import { notAskedFor } from "./ledger-line.ts";
import { headline } from "./ledger.ts";

const gateWords: Readonly<Record<Ledger["verdict"], string>> = {
  go: "GO",
  "no-go": "NO-GO",
  "not-proven": "NOT PROVEN",
};

const otherWords: Readonly<Record<Ledger["verdict"], string>> = {
  go: "PROVEN",
  "no-go": "FAILED",
  "not-proven": "NOT PROVEN",
};

/** A drill speaks of what it decides alone. */
const drillWords: Readonly<Record<Ledger["verdict"], string>> = {
  go: "SURVIVED",
  "no-go": "NOT SURVIVED",
  "not-proven": "NOT PROVEN",
};

/** Clusters to practise on: a gate on them is a rehearsal. */
const practice: readonly string[] = ["local", "kind"];

/** The lines that the run was asked for. */
export function askedOf(ledger: Ledger): readonly LedgerLine[] {
  return ledger.criteria.filter(({ scope, because }) => scope === "in" && because !== notAskedFor);
}

const isDrill = ({ run }: Ledger): boolean => run.command.startsWith("drill ");

/** What is shown as the run's verdict: that of the whole scope, and for a drill that of what it decides. */
export function shownVerdict(ledger: Ledger): Ledger["verdict"] {
  if (!isDrill(ledger)) return ledger.verdict;
  if (askedOf(ledger).some(({ outcome }) => outcome === "fail")) return "no-go";
  return ledger.exitCode === 0 ? "go" : "not-proven";
}

/** The verdict in a word or two. GO is a gate's to say: any other run proves what it was asked, and opens no gate. */
export function verdictWord(ledger: Ledger): string {
  if (isDrill(ledger)) return drillWords[shownVerdict(ledger)];
  const { command, env } = ledger.run;
  if (command === "gate" && ledger.verdict === "go" && practice.includes(env)) return "GO, REHEARSED";
  return (command === "gate" ? gateWords : otherWords)[ledger.verdict];
}

/** What the verdict means for this run, in one or two sentences. */
export function verdictSentence(ledger: Ledger): string {
  if (isDrill(ledger)) return drillSentence(ledger);
  const { total, inScope, failed, unproven } = headline(ledger);
  if (inScope === 0) return "No criterion is in scope here, so nothing was proven.";
  const notAsked = inScope - askedOf(ledger).length;
  const gaps = unproven - notAsked;
  const of = `${inScope} ${inScope === 1 ? "criterion" : "criteria"} in scope`;
  const left = notAsked === 0 ? "" : ` ${notAsked} ${notAsked === 1 ? "was" : "were"} not asked for in this run.`;
  if (ledger.verdict === "no-go") {
    const open = gaps === 0 ? "" : ` ${gaps} more could not be proven.`;
    return `${failed} of ${of} ${failed === 1 ? "is" : "are"} outside the limit.${open}${left}`;
  }
  if (ledger.verdict === "go") return `All ${of} (of ${total}) were measured and are within their limits.`;
  const gap = gaps === 0 ? "" : `${gaps} of ${of} could not be proven. `;
  return `${gap}Nothing measured failed, which is not the same as proven.${left}`;
}

function drillSentence(ledger: Ledger): string {
  const asked = askedOf(ledger);
  const of = `${asked.length} ${asked.length === 1 ? "criterion" : "criteria"} that this drill decides`;
  const count = (wanted: LedgerLine["outcome"]): number => asked.filter(({ outcome }) => outcome === wanted).length;
  if (asked.length === 0) return "This drill decided nothing.";
  if (count("fail") > 0) return `${count("fail")} of ${of} ${count("fail") === 1 ? "is" : "are"} outside the limit.`;
  if (count("unproven") > 0) return `${count("unproven")} of ${of} could not be proven.`;
  return `${asked.length === 1 ? "The" : "All"} ${of} held. Nothing else was asked.`;
}

const codes: Readonly<Record<number, string>> = {
  3: "The harness itself broke: what is missing here is missing for that reason.",
  4: "Something that this run put into the cluster is still there: run 'oke-proof undo'.",
  130: "The run was interrupted.",
  143: "The run was ended from outside.",
};

/** What must be known before any number here is believed. Empty after an ordinary run. */
export function cautions(ledger: Ledger): string[] {
  const code = codes[ledger.exitCode];
  return [
    ...(ledger.run.finishedAt === null ? ["The run had not finished when this was written."] : []),
    ...(ledger.run.clusterUid === null
      ? ["Which cluster answered is not known, so nothing here counts as passed."]
      : []),
    ...(code === undefined ? [] : [code]),
    ...ledger.run.notes,
  ];
}

/** `1 min 39 s`; undefined where the run has no end or its times cannot be read. */
export function tookWords(startedAt: string, finishedAt: string | null): string | undefined {
  const seconds = Math.round((Date.parse(finishedAt ?? "") - Date.parse(startedAt)) / 1000);
  if (!Number.isFinite(seconds) || seconds < 0) return undefined;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `2026-11-21 04:12:09 UTC`, or the text itself where it is no date. */
export function whenWords(at: string): string {
  const time = Date.parse(at);
  return Number.isFinite(time)
    ? new Date(time)
        .toISOString()
        .replace("T", " ")
        .replace(/\.\d+Z$/, " UTC")
    : at;
}
