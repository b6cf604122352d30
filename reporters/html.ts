/** The only way to make markup here: whatever is put into a template is escaped, unless it is markup itself. */

/** Markup that is safe to put into a page. Made by `markup` only, or by `trusted` from a text of our own. */
export class Html {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

export type Part = Html | string | number | readonly Part[];

/** Characters of one interpolated text; a page must open on a phone, and the ledger holds the whole of it. */
const textLengthMax = 4_000;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Template tag (not named `html`, since the formatter rewrites the blanks of templates of that name): strings and numbers are escaped for text and for quoted attributes, lists are joined, markup stays. Attributes must be quoted. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((text, index) => text + (index < parts.length ? render(parts[index] ?? "") : "")).join(""),
  );
}

/** Markup from a constant of this project (styles, the page's script). Never from anything that was read. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** Escapes a text for an element or a quoted attribute; control characters, which HTML refuses, are shown as U+FFFD. */
export function escapeHtml(text: string): string {
  const shown =
    text.length > textLengthMax
      ? `${text.slice(0, textLengthMax)}… (cut, the ledger has ${text.length} characters)`
      : text;
  return shown
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\n\t]/gu, "\uFFFD")
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

function render(part: Part): string {
  if (part instanceof Html) return part.toString();
  if (typeof part === "string") return escapeHtml(part);
  return typeof part === "number" ? String(part) : part.map(render).join("");
}
