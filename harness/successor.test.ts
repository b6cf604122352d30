import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSuccessor, writeSuccessor } from "./successor.ts";

function inFolder(work: (directory: string, file: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-successor-"));
  try {
    work(directory, join(directory, "successor.json"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("what was written is read, and of that cluster only", () => {
  inFolder((directory) => {
    expect(readSuccessor(directory, "uid-1")).toBeUndefined();
    writeSuccessor(directory, { from: "uid-1", to: "uid-2" });
    expect(readSuccessor(directory, "uid-1")).toBe("uid-2");
    expect(readSuccessor(directory, "uid-2")).toBeUndefined();
    expect(() => writeSuccessor(directory, { from: "uid-1", to: "uid-1" })).toThrow("its own place");
    expect(() => writeSuccessor(directory, { from: "uid-1", to: "" })).toThrow(/Too small/);
    expect(readSuccessor(directory, "uid-1")).toBe("uid-2");
  });
});

test("nothing else is a successor", () => {
  const whole = { schemaVersion: 1, from: "uid-1", to: "uid-2" };
  inFolder((directory, file) => {
    for (const bent of [
      { ...whole, to: "uid-1" },
      { ...whole, schemaVersion: 2 },
      { from: "uid-1" },
      [],
      null,
      "uid-2",
    ]) {
      writeFileSync(file, JSON.stringify(bent));
      expect(readSuccessor(directory, "uid-1")).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        writeFileSync(file, text);
        expect(readSuccessor(directory, "uid-1")).toBeUndefined();
      }),
    );
  });
});
