/** What `npm run test:exact` saw, as a table of Markdown. */

/** One planted defect among all criteria of security. */
export type ExactRow = {
  readonly title: string;
  readonly failed: readonly string[];
  readonly unproven: readonly string[];
  readonly passed: number;
};

/** One line for each planted defect. @param reasons why a criterion may fail beside the defect's own, by the defect's title @param at when the run ended */
export function exactTable(
  rows: readonly ExactRow[],
  reasons: Readonly<Record<string, Readonly<Record<string, string>>>>,
  at: Date,
): string {
  const lines = rows.map(({ title, failed, unproven, passed }) => {
    const own = title.split(" ")[0] ?? title;
    const others = failed.filter((id) => id !== own).map((id) => `\`${id}\`: ${reasons[title]?.[id] ?? "not stated"}`);
    const cells = [title, failed.includes(own) ? "fails" : "does not fail", others.join("; "), unproven.join(", ")];
    return `| ${cells.map((text) => (text === "" ? "–" : text)).join(" | ")} | ${passed} |`;
  });
  return [
    "# Exactly the right criterion fails",
    "",
    `Written by \`npm run test:exact\` on ${at.toISOString().slice(0, 10)}, local cluster: ${rows.length} defects of security planted one at a time, all criteria of security looked at together each time.`,
    "",
    "| Planted defect | Its own criterion | What else fails, and why that is right | Unproven meanwhile | Pass |",
    "|---|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}
