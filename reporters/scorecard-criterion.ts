/** One criterion in the scorecard: what was demanded, what came of it, and the evidence on click. */
import type { Evidence, LedgerLine, Measured } from "../harness/ledger.ts";
import { gauge } from "./gauge.ts";
import { markup, type Html, type Part } from "./html.ts";
import { notAskedFor } from "./ledger-line.ts";
import { standingOf, standingWords } from "./order.ts";
import type { Picture } from "./picture.ts";
import { whenWords } from "./verdict-words.ts";

/** Rows of evidence in the page; the ledger holds all that was kept. */
const evidenceRowsMax = 50;

/**
 * A <details> that needs no script: Enter, Space and a click open it. Its id is the criterion's.
 * @param isOpen whether it is open from the beginning
 */
export function criterionBlock(line: LedgerLine, pictures: readonly Picture[], isOpen: boolean): Html {
  const standing = standingOf(line);
  const isOut = standing === "out";
  const classes = isOut || line.because === notAskedFor ? standing : `${standing} asked`;
  const checkedIn = line.durationMs === 0 ? "" : `, checked in ${(line.durationMs / 1000).toFixed(1)} s`;
  return markup`<details class="${classes}" id="${line.id}"${isOpen ? markup` open` : ""}>
<summary><span class="badge ${standing}">${standingWords[standing]}</span>
<div><p class="must">${emphasized(line.must)}</p>
<p class="because"><bdi>${line.because}</bdi></p>
${isOut ? "" : markup`<p class="id mono">${line.id}</p>`}</div>
<div class="measured">${isOut ? "" : measuredBlock(line.measured)}</div></summary>
<div class="more">
${pictures.map(({ title, svg }) => markup`<figure class="picture"><figcaption>${title}</figcaption>${svg}</figure>`)}
${evidenceTable(line)}
<h3>Where it comes from</h3><ul>${line.source.map((source) => markup`<li><bdi>${source}</bdi></li>`)}</ul>
<h3>About</h3><p><span class="mono">${line.id}</span>, suite ${line.suite}, severity ${line.severity}${checkedIn}</p>
</div></details>
`;
}

/** MUST and MUST NOT stand out; the rest is escaped like any text. */
function emphasized(must: string): Part {
  const parts = must.split(/\b(MUST(?: NOT)?)\b/);
  return parts.map((text, index) => (index % 2 === 1 ? markup`<strong>${text}</strong>` : text));
}

/** The first value that has a limit, or the first number: judges put the faulty objects first. */
function measuredBlock(measured: readonly Measured[]): Part {
  const shown =
    measured.find(({ limit }) => limit !== undefined) ?? measured.find(({ value }) => typeof value === "number");
  if (shown === undefined) return "";
  const limit = shown.limit === undefined ? "" : markup`: <bdi>${shown.limit}</bdi>`;
  return markup`<p><b><bdi>${cutValue(valueWords(shown))}</bdi></b> ${shown.unit}</p>${gauge(shown) ?? ""}
<p class="held"><bdi>${shown.what}</bdi>${limit}</p>`;
}

const valueLengthMax = 40;

function cutValue(text: string): string {
  return text.length <= valueLengthMax ? text : `${text.slice(0, valueLengthMax)}…`;
}

/** Numbers with at most four decimals and thousands apart. */
function valueWords({ value }: Measured): string {
  if (typeof value !== "number") return String(value);
  return new Intl.NumberFormat("en", { maximumFractionDigits: 4 }).format(value);
}

function evidenceTable(line: LedgerLine): Part {
  if (line.evidence.length === 0) return markup`<h3>Evidence</h3><p>None: nothing was measured.</p>`;
  const rows = line.evidence.slice(0, evidenceRowsMax);
  const left = line.evidence.length - rows.length;
  return markup`<h3>Evidence</h3><div class="table"><table>
<thead><tr><th>What</th><th>Measured</th><th>Limit</th><th>Asked</th><th>When</th></tr></thead>
<tbody>${rows.map((evidence, index) => evidenceRow(evidence, line.measured[index]))}</tbody></table></div>
${left === 0 ? "" : markup`<p>${left} more in ledger.json.</p>`}`;
}

function evidenceRow(evidence: Evidence, measured: Measured | undefined): Html {
  const value = measured === undefined ? "" : markup`<bdi>${valueWords(measured)}</bdi> ${measured.unit}`;
  const file = evidence.file === undefined ? "" : markup`<br>${fileLink(evidence.file)}`;
  return markup`<tr><td><bdi>${evidence.what}</bdi></td><td>${value}</td><td><bdi>${measured?.limit ?? ""}</bdi></td>
<td class="mono"><bdi>${evidence.source}</bdi>${file}</td><td class="when">${whenWords(evidence.at)}</td></tr>
`;
}

/** A link below the run's evidence folder; a path that would leave it is shown, not linked. */
function fileLink(file: string): Html {
  const parts = file.split("/");
  const leaves = parts.some((part) => part === "" || part === "." || part === "..") || file.includes("\\");
  if (leaves) return markup`${file}`;
  const path = ["evidence", ...parts.map((part) => encodeURIComponent(part.toWellFormed()))].join("/");
  return markup`<a href="${path}">${file}</a>`;
}
