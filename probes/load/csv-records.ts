/** Comma-separated records as they are written, part by part; quoted as Go's encoding/csv does it (RFC 4180, lines end with a line feed). */

export type CsvRecord = { readonly line: number; readonly fields: readonly string[] };

/** A text that is no CSV, with the line that it breaks off at. */
export class MalformedCsv extends Error {
  override name = "MalformedCsv";
}

export type CsvRecords = {
  /** The records that are complete with this part of the text. @throws MalformedCsv */
  take(text: string): readonly CsvRecord[];
  /** What stands after the last complete record; empty where the text ends with one. */
  rest(): string;
};

/** A generator's longest record has a few hundred characters: what goes on for so long is a quote that nobody closed. */
const recordCharactersMax = 64 * 1024;

/** A reader of one text, from its beginning. */
export function csvRecords(): CsvRecords {
  let rest = "";
  let line = 1;
  return {
    take(text) {
      const all = rest + text;
      const found: CsvRecord[] = [];
      let from = 0;
      for (;;) {
        const record = recordAt(all, from, line);
        if (record === undefined) break;
        found.push({ line, fields: record.fields });
        line += record.lines;
        from = record.until;
      }
      rest = all.slice(from);
      if (rest.length > recordCharactersMax)
        throw malformed(line, `it does not end within ${recordCharactersMax} characters`);
      return found;
    },
    rest: () => rest,
  };
}

type Found = { readonly fields: readonly string[]; readonly until: number; readonly lines: number };

/** The record that begins at `from`; undefined where its end is not there yet. */
function recordAt(text: string, from: number, line: number): Found | undefined {
  const end = text.indexOf("\n", from);
  const plain = text.slice(from, end === -1 ? text.length : end);
  if (!plain.includes('"')) {
    if (plain.includes("\r")) throw malformed(line, "it has a carriage return outside quotes");
    return end === -1 ? undefined : { fields: plain.split(","), until: end + 1, lines: 1 };
  }
  const fields: string[] = [];
  let at = from;
  for (;;) {
    const field = text[at] === '"' ? quotedAt(text, at) : bareAt(text, at);
    if (field === undefined) return undefined;
    fields.push(field.value);
    const next = text[field.until];
    if (next === undefined) return undefined;
    at = field.until + 1;
    if (next === "\n") return { fields, until: at, lines: linesIn(text.slice(from, at)) };
    if (next !== ",") throw malformed(line, `a field of it is followed by ${JSON.stringify(next)}`);
  }
}

type Field = { readonly value: string; readonly until: number };

function quotedAt(text: string, from: number): Field | undefined {
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    // A quote at the very end may be the first of two.
    if (quote === -1 || quote + 1 === text.length) return undefined;
    if (text[quote + 1] !== '"') return { value: text.slice(from + 1, quote).replaceAll('""', '"'), until: quote + 1 };
    at = quote + 2;
  }
}

const endOfBare = /[",\r\n]/g;

/** Whatever ends it is the caller's to judge; the end of the text does, too. */
function bareAt(text: string, from: number): Field {
  endOfBare.lastIndex = from;
  const until = endOfBare.exec(text)?.index ?? text.length;
  return { value: text.slice(from, until), until };
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}

function malformed(line: number, why: string): MalformedCsv {
  return new MalformedCsv(`line ${line} is no record: ${why}`);
}
