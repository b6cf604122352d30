/** One criterion in the scorecard: what was demanded, what came of it, and the evidence on click. */
import type { LedgerLine, Measured } from "../harness/ledger.ts";
import { gauge } from "./gauge.ts";
import { html, type Html, type Part } from "./html.ts";
import { standingOf, standingWords } from "./order.ts";
import type { Picture } from "./picture.ts";
import { whenWords } from "./verdict-words.ts";

/** Rows of evidence in the page; the ledger holds all that was kept. */
const evidenceRowsMax = 50;

/** A <details> that needs no script: Enter, Space and a click open it. Its id is the criterion's. */
export function criterionBlock(line: LedgerLine, pictures: readonly Picture[]): Html {
  const standing = standingOf(line);
  const isOut = standing === "out";
  return html`<details class="${standing}" id="${line.id}">
    <summary>
      <span class="badge ${standing}">${standingWords[standing]}</span>
      <div>
        <p class="must">${emphasized(line.must)}</p>
        <p class="because"><bdi>${line.because}</bdi></p>
        ${isOut ? "" : html`<p class="id mono">${line.id}</p>`}
      </div>
      <div class="measured">${isOut ? "" : measuredBlock(line.measured)}</div>
    </summary>
    <div class="more">
      ${pictures.map(
        (picture) =>
          html`<figure class="picture">
            <figcaption>${picture.title}</figcaption>
            ${picture.svg}
          </figure>`,
      )}
      ${evidenceTable(line)}
      <h3>Where it comes from</h3>
      <ul>
        ${line.source.map((source) => html`<li>${source}</li>`)}
      </ul>
      <h3>About</h3>
      <p>
        <span class="mono">${line.id}</span>, suite ${line.suite}, severity
        ${line.severity}${isOut ? "" : `, checked in ${(line.durationMs / 1000).toFixed(1)} s`}
      </p>
    </div>
  </details> `;
}

/** MUST and MUST NOT stand out; the rest is escaped like any text. */
function emphasized(must: string): Part {
  return must
    .split(/\b(MUST(?: NOT)?)\b/)
    .map((text, index) => (index % 2 === 1 ? html`<strong>${text}</strong>` : text));
}

/** The first value that has a limit, or the first number: judges put the faulty objects first. */
function measuredBlock(measured: readonly Measured[]): Part {
  const shown =
    measured.find(({ limit }) => limit !== undefined) ?? measured.find(({ value }) => typeof value === "number");
  if (shown === undefined) return "";
  return html`<p>
      <b><bdi>${cutValue(shown.value)}</bdi></b> ${shown.unit}
    </p>
    ${gauge(shown) ?? ""}
    <p class="held"><bdi>${shown.what}</bdi>${shown.limit === undefined ? "" : html`: <bdi>${shown.limit}</bdi>`}</p>`;
}

const valueLengthMax = 40;

function cutValue(value: Measured["value"]): string {
  const text = typeof value === "number" ? numberWords(value) : String(value);
  return text.length <= valueLengthMax ? text : `${text.slice(0, valueLengthMax)}…`;
}

/** At most four decimals, thousands apart. */
export function numberWords(value: number): string {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 4 }).format(value);
}

function evidenceTable(line: LedgerLine): Part {
  if (line.evidence.length === 0)
    return html`<h3>Evidence</h3>
      <p>None: nothing was measured.</p>`;
  const rows = line.evidence.slice(0, evidenceRowsMax);
  const left = line.evidence.length - rows.length;
  return html`<h3>Evidence</h3>
    <div class="table">
      <table>
        <thead>
          <tr>
            <th>What</th>
            <th>Measured</th>
            <th>Limit</th>
            <th>Asked</th>
            <th>When</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((evidence, index) => {
            const measured = line.measured[index];
            const value =
              measured === undefined
                ? ""
                : typeof measured.value === "number"
                  ? numberWords(measured.value)
                  : String(measured.value);
            return html`<tr>
              <td><bdi>${evidence.what}</bdi></td>
              <td><bdi>${value}</bdi> ${measured?.unit ?? ""}</td>
              <td><bdi>${measured?.limit ?? ""}</bdi></td>
              <td class="mono">
                <bdi>${evidence.source}</bdi
                >${evidence.file === undefined ? "" : html`<br />${fileLink(evidence.file)}`}
              </td>
              <td>${whenWords(evidence.at)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    ${left === 0 ? "" : html`<p>${left} more in ledger.json.</p>`}`;
}

/** A link below the run's evidence folder; a path that would leave it is shown, not linked. */
function fileLink(file: string): Html {
  const parts = file.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..") || file.includes("\\")) return html`${file}`;
  return html`<a href="${["evidence", ...parts.map((part) => encodeURIComponent(part.toWellFormed()))].join("/")}"
    >${file}</a
  >`;
}
