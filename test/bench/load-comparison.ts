/** What was measured of a distribution against what is known of it. No I/O, no clock. */

/** The percentiles that the bench compares. */
export const percents = [50, 95, 99] as const;
export type Percentiles = Readonly<Record<(typeof percents)[number], number>>;

/** Percentiles in milliseconds, of so many answers. */
export type Measured = { readonly percentiles: Percentiles; readonly answers: number };

/** What the target gave to each generator, and what was made of it: by k6 and our evaluation, and by ApacheBench's own (`ab`). */
export type Comparison = {
  readonly known: Percentiles;
  /** What the target's answers really took on the plateau that is evaluated, and while ab asked. */
  readonly given: { readonly k6: Measured; readonly ab: Measured };
  readonly ours: Measured;
  readonly ab: Measured;
  /** Why the run proves nothing, whatever was measured (`validityOf`), and the like. */
  readonly reasons: readonly string[];
  /** Answers that a p99 needs. */
  readonly answersMin: number;
};

/** `unproven`: nothing was shown, neither that the numbers are true nor that they are not. */
export type Outcome = { readonly outcome: "holds" | "outside" | "unproven"; readonly sentences: readonly string[] };

/** @param of gives the percentile in milliseconds */
export function percentilesBy(of: (percent: number) => number): Percentiles {
  return { 50: of(50), 95: of(95), 99: of(99) };
}

/** How far a measured percentile may be from the known one, in percent of that. */
export const apartPercentMax = 5;
/** How far the target's answers may be from what they were to take: half of it, so that what a late timer does is not taken for a wrong measurement. */
export const givenPercentMax = 2.5;
/** How far the numbers of answers may be apart that generator and target counted, in percent. */
export const countedPercentMax = 1;

/**
 * A run that proves nothing is not judged; nor is one whose target did not do what is known of it. Then our evaluation decides. Where ab sees something else
 * while ours is right, one of the two does not measure what it seems to, and nothing is shown.
 */
export function compare({ known, given, ours, ab, reasons, answersMin }: Comparison): Outcome {
  const gaps = [
    ...reasons,
    ...fewOf("k6", ours, answersMin),
    ...fewOf("ab", ab, answersMin),
    ...countedApart("k6", ours, given.k6),
    ...countedApart("ab", ab, given.ab),
    ...apart("what the target gave to k6", given.k6.percentiles, known, givenPercentMax),
    ...apart("what the target gave to ab", given.ab.percentiles, known, givenPercentMax),
  ];
  if (gaps.length > 0) return { outcome: "unproven", sentences: gaps };
  const wrong = apart("our evaluation of k6's samples", ours.percentiles, known, apartPercentMax);
  if (wrong.length > 0) return { outcome: "outside", sentences: wrong };
  const doubts = apart("ab", ab.percentiles, known, apartPercentMax);
  if (doubts.length > 0) return { outcome: "unproven", sentences: doubts };
  return {
    outcome: "holds",
    sentences: [
      `our evaluation is within ${apartPercentMax} % of the known p50, p95 and p99, in ${ours.answers} answers`,
    ],
  };
}

/** How far from the known one, in percent of that; above zero where more was measured. */
export function apartPercent(measuredMs: number, knownMs: number): number {
  return ((measuredMs - knownMs) * 100) / knownMs;
}

function apart(whose: string, measured: Percentiles, known: Percentiles, percentMax: number): string[] {
  return percents.flatMap((percent) => {
    const [ms, knownMs] = [measured[percent], known[percent]];
    // Multiplied, not divided: 157.5 is 5 % of 150 apart, and not a rounding more. What is no number is outside, too.
    if (Math.abs(ms - knownMs) * 100 <= percentMax * knownMs) return [];
    const byHow = apartPercent(ms, knownMs).toFixed(1);
    return [
      `${whose}: p${percent} of ${ms.toFixed(1)} ms is ${byHow} % from the known ${knownMs.toFixed(1)} ms, more than ${percentMax} %`,
    ];
  });
}

function fewOf(whose: string, { answers }: Measured, answersMin: number): string[] {
  return answers >= answersMin ? [] : [`${whose} had ${answers} answers: a p99 needs ${answersMin}`];
}

/** At the edges of the plateau an answer may be counted on one side only. */
function countedApart(whose: string, { answers }: Measured, given: Measured): string[] {
  const isFar = Math.abs(answers - given.answers) * 100 > countedPercentMax * given.answers;
  return isFar ? [`${whose} had ${answers} answers, and the target gave it ${given.answers}`] : [];
}

/** All of it side by side, as a table in Markdown whose columns line up. */
export function tableOf({ known, given, ours, ab }: Comparison): string {
  const cells = (measured: Percentiles): string[] =>
    percents.map((percent) => {
      const by = apartPercent(measured[percent], known[percent]);
      return `${measured[percent].toFixed(1)} (${by < 0 ? "" : "+"}${by.toFixed(1)} %)`;
    });
  const row = (name: string, { percentiles, answers }: Measured): string[] => [
    name,
    ...cells(percentiles),
    String(answers),
  ];
  const head = ["", ...percents.map((percent) => `p${percent}, ms`), "answers"];
  const rows = [
    ["known, by the formula", ...percents.map((percent) => known[percent].toFixed(1)), ""],
    row("what the target gave to k6", given.k6),
    row("k6 and our evaluation (open: a rate)", ours),
    row("what the target gave to ab", given.ab),
    row("ab and its own (a closed loop)", ab),
  ];
  const widths = head.map((cell, column) =>
    Math.max(...[head, ...rows].map((line) => line[column]?.length ?? 0), cell.length, 3),
  );
  const line = (list: readonly string[]): string =>
    `| ${list.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
