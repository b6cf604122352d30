/** A distribution of latency whose percentiles follow from a formula: what is measured of it can be held against the truth. No I/O, no clock. */

/** So many percent of all answers take from `fromMs` to `toMs`, any time between them as likely as any other. */
export type Part = { readonly percent: number; readonly fromMs: number; readonly toMs: number };

/** Hands out the time that the next answer is to take, in milliseconds. */
export type Deal = () => number;

/** p50, p95 and p99 are 150, 450 and 900 ms: where limits of APIs lie, and each well within a part, so that none hangs on a few answers. */
export const knownParts: readonly Part[] = [
  { percent: 90, fromMs: 100, toMs: 190 },
  { percent: 8, fromMs: 325, toMs: 525 },
  { percent: 2, fromMs: 800, toMs: 1000 },
];

/** As many cards make a pack that p99 lies between ten above and the rest below. */
export const cardsInPack = 1000;

/**
 * The exact percentile of the distribution, in milliseconds.
 * @param percent 0 to 100
 * @throws RangeError for another percent, for parts that are not of 100 % together, and for parts that do not follow one another
 */
export function knownPercentile(parts: readonly Part[], percent: number): number {
  checkParts(parts);
  if (!(percent >= 0 && percent <= 100)) throw new RangeError(`there is no percentile ${percent}: 0 to 100 are there`);
  let below = 0;
  for (const part of parts) {
    if (percent <= below + part.percent)
      return part.fromMs + ((part.toMs - part.fromMs) * (percent - below)) / part.percent;
    below += part.percent;
  }
  return parts.at(-1)?.toMs ?? 0;
}

/**
 * Deals times out like cards: a pack holds the distribution in `cardsInPack` equal steps, and is shuffled anew whenever it is used up. So every thousand answers have
 * the known percentiles, in an order that is chance; with dice alone the p99 of some thousand answers would stagger by more than what is to be shown.
 * @param seed the same seed deals the same times in the same order
 * @throws RangeError as `knownPercentile`
 */
export function dealer(parts: readonly Part[], seed: number): Deal {
  const pack = Array.from({ length: cardsInPack }, (_, card) =>
    knownPercentile(parts, ((card + 0.5) * 100) / cardsInPack),
  );
  const random = seeded(seed);
  let left: number[] = [];
  return () => {
    if (left.length === 0) left = shuffled(pack, random);
    const [dealt = Number.NaN] = left.splice(-1);
    return dealt;
  };
}

function checkParts(parts: readonly Part[]): void {
  const sum = parts.reduce((all, { percent }) => all + percent, 0);
  if (Math.abs(sum - 100) > 1e-9) throw new RangeError(`the parts are ${sum} % of the answers together, not 100 %`);
  let lastMs = 0;
  for (const { percent, fromMs, toMs } of parts) {
    const named = `the part of ${percent} % from ${fromMs} to ${toMs} ms`;
    if (!(percent > 0 && fromMs >= lastMs && toMs > fromMs))
      throw new RangeError(`${named} does not follow the one before it, or is empty`);
    lastMs = toMs;
  }
}

/** Fisher and Yates: every order is as likely as any other. */
function shuffled(cards: readonly number[], random: () => number): number[] {
  const order = [...cards];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    const [one = Number.NaN, other = Number.NaN] = [order[last], order[chosen]];
    order[last] = other;
    order[chosen] = one;
  }
  return order;
}

/** Numbers of at least 0 and below 1 that follow from the seed: a linear congruence of 48 bits (the constants of POSIX's drand48), since JavaScript's own has no seed. */
function seeded(seed: number): () => number {
  const mask = (1n << 48n) - 1n;
  let state = ((BigInt(Math.trunc(seed)) << 16n) + 0x330en) & mask;
  return () => {
    state = (state * 0x5deece66dn + 0xbn) & mask;
    return Number(state) / 2 ** 48;
  };
}
