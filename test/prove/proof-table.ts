/** What a prove run saw, as a table of Markdown. */

/** How one criterion came out three ways; "-" where it was not seen. */
export type ProofRow = {
  readonly id: string;
  readonly good: string;
  /** By the plant's title: the outcome and the sentence of the verdict. */
  readonly planted: ReadonlyMap<string, { readonly outcome: string; readonly because: string }>;
  readonly blinded: string;
};

const becauseCharactersMax = 160;

/** One line for each planted defect. @param at when the run ended @param layers what stood */
export function proofTable(rows: readonly ProofRow[], at: Date, layers: readonly string[]): string {
  const plants = rows.flatMap(({ planted }) => [...planted.keys()]).length;
  const lines = rows.flatMap(({ id, good, planted, blinded }) =>
    [...planted].map(([title, { outcome, because }], nth) => {
      const [goodHere, blindedHere] = nth === 0 ? [good, blinded] : ["", ""];
      return `| ${title === id ? `\`${id}\`` : title.slice(id.length).trim()} | ${goodHere} | ${outcome} | ${cell(because)} | ${blindedHere} |`;
    }),
  );
  return [
    "# Every check, three ways",
    "",
    `Written by \`npm test\` (test/prove) on ${at.toISOString().slice(0, 10)}, local cluster, layers ${layers.join(", ")}: ${rows.length} criteria, ${plants} planted defects.`,
    "A line in parentheses is one more defect of the criterion above it.",
    "",
    "| Criterion | Good platform | Planted defect | Why it failed then | Blinded |",
    "|---|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}

function cell(text: string): string {
  // Ids and addresses of one run say nothing to the reader of another.
  const plain = text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return plain.length <= becauseCharactersMax ? plain : `${plain.slice(0, becauseCharactersMax - 1)}…`;
}
