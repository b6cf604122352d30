/** bin/node before anything is installed. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

test("a linked node_modules is another copy's, and is left alone", () => {
  const copy = mkdtempSync(join(tmpdir(), "oke-proof-launcher-"));
  const others = join(copy, "others");
  mkdirSync(join(others, "a-package"), { recursive: true });
  mkdirSync(join(copy, "bin"));
  copyFileSync("bin/node", join(copy, "bin", "node"));
  symlinkSync(others, join(copy, "node_modules"));
  const { status, stderr } = spawnSync(join(copy, "bin", "node"), ["--version"], { encoding: "utf8" });
  expect(status).toBe(3);
  expect(stderr).toMatch(/^oke-proof: \S+node_modules is a link, and would be installed over: remove the link/);
  expect(readdirSync(others)).toEqual(["a-package"]);
});
