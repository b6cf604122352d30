import { expect, test } from "vitest";
import { seedSizes } from "../criteria/seed-sizes.ts";
import { allowance202105, allowance202606 } from "../probes/terraform/allowance.ts";
import { statementLines } from "./fits.ts";

const first = (allowance: typeof allowance202606): string[] =>
  seedSizes.map((one) => statementLines(one, allowance)[0] ?? "");

test("which statements of the documents no longer fit, and which do", () => {
  const fitting = (lines: readonly string[]): number => lines.filter((line) => line.startsWith("  fits")).length;
  expect(fitting(first(allowance202606))).toBe(1);
  // Four processors and three nodes fitted until June 2026; volumes never did.
  expect(fitting(first(allowance202105))).toBe(3);
});

test("a statement says its words, its source, and by how much it does not fit", () => {
  const [statement] = seedSizes;
  if (statement === undefined) throw new Error("no statement");
  expect(statementLines(statement, allowance202606)).toEqual([
    `  DOES NOT FIT  "4 vCPU, 24 GB RAM total (ARM Ampere A1)" (roadmap, What We're Building)`,
    "                4 OCPUs and 24 GB, free until June 2026; OCPUs: 4, 2 free; GB of memory: 24, 12 free",
  ]);
});

test.each([
  [2, "fits"],
  [2.1, "DOES NOT FIT"],
])("%d OCPUs: %s", (ocpus, word) => {
  const [statement] = seedSizes;
  if (statement === undefined) throw new Error("no statement");
  expect(statementLines({ ...statement, needs: { ocpus } }, allowance202606)[0]).toContain(word);
});
