import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readProgress, tellProgress } from "./progress.ts";

test("lines come in their order, whole", () => {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-progress-"));
  try {
    expect(readProgress(directory)).toEqual([]);
    tellProgress(directory, "injected");
    tellProgress(directory, "felt:\n  3 pods\tgone ");
    appendFileSync(join(directory, "progress.log"), "remov");
    expect(readProgress(directory)).toEqual(["injected", "felt: 3 pods gone"]);
    appendFileSync(join(directory, "progress.log"), "ed\n");
    expect(readProgress(directory)).toEqual(["injected", "felt: 3 pods gone", "removed"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("a folder that is not there hears nothing and says nothing", () => {
  const directory = join(tmpdir(), "oke-proof-no-such-folder");
  expect(() => tellProgress(directory, "injected")).not.toThrow();
  expect(readProgress(directory)).toEqual([]);
});
