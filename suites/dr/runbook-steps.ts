/** The steps of a runbook, by the table that its document has. */

/**
 * Names of the steps, in their order: the second column of the table whose head begins with `no.`, and `step` or `stage`.
 * @throws Error where there is no such table, or where its numbers are not 1, 2, 3, …
 */
export function stepsOfRunbook(markdown: string): readonly string[] {
  const lines = markdown.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const head = lines.findIndex(([, number, step]) => number === "no." && ["step", "stage"].includes(step ?? ""));
  if (head === -1) throw new Error("the runbook has no table of steps with the columns 'no.', and 'step' or 'stage'");
  const rows = lines.slice(head + 2);
  const end = rows.findIndex((cells) => cells.length < 3);
  const steps = (end === -1 ? rows : rows.slice(0, end)).map(([, number = "", step = ""]) => ({ number, step }));
  const wrong = steps.findIndex(({ number, step }, index) => number !== String(index + 1) || step === "");
  if (wrong !== -1) throw new Error(`row ${wrong + 1} of the runbook's table is not step ${wrong + 1}`);
  return steps.map(({ step }) => step);
}
