import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../environments/settings.ts";
import { makeRunDirectory, pointLatestAt } from "./run-directory.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "oke-proof-directory-"));

test("an earlier run's verdicts are gone before the next run begins", () => {
  const directory = folder();
  for (const name of ["ledger.json", "verdicts.jsonl"]) writeFileSync(join(directory, name), "{}");
  makeRunDirectory(directory);
  expect(existsSync(join(directory, "verdicts.jsonl"))).toBe(false);
  expect(existsSync(join(directory, "evidence"))).toBe(true);
});

test("a folder of somebody else's is refused and left as it was", () => {
  const directory = folder();
  writeFileSync(join(directory, "thesis.txt"), "years of work");
  expect(() => makeRunDirectory(directory)).toThrow(UsageError);
  expect(readFileSync(join(directory, "thesis.txt"), "utf8")).toBe("years of work");
});

test("a place that cannot be a folder is refused in one line", () => {
  const file = join(folder(), "file");
  writeFileSync(file, "");
  expect(() => makeRunDirectory(join(file, "run"))).toThrow(/cannot be written to/);
});

test("latest points at the newest run", () => {
  const reports = folder();
  for (const name of ["run-1", "run-2"]) {
    mkdirSync(join(reports, name));
    writeFileSync(join(reports, name, "ledger.json"), name);
    pointLatestAt(join(reports, name));
  }
  expect(readFileSync(join(reports, "latest", "ledger.json"), "utf8")).toBe("run-2");
});
