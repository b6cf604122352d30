import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { fewAtATime } from "./few-at-a-time.ts";

test.each([
  [0, 4, 0],
  [1, 4, 1],
  [10, 1, 1],
  [10, 3, 3],
  [3, 0, 1],
])(
  "of %i pieces with at most %i at a time, %i are under way at once, and the order is kept",
  async (pieces, atMost, most) => {
    let underWay = 0;
    let highest = 0;
    const list = Array.from({ length: pieces }, (_, index) => index);
    const done = await fewAtATime(list, atMost, async (piece) => {
      underWay += 1;
      highest = Math.max(highest, underWay);
      for (let turns = 0; turns <= piece % 3; turns += 1) await turn();
      underWay -= 1;
      return piece * 2;
    });
    expect(done).toEqual(list.map((piece) => piece * 2));
    expect(highest).toBe(most);
  },
);

test("the first error of the work comes out", async () => {
  const work = async (piece: number): Promise<number> => {
    if (piece === 2) throw new Error("two");
    return piece;
  };
  await expect(fewAtATime([1, 2, 3], 2, work)).rejects.toThrow("two");
});
