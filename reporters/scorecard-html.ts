/** scorecard.html: one file without any reference to elsewhere. The verdict, then each area, then each criterion, worst first. */
import { createHash } from "node:crypto";
import type { Ledger } from "../harness/ledger.ts";
import { markup, trusted, type Html, type Part } from "./html.ts";
import { headline } from "./ledger.ts";
import { areasOf, countsOf, standings, standingWords, type Area, type Standing } from "./order.ts";
import type { Picture } from "./picture.ts";
import { criterionBlock } from "./scorecard-criterion.ts";
import { bar, hero, outOfScopeWords, provenWords } from "./scorecard-parts.ts";
import { scorecardStyle } from "./scorecard-style.ts";
import { askedOf, verdictWord, whenWords } from "./verdict-words.ts";
import { writeReport } from "./write-report.ts";

/** Filters, links to a criterion, and printing with the evidence of what did not pass. The page reads without it, too. */
const script = `
const body = document.body, of = (name) => document.querySelector("input[value=" + name + "]");
const choose = (name) => { body.dataset.filter = name; of(name).checked = true; };
document.querySelector(".filters").addEventListener("change", (event) => choose(event.target.value));
const go = () => { const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named === null || named.tagName !== "DETAILS") return; choose("all"); named.open = true; named.scrollIntoView(); };
addEventListener("hashchange", go);
addEventListener("beforeprint", () => { choose("all"); for (const it of document.querySelectorAll("details.fail, details.unproven")) it.open = true; });
go();
`;

/** What the page may do is said in the page: styles and the one script above, nothing from elsewhere, whatever a ledger holds. */
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'; base-uri 'none'; form-action 'none'`;

/**
 * The whole page.
 * @param pictures drawings of suites, shown with the evidence of their criterion
 */
export function renderScorecard(ledger: Ledger, pictures: readonly Picture[] = []): string {
  const areas = areasOf(ledger.criteria);
  const counts = countsOf(ledger.criteria);
  const asked = askedOf(ledger).length;
  // Who asked for few looks for those.
  const isPartial = asked > 0 && asked < headline(ledger).inScope;
  const when = whenWords(ledger.run.finishedAt ?? ledger.run.startedAt);
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="color-scheme" content="light dark">
<title>${verdictWord(ledger)}: ${ledger.run.env}, ${when}</title><style>${trusted(scorecardStyle)}</style></head>
<body data-filter="${isPartial ? "asked" : "all"}">
${hero(ledger)}
<main class="wrap">
${tally(ledger, counts)}
${overview(areas)}
${filters(ledger.criteria.length, counts, isPartial ? asked : undefined)}
<p class="none" role="status">Nothing stands here.</p>
${areas.map((area, index) => areaSection(area, index, { pictures, isPartial }))}
<footer>Run <span class="mono">${ledger.run.id}</span> by oke-proof ${ledger.run.command}.
The whole of it is in <a href="ledger.json">ledger.json</a>; each check's course is in the <a href="allure-report/index.html">Allure report</a>.</footer>
</main><script>${trusted(script)}</script></body></html>
`.toString();
}

function tally(ledger: Ledger, counts: Readonly<Record<Standing, number>>): Html {
  const { total, inScope, noCheckYet } = headline(ledger);
  const tile = (standing: Standing, note: Part): Html => {
    const classes = counts[standing] === 0 ? `${standing} zero` : standing;
    return markup`<div class="${classes}"><dt>${standingWords[standing]}</dt><dd>${counts[standing]} ${note}</dd></div>`;
  };
  const note = noCheckYet === 0 ? "" : markup`<small>${noCheckYet} without a check</small>`;
  return markup`<section class="card tally" aria-label="Counts">
<dl class="tiles"><div><dt>In scope</dt><dd>${inScope} <small>of ${total}</small></dd></div>
${tile("fail", "")}${tile("unproven", "")}${tile("pass", "")}${tile("out", note)}</dl>
${bar(counts)}
<p class="whys">${outOfScopeWords(ledger)}</p></section>`;
}

/** A card an area with something in scope; the other areas are only named, so that the eye finds what the verdict is about. */
function overview(areas: readonly Area[]): Html {
  const numbered = areas.map((area, index) => ({ area, href: `#area-${index + 1}` }));
  const cards = numbered.filter(({ area }) => hasScope(area)).map(({ area, href }) => areaCard(area, href));
  const others = numbered
    .filter(({ area }) => !hasScope(area))
    .map(({ area, href }) => markup`<li><a href="${href}">${area.name}</a> ${area.lines.length}</li>`);
  return markup`<nav class="areas" aria-label="Areas"><h2>Areas</h2><ul class="cards">${cards}</ul>
${others.length === 0 ? "" : markup`<p class="outside">Nothing in scope here:</p><ul class="outside">${others}</ul>`}</nav>`;
}

function hasScope({ lines, counts }: Area): boolean {
  return lines.length > counts.out;
}

function areaCard(area: Area, href: string): Html {
  return markup`<li><a class="card" href="${href}"><p><b>${area.name}</b><span>${provenWords(area)}</span></p>${bar(area.counts)}</a></li>
`;
}

/** @param asked how many were asked for, where those are not all: they are shown first */
function filters(total: number, counts: Readonly<Record<Standing, number>>, asked: number | undefined): Html {
  const checked = trusted(" checked");
  const few = asked === undefined ? "" : filterChoice("asked", "Asked for", asked, checked);
  const all = filterChoice("all", "All", total, asked === undefined ? checked : "");
  const others = standings.map((standing) => filterChoice(standing, standingWords[standing], counts[standing], ""));
  return markup`<fieldset class="filters"><legend class="vh">Show</legend><div class="row">${few}${all}${others}</div></fieldset>`;
}

function filterChoice(value: string, word: string, count: number, checked: Part): Html {
  return markup`<label><input type="radio" autocomplete="off" name="filter" value="${value}"${checked}>${word}<b>${count}</b></label>`;
}

/** Who asked for few has come for their pictures. */
function areaSection(
  area: Area,
  index: number,
  { pictures, isPartial }: { readonly pictures: readonly Picture[]; readonly isPartial: boolean },
): Html {
  const blocks = area.lines.map((line) => {
    const own = pictures.filter(({ criterion }) => criterion === line.id);
    return criterionBlock(line, own, isPartial && own.length > 0);
  });
  return markup`<section class="area" id="area-${index + 1}"><header><h2>${area.name}</h2><div><span>${provenWords(area)}</span>${bar(area.counts)}</div></header>
<div class="card list">${blocks}</div></section>
`;
}

/** Writes `scorecard.html` into the run's folder. */
export function writeScorecard(ledger: Ledger, directory: string, pictures: readonly Picture[] = []): void {
  writeReport(directory, "scorecard.html", renderScorecard(ledger, pictures));
}
