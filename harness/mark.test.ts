import { expect, test } from "vitest";
import { isMarked, newMark, newTitleMark, tagIn, tagOf } from "./mark.ts";

test("a mark tells its run, and no two are the same", () => {
  const run = "20261122T080905Z-local-abcd1234";
  const mark = newMark(run);
  expect(mark).toMatch(/^oke-proof-[0-9a-f]{24}$/);
  expect(tagIn(mark)).toBe(tagOf(run));
  expect(newMark(run)).not.toBe(mark);
  expect(tagIn(newMark("another"))).not.toBe(tagOf(run));
  expect(tagIn(`${newTitleMark(run)} first`)).toBe(tagOf(run));
});

test.each([
  ["oke-proof-0123456789abcdef", true, undefined],
  [`oke-proof-${"a".repeat(23)}`, true, undefined],
  [`oke-proof-${"a".repeat(24)}`, true, "aaaaaaaa"],
  [`oke-proof ${"b".repeat(24)} first`, true, "bbbbbbbb"],
  [`oke-proof/${"c".repeat(24)}/object`, true, "cccccccc"],
  ["oke-proofed", false, undefined],
  ["heart-rate", false, undefined],
  ["my oke-proof-aaaaaaaaaaaaaaaaaaaaaaaa", false, undefined],
])("%s: marked %s, tag %s", (name, isOurs, tag) => {
  expect(isMarked(name)).toBe(isOurs);
  expect(tagIn(name)).toBe(tag);
});
