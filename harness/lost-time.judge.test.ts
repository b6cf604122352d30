import { expect, test } from "vitest";
import { lostTime } from "./lost-time.judge.ts";
import type { Outcome } from "./verdict.ts";

const outcomes = { p: "pass", f: "fail", u: "unproven" } as const satisfies Readonly<Record<string, Outcome>>;
const look = (atMs: number, outcome: Outcome) => ({ atMs, outcome, because: "" });

/** Looks every 100 ms from 100 on, a letter each; the fault is removed at 1000. */
function lost(letters: string): number {
  const during = letters.split("").flatMap((letter, index) => {
    const outcome = letter === "p" || letter === "f" || letter === "u" ? outcomes[letter] : undefined;
    return outcome === undefined ? [] : [look((index + 1) * 100, outcome)];
  });
  return lostTime(look(0, "pass"), during, 1000);
}

test.each([
  ["", 0],
  ["ppp", 0],
  ["uuu", 0],
  ["fp", 200],
  ["pfp", 200],
  ["pffp", 300],
  ["pufp", 300],
  ["pfup", 300],
  ["pupp", 0],
  ["pfpfp", 400],
  ["pf", 900],
  ["f", 1000],
  ["ppppppppppppf", 100],
])("%s is lost for %i ms", (letters, ms) => {
  expect(lost(letters)).toBe(ms);
});
