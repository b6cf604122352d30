/** Text from a cluster, made fit for a terminal: nothing in it moves the cursor, and no line is wider than its column. */

const segments = new Intl.Segmenter("en", { granularity: "grapheme" });
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u;

/** The text without control characters and without marks that change its direction; line ends become blanks. */
export function printable(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\p{Cc}\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/gu, "\uFFFD")
    .trim();
}

/** Columns that the text takes in a terminal. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of segments.segment(text)) columns += wide.test(segment) ? 2 : 1;
  return columns;
}

/** The text, or its beginning and "…", in at most `width` columns. */
export function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  return `${head(text, width - 1)}…`;
}

/** Lines of at most `width` columns, broken at blanks where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (columnsOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (columnsOf(line) > width) {
      const part = head(line, width);
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  return [...lines, line];
}

function head(text: string, width: number): string {
  let kept = "";
  let columns = 0;
  for (const { segment } of segments.segment(text)) {
    columns += wide.test(segment) ? 2 : 1;
    if (columns > Math.max(1, width)) break;
    kept += segment;
  }
  return kept;
}
