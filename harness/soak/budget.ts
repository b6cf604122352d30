/** What a window may lose and still hold its limit, and when that is spent. */

export type Budget = {
  /** Minutes of the window, those of them that were lost so far, and how many may be. */
  readonly planned: number;
  readonly lost: number;
  readonly lostMax: number;
  /** More was lost than any good minutes to come could make up for. */
  readonly isBurned: boolean;
};

/**
 * The budget of a window. Minutes are whole, so that of 2,880 minutes 0.5 % are 14: the fifteenth breaks the limit whatever comes after it.
 * @param window.planned whole minutes of the window
 * @param window.lost those in which the limit's event was seen (no answer)
 * @param window.lostPercentMax with at most three digits behind the point
 */
export function budgetOf(window: {
  readonly planned: number;
  readonly lost: number;
  readonly lostPercentMax: number;
}): Budget {
  const { planned, lost, lostPercentMax } = window;
  // In whole thousandths of a percent: 0.7 % of 1,000 must be 7 and not 6.999.
  const lostMax = Math.floor((planned * Math.round(lostPercentMax * 1000)) / 100_000);
  return { planned, lost, lostMax, isBurned: lost > lostMax };
}
