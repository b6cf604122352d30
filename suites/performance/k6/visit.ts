/** When a visitor comes, asks and leaves. No I/O: k6 runs it, and so do the tests. */

/** Numbers of at least 0 and below 1. */
export type Random = () => number;

/** The fractional part of the golden ratio: its multiples fill the line evenly, however many there are. */
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * How long the n-th visitor stays. Lengths are spread evenly between `mean` x (1 - `spread`) and `mean` x (1 + `spread`), and those of neighbours lie far
 * apart: with dice instead, the number of users at once would stagger by chance.
 */
export function staySeconds(index: number, stay: { readonly meanSeconds: number; readonly spread: number }): number {
  const place = ((index + 1) * golden) % 1;
  return stay.meanSeconds * (1 - stay.spread + 2 * stay.spread * place);
}

/** Random times within a stay, in their order: any of its moments is as likely as any other. */
export function requestTimes(count: number, seconds: number, random: Random): number[] {
  const gaps = Array.from({ length: count + 1 }, () => -Math.log(1 - random()));
  const all = gaps.reduce((sum, gap) => sum + gap, 0);
  let passed = 0;
  return gaps.slice(0, count).map((gap) => {
    passed += gap;
    return all === 0 ? 0 : (passed / all) * seconds;
  });
}

/** What follows `oke-proof-` or `oke-proof ` in the mark of something that is made (harness/mark.ts): the run's tag and 16 hexadecimal digits. */
export function markDigits(tag: string, random: Random): string {
  return tag + Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join("");
}

/** The n-th of a list that begins again at its end. @throws Error where the list is empty */
export function turnOf<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error("a list that visitors take turns in is empty");
  return found;
}
