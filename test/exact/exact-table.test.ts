import { expect, test } from "vitest";
import { exactTable } from "./exact-table.ts";

test("a line says what failed, what else failed and why, and what was unproven meanwhile", () => {
  const table = exactTable(
    [
      { title: "a (first)", failed: ["a"], unproven: [], passed: 21 },
      { title: "b", failed: ["b", "c"], unproven: ["d"], passed: 19 },
      { title: "e", failed: ["f"], unproven: [], passed: 21 },
    ],
    { b: { c: "it reads what b spoils" } },
    new Date("2026-11-23T01:00:00Z"),
  );
  expect(table).toContain("on 2026-11-23");
  expect(table).toContain("3 defects");
  expect(table.split("\n").slice(6, 9)).toEqual([
    "| a (first) | fails | – | – | 21 |",
    "| b | fails | `c`: it reads what b spoils | d | 19 |",
    "| e | does not fail | `f`: not stated | – | 21 |",
  ]);
});
