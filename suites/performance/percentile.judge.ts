/** Percentiles, exact: every value is kept and sorted, nothing is interpolated, sampled or put into buckets. */

/** Values in order of size. `percentile(95)` is one of them. */
export type Ranked = {
  readonly count: number;
  readonly sorted: Iterable<number>;
  readonly smallest: number;
  readonly largest: number;
  readonly percentile: (percent: number) => number;
};

/**
 * Values, ranked for percentiles by nearest rank: the p-th percentile of n values is the one at place ceil(p * n / 100) of the sorted list, counted from 1.
 * It is the smallest measured value that at least p percent of all values do not exceed, so that "p95 below 500 ms" is a sentence about 95 % of the requests.
 * @param values in any order, at least one; the list is not changed
 * @throws RangeError where there is no value or one that is no finite number: a percentile of such a list would be made up
 * @throws RangeError from `percentile`, for anything but more than 0 and at most 100
 */
export function rank(values: readonly number[]): Ranked {
  const broken = values.find((value) => !Number.isFinite(value));
  if (broken !== undefined)
    throw new RangeError(`a percentile was asked of ${values.length} values with ${broken} among them`);
  // A typed array sorts by size; an ordinary one would sort by letters.
  const sorted = Float64Array.from(values).toSorted();
  const [smallest, largest] = [sorted.at(0), sorted.at(-1)];
  if (smallest === undefined || largest === undefined) throw new RangeError("a percentile was asked of no values");
  return {
    count: sorted.length,
    sorted,
    smallest,
    largest,
    percentile: (percent) => {
      if (!(percent > 0 && percent <= 100))
        throw new RangeError(`there is no percentile ${percent}: more than 0 and at most 100 are there`);
      // Multiplied first: 0.99 * 100 is not 99 in floating point, 99 * 100 / 100 is. A percent near 0 may be rounded down to none.
      const place = Math.max(Math.ceil((percent * sorted.length) / 100), 1);
      return sorted.at(place - 1) ?? largest;
    },
  };
}
