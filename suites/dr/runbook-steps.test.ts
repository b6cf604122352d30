import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { projectRoot } from "../../environments/settings.ts";
import { newState } from "../../fixtures/restore/database-state.ts";
import { exampleRestoring } from "../../fixtures/restore/database-example.ts";
import { runbookSteps } from "../../fixtures/restore/database-runbook.ts";
import { rebuildStages } from "../../probes/restore/restore-run.ts";
import { stepsOfRunbook } from "./runbook-steps.ts";

test("the steps that the harness follows are those of the document, in its order", () => {
  const document = readFileSync(join(projectRoot, "docs", "runbooks", "database-restore.md"), "utf8");
  const followed = runbookSteps(exampleRestoring({ state: newState() })).map(({ name }) => name);
  expect(followed).toEqual(stepsOfRunbook(document));
  expect(followed).toHaveLength(12);
});

test("the stages that are timed when a cluster is rebuilt are those of the document, in its order", () => {
  const document = readFileSync(join(projectRoot, "docs", "runbooks", "cluster-rebuild.md"), "utf8");
  const timed: readonly string[] = rebuildStages;
  const stages = stepsOfRunbook(document);
  expect(stages.filter((stage) => timed.includes(stage))).toEqual(timed);
  // The clock runs from the declaration: what comes before it costs nobody's time.
  expect(stages.indexOf("declared")).toBe(3);
});

const table = (...rows: readonly string[]) =>
  ["# x", "", "| no. | step |", "| --- | --- |", ...rows, "", "| a | b |"].join("\n");

test("the table ends where its lines do", () => {
  expect(stepsOfRunbook(table("| 1 | one | a |", "| 2 | two | b |"))).toEqual(["one", "two"]);
  expect(stepsOfRunbook(table())).toEqual([]);
});

test.each([
  ["no table", "# x\n", "has no table"],
  ["a step out of its order", table("| 1 | one |", "| 3 | three |"), "row 2"],
  ["a step without a name", table("| 1 |  |"), "row 1"],
])("a runbook with %s is an error", (_, text, why) => {
  expect(() => stepsOfRunbook(text)).toThrow(why);
});

test("any text is read or refused in words, and nothing else", () => {
  fc.assert(
    fc.property(fc.string(), (cells) => {
      const text = table(`| 1 | ${cells} |`);
      let told: unknown;
      try {
        told = stepsOfRunbook(text);
      } catch (error) {
        told = error instanceof Error ? error.message : error;
      }
      expect(Array.isArray(told) || /of the runbook's table is not step/.test(String(told))).toBe(true);
    }),
  );
});
