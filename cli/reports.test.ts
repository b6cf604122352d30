import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exampleLedger } from "../test/report/example.ts";
import { writeReports } from "./reports.ts";

test("a report that cannot be written is named, and the others stand", async () => {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-reports-"));
  try {
    for (const name of ["junit.xml", "metrics.prom"]) mkdirSync(join(directory, name));
    const failed = await writeReports(exampleLedger(), directory, undefined);
    expect(failed).toEqual([
      expect.stringMatching(/junit\.xml: EISDIR|junit\.xml: .*directory/),
      expect.stringMatching(/metrics\.prom: EISDIR|metrics\.prom: .*directory/),
    ]);
    for (const name of ["scorecard.html", "scorecard.md", "allure-report"]) {
      expect(existsSync(join(directory, name)), name).toBe(true);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 120_000);
