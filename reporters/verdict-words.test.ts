import { describe, expect, test } from "vitest";
import { tookWords, whenWords } from "./verdict-words.ts";

const start = "2026-11-21T04:00:00.000Z";

describe("tookWords", () => {
  test.each([
    ["2026-11-21T04:00:59.400Z", "59 s"],
    ["2026-11-21T04:01:00.000Z", "1 min 0 s"],
    ["2026-11-21T04:59:59.000Z", "59 min 59 s"],
    ["2026-11-21T05:00:00.000Z", "1 h 0 min"],
    ["2026-11-21T03:59:59.000Z", undefined],
    ["soon", undefined],
    [null, undefined],
  ])("%s", (end, words) => {
    expect(tookWords(start, end)).toBe(words);
  });
});

describe("whenWords", () => {
  test.each([
    [start, "2026-11-21 04:00:00 UTC"],
    ["2026-11-21T05:00:00+01:00", "2026-11-21 04:00:00 UTC"],
    ["yesterday", "yesterday"],
  ])("%s", (at, words) => {
    expect(whenWords(at)).toBe(words);
  });
});
