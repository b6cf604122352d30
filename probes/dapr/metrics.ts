/** Prometheus's text format, as far as the numbers of Dapr go. */

export type Series = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\d+)?$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The series of one metric; an empty list where the page has none. A value that is no number is left out. */
export function seriesOf(page: string, metric: string): readonly Series[] {
  return page.split("\n").flatMap((text) => {
    const [, name, labels = "", number = ""] = line.exec(text.trim()) ?? [];
    const value = Number(number);
    if (name !== metric || number === "" || !Number.isFinite(value)) return [];
    const pairs = [...labels.matchAll(label)].map(([, key = "", quoted = ""]) => [key, unescaped(quoted)] as const);
    return [{ labels: Object.fromEntries(pairs), value }];
  });
}

function unescaped(quoted: string): string {
  return quoted.replaceAll(/\\(.)/g, (_, after: string) => (after === "n" ? "\n" : after));
}
