import { describe, expect, test } from "vitest";
import { columnsOf, cut, printable, wrap } from "./text.ts";

const family = "\u{1F469}\u200D\u{1F469}\u200D\u{1F467}";

describe("printable", () => {
  test.each([
    ["colours", "\u001B[31mred", "\uFFFD[31mred"],
    ["lines", " two\r\n lines\t ", "two lines"],
    ["direction", "a\u202Eb\u2066c", "a\uFFFDb\uFFFDc"],
    ["letters", "שלום ümläut", "שלום ümläut"],
  ])("%s", (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});

describe("columns", () => {
  test.each([
    ["abc", 3],
    ["ü", 1],
    ["日本", 4],
    [family, 2],
  ])("%s", (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  test.each([
    ["abcd", 4, "abcd"],
    ["abcde", 4, "abc…"],
    ["日本語", 4, "日…"],
    [`a${family}b`, 3, "a…"],
  ])("cut %s to %i", (text, width, shown) => {
    expect(cut(text, width)).toBe(shown);
    expect(columnsOf(cut(text, width))).toBeLessThanOrEqual(width);
  });
});

describe("wrap", () => {
  test.each([
    ["at blanks", "one two three", 7, ["one two", "three"]],
    ["in a long word", "abcdefgh ij", 3, ["abc", "def", "gh", "ij"]],
    ["not at all", "one", 3, ["one"]],
    ["nothing", "", 3, [""]],
  ])("%s", (_what, text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });
});
