import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyOf, keyOfFolder } from "./cache.ts";

describe("keyOf", () => {
  it("is the same for the same parts", () => {
    expect(keyOf(["a", "b"])).toBe(keyOf(["a", Buffer.from("b")]));
    expect(keyOf(["a", "b"])).toMatch(/^[0-9a-f]{12}$/);
  });
  it.each([
    [
      ["ab", "c"],
      ["a", "bc"],
    ],
    [
      ["a", "b"],
      ["b", "a"],
    ],
    [["a"], ["a", ""]],
  ])("tells %j from %j", (one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });
});

describe("keyOfFolder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "oke-proof-key-"));
    await mkdir(join(folder, "sub"));
    await writeFile(join(folder, "sub", "file"), "text");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("changes with a content and with a name", async () => {
    const before = await keyOfFolder(folder);
    await writeFile(join(folder, "sub", "file"), "other");
    const changed = await keyOfFolder(folder);
    await rm(join(folder, "sub", "file"));
    await writeFile(join(folder, "file"), "other");
    expect(new Set([before, changed, await keyOfFolder(folder)]).size).toBe(3);
  });

  it("does not change with what is skipped", async () => {
    const before = await keyOfFolder(folder, ["node_modules"]);
    await mkdir(join(folder, "node_modules"));
    await writeFile(join(folder, "node_modules", "file"), "text");
    expect(await keyOfFolder(folder, ["node_modules"])).toBe(before);
    expect(await keyOfFolder(folder)).not.toBe(before);
  });
});
