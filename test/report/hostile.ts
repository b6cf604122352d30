/** A ledger whose every text tries to be more than text: what a cluster may answer, since anybody names its objects. */
import type { Ledger } from "../../harness/ledger.ts";
import { buildLedger } from "../../reporters/ledger.ts";
import { exampleCriterion, exampleFact, exampleInput } from "./example.ts";

export const hostileTexts: readonly string[] = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  `a' onmouseover='alert(1)`,
  "</style></title><svg onload=alert(1)>",
  "]]><!-- &lt; &amp; ${1} `code` *bold* | cell |\n# heading @someone https://example.invalid [a](javascript:alert(1)) ![b](https://example.invalid/b.png)",
  "x".repeat(9_000),
  "\u{1F9E8} \u{1F469}\u200D\u{1F469}\u200D\u{1F467} \u05E9\u05DC\u05D5\u05DD \u202Eturned round",
  "\u0000\u001B[31mred\u001B[2J\r\u0007 \uD800 \uFFFE",
];

/** One failed criterion a text, with the text in every field but the id. */
export function hostileLedger(): Ledger {
  const catalogue = hostileTexts.map((text, index) =>
    exampleCriterion(`hostile-${index}`, {
      area: text,
      must: `It MUST ${text}`,
      sources: [{ document: "tasks", section: text, quote: text }],
    }),
  );
  const verdicts = new Map(
    hostileTexts.map((text, index) => {
      const fact = exampleFact(text, text, { unit: text, limit: `below 5 ${text}`, source: text, file: text });
      const number = exampleFact(text, 4.5, { unit: text, limit: `below 5 ${text}`, file: "../../etc/passwd" });
      const verdict = { outcome: "fail", because: text, evidence: [number, fact] } as const;
      return [`hostile-${index}`, { verdict, durationMs: 5 }] as const;
    }),
  );
  return buildLedger(exampleInput({ catalogue, verdicts }));
}
