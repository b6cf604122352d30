/** scorecard.html: one file without any reference to elsewhere. The verdict, then each area, then each criterion, worst first. */
import { createHash } from "node:crypto";
import type { Ledger } from "../harness/ledger.ts";
import { html, trusted, type Html, type Part } from "./html.ts";
import { headline } from "./ledger.ts";
import { areasOf, countsOf, standings, standingWords, type Area, type Standing } from "./order.ts";
import type { Picture } from "./picture.ts";
import { criterionBlock } from "./scorecard-criterion.ts";
import { scorecardStyle } from "./scorecard-style.ts";
import { cautions, tookWords, verdictSentence, verdictWords, whenWords } from "./verdict-words.ts";
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
  const title = `${verdictWords[ledger.verdict]}: ${ledger.run.env}, ${whenWords(ledger.run.finishedAt ?? ledger.run.startedAt)}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${trusted(scorecardStyle)}
        </style>
      </head>
      <body data-filter="all">
        ${hero(ledger)}
        <main class="wrap">
          ${tally(ledger, counts)}
          <nav class="areas" aria-label="Areas">
            <h2>Areas</h2>
            <ul>
              ${areas.map(areaCard)}
            </ul>
          </nav>
          ${filters(ledger.criteria.length, counts)}
          <p class="none" role="status">Nothing stands here.</p>
          ${areas.map((area, index) => areaSection(area, index, pictures))}
          <footer>
            Run <span class="mono">${ledger.run.id}</span> by oke-proof ${ledger.run.command}. The whole of it is in
            <a href="ledger.json">ledger.json</a>; each check's course is in the
            <a href="allure-report/index.html">Allure report</a>.
          </footer>
        </main>
        <script>
          ${trusted(script)};
        </script>
      </body>
    </html> `.toString();
}

function hero(ledger: Ledger): Html {
  const { run } = ledger;
  const facts: readonly (readonly [string, Part])[] = [
    ["Environment", run.env],
    ["Cluster", html`<span class="mono">${run.clusterUid ?? "unknown"}</span>`],
    ["When", whenWords(run.finishedAt ?? run.startedAt)],
    ["Took", tookWords(run.startedAt, run.finishedAt) ?? "not finished"],
    ["Revision", html`<span class="mono">${run.gitSha.replace(/^([0-9a-f]{12})[0-9a-f]+/, "$1")}</span>`],
    ...Object.entries(run.versions).map(([name, version]): readonly [string, Part] => [name, version]),
    ["Exit code", ledger.exitCode],
  ];
  return html`<header class="hero ${ledger.verdict}">
    <div class="wrap">
      <p class="name">oke-proof ${run.command}</p>
      <h1>${verdictWords[ledger.verdict]}</h1>
      <p class="sentence">${verdictSentence(ledger)}</p>
      ${cautions(ledger).map((caution) => html`<p class="caution">${caution}</p>`)}
      <dl class="facts">
        ${facts.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd><bdi>${value}</bdi></dd>
            </div>`,
        )}
      </dl>
    </div>
  </header>`;
}

function tally(ledger: Ledger, counts: Readonly<Record<Standing, number>>): Html {
  const { total, inScope, noCheckYet } = headline(ledger);
  const tile = (standing: Standing, note: Part): Html =>
    html`<div class="${standing}${counts[standing] === 0 ? " zero" : ""}">
      <dt>${standingWords[standing]}</dt>
      <dd>${counts[standing]} ${note}</dd>
    </div>`;
  const note = noCheckYet === 0 ? "" : html`<small>${noCheckYet} without a check</small>`;
  return html`<section class="card tally" aria-label="Counts">
    <dl class="tiles">
      <div>
        <dt>In scope</dt>
        <dd>${inScope} <small>of ${total}</small></dd>
      </div>
      ${tile("fail", "")}${tile("unproven", "")}${tile("pass", "")}${tile("out", note)}
    </dl>
    ${bar(counts)}
    <p class="whys">${outOfScopeWords(ledger)}</p>
  </section>`;
}

const reasonsShownMax = 4;

function outOfScopeWords(ledger: Ledger): string {
  const outside = ledger.criteria.filter(({ scope }) => scope === "out");
  if (outside.length === 0) return "Every criterion of the catalogue is in scope.";
  const reasons = [...Map.groupBy(outside, ({ because }) => because)].toSorted((a, b) => b[1].length - a[1].length);
  const named = reasons.slice(0, reasonsShownMax).map(([because, lines]) => `${lines.length} (${because})`);
  const rest = reasons.slice(reasonsShownMax).reduce((sum, [, lines]) => sum + lines.length, 0);
  return `This verdict says nothing about the ${outside.length} criteria out of scope: ${[...named, ...(rest === 0 ? [] : [`${rest} (other reasons)`])].join(", ")}.`;
}

function bar(counts: Readonly<Record<Standing, number>>): Html {
  const there = standings.filter((standing) => counts[standing] > 0);
  const label = there.map((standing) => `${counts[standing]} ${standingWords[standing].toLowerCase()}`).join(", ");
  return html`<div class="bar" role="img" aria-label="${label}">
    ${there.map((standing) => html`<i class="${standing}" style="flex:${counts[standing]}"></i>`)}
  </div>`;
}

function provenWords({ lines, counts }: Area): string {
  const inside = lines.length - counts.out;
  return inside === 0 ? "out of scope" : `${counts.pass} of ${inside} proven`;
}

function areaCard(area: Area, index: number): Html {
  return html`<li>
    <a class="card" href="#area-${index + 1}"
      ><p><b>${area.name}</b><span>${provenWords(area)}</span></p>
      ${bar(area.counts)}</a
    >
  </li>`;
}

function filters(total: number, counts: Readonly<Record<Standing, number>>): Html {
  const choices: readonly (readonly [string, string, number])[] = [
    ["all", "All", total],
    ...standings.map((standing) => [standing, standingWords[standing], counts[standing]] as const),
  ];
  return html`<fieldset class="filters">
    <legend class="vh">Show</legend>
    <div class="row">
      ${choices.map(
        ([value, word, count], index) =>
          html`<label
            ><input type="radio" name="filter" value="${value}" ${trusted(index === 0 ? " checked" : "")} />${word}<b
              >${count}</b
            ></label
          >`,
      )}
    </div>
  </fieldset>`;
}

function areaSection(area: Area, index: number, pictures: readonly Picture[]): Html {
  return html`<section class="area" id="area-${index + 1}">
    <header>
      <h2>${area.name}</h2>
      <div><span>${provenWords(area)}</span>${bar(area.counts)}</div>
    </header>
    <div class="card list">
      ${area.lines.map((line) =>
        criterionBlock(
          line,
          pictures.filter(({ criterion }) => criterion === line.id),
        ),
      )}
    </div>
  </section> `;
}

/** Writes `scorecard.html` into the run's folder. */
export function writeScorecard(ledger: Ledger, directory: string, pictures: readonly Picture[] = []): void {
  writeReport(directory, "scorecard.html", renderScorecard(ledger, pictures));
}
