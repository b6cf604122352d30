/** Why something failed, in one line: the innermost cause says more than "fetch failed". */

const lengthMax = 300;

/** The sentence of an error and of its causes, without line breaks, at most 300 characters. */
export function whyOf(error: unknown): string {
  const parts: string[] = [];
  let current = error;
  for (let depth = 0; depth < 5 && current !== undefined; depth += 1) {
    const part = partOf(current);
    if (part !== "" && !parts.some((known) => known.includes(part))) parts.push(part);
    current = current instanceof Error ? current.cause : undefined;
  }
  return oneLine(parts.join(": ")) || "unknown error";
}

/** A text on one line, cut at 300 characters. */
export function oneLine(text: string): string {
  const flat = text.replaceAll(/\s+/g, " ").trim();
  return flat.length > lengthMax ? `${flat.slice(0, lengthMax)}…` : flat;
}

/** The code of a system, TLS or HTTP client error (ECONNREFUSED, CERT_HAS_EXPIRED), of the error itself or of what caused it. */
export function codeOf(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if ("code" in current && typeof current.code === "string") return current.code;
    current = current.cause;
  }
  return undefined;
}

function partOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // An AggregateError of several addresses has no message of its own, only a code.
  return error.message !== "" ? error.message : (codeOf(error) ?? error.name);
}
