import fc from "fast-check";
import { expect, test } from "vitest";
import { budgetOf } from "./budget.ts";

test.each([
  [2880, 0.5, 14],
  [10_080, 0.5, 50],
  [60, 0.5, 0],
  [200, 0.5, 1],
  [1000, 0.7, 7],
  [1000, 0.1, 1],
  [2880, 0, 0],
  [2880, 100, 2880],
])("of %i minutes %f %% are %i", (planned, lostPercentMax, lostMax) => {
  expect(budgetOf({ planned, lost: lostMax, lostPercentMax })).toEqual({
    planned,
    lost: lostMax,
    lostMax,
    isBurned: false,
  });
  expect(budgetOf({ planned, lost: lostMax + 1, lostPercentMax }).isBurned).toBe(true);
});

test("a budget is burned exactly where a perfect rest of the window cannot bring it back", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_160 }),
      fc.integer({ min: 0, max: 20_160 }),
      fc.integer({ min: 0, max: 100_000 }),
      (planned, lost, thousandths) => {
        fc.pre(lost <= planned);
        const share = BigInt(lost) * 100_000n > BigInt(planned) * BigInt(thousandths);
        expect(budgetOf({ planned, lost, lostPercentMax: thousandths / 1000 }).isBurned).toBe(share);
      },
    ),
  );
});
