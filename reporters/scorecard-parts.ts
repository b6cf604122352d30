/** Parts of the scorecard above the criteria: the verdict, bars and counts in words. */
import type { Ledger } from "../harness/ledger.ts";
import { markup, type Html, type Part } from "./html.ts";
import { standings, standingWords, type Area, type Standing } from "./order.ts";
import { cautions, shownVerdict, tookWords, verdictSentence, verdictWord, whenWords } from "./verdict-words.ts";

/** The verdict in words, and which run of which environment it is about. */
export function hero(ledger: Ledger): Html {
  const { run } = ledger;
  const facts: readonly (readonly [string, Part])[] = [
    ["Environment", run.env],
    ["Cluster", markup`<span class="mono">${run.clusterUid ?? "unknown"}</span>`],
    ["When", whenWords(run.finishedAt ?? run.startedAt)],
    ["Took", tookWords(run.startedAt, run.finishedAt) ?? "not finished"],
    ["Revision", markup`<span class="mono">${run.gitSha.replace(/^([0-9a-f]{12})[0-9a-f]+/, "$1")}</span>`],
    ...Object.entries(run.versions),
    ["Exit code", ledger.exitCode],
  ];
  return markup`<header class="hero ${shownVerdict(ledger)}"><div class="wrap"><p class="name">oke-proof ${run.command}</p>
<h1>${verdictWord(ledger)}</h1><p class="sentence">${verdictSentence(ledger)}</p>
${cautions(ledger).map(cautionBlock)}
<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`)}</dl></div></header>`;
}

/** A note of several lines is shown by its first; the others on click. */
function cautionBlock(caution: string): Html {
  const [first = "", ...others] = caution.split("\n");
  if (others.length === 0) return markup`<p class="caution">${first}</p>`;
  const items = others.map((line) => markup`<li>${line.trim()}</li>`);
  return markup`<details class="caution"><summary>${first}</summary><ul>${items}</ul></details>`;
}

const reasonsShownMax = 4;

/** What the verdict says nothing about, and why, most frequent reason first. */
export function outOfScopeWords(ledger: Ledger): string {
  const outside = ledger.criteria.filter(({ scope }) => scope === "out");
  if (outside.length === 0) return "Every criterion of the catalogue is in scope.";
  const reasons = [...Map.groupBy(outside, ({ because }) => because)].toSorted((a, b) => b[1].length - a[1].length);
  const named = reasons.slice(0, reasonsShownMax).map(([because, lines]) => `${lines.length} (${because})`);
  const rest = reasons.slice(reasonsShownMax).reduce((sum, [, lines]) => sum + lines.length, 0);
  const words = [...named, ...(rest === 0 ? [] : [`${rest} (other reasons)`])].join(", ");
  return `This verdict says nothing about the ${outside.length} criteria out of scope: ${words}.`;
}

/** A bar of the counts, worst first; what is out of scope is hatched. */
export function bar(counts: Readonly<Record<Standing, number>>): Html {
  const there = standings.filter((standing) => counts[standing] > 0);
  const label = there.map((standing) => `${counts[standing]} ${standingWords[standing].toLowerCase()}`).join(", ");
  const pieces = there.map((standing) => markup`<i class="${standing}" style="flex:${counts[standing]}"></i>`);
  return markup`<div class="bar" role="img" aria-label="${label}">${pieces}</div>`;
}

/** `3 of 5 proven` */
export function provenWords({ lines, counts }: Area): string {
  const inside = lines.length - counts.out;
  return inside === 0 ? "out of scope" : `${counts.pass} of ${inside} proven`;
}
