import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSoakLength } from "./length.ts";

test.each([
  ["48h", 2880],
  ["90m", 90],
  ["1m", 1],
  ["336h", 20_160],
  ["20160m", 20_160],
])("%s is %i minutes", (text, minutes) => {
  expect(parseSoakLength(text)).toEqual({ ok: true, minutes });
});

test.each(["337h", "20161m", "999999h"])("%s is too long", (text) => {
  expect(parseSoakLength(text)).toEqual({ ok: false, why: `--soak ${text} is too long: at most 336h` });
});

test.each([
  "",
  "48",
  "h",
  "0h",
  "048h",
  "-1h",
  "1.5h",
  "48 h",
  "48H",
  "48hh",
  "2d",
  "48h\n",
  "1e3m",
  "٤٨h",
  "9999999m",
])("'%s' is no length", (text) => {
  expect(parseSoakLength(text)).toEqual({
    ok: false,
    why: expect.stringMatching(/^--soak ".*" is no length of time: write .* 48h or 90m$/),
  });
});

test("whatever is written gives whole minutes or one line", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{0,7}[hm]?$/)), (text) => {
      const found = parseSoakLength(text);
      expect(found.ok ? Number.isInteger(found.minutes) && found.minutes > 0 : !found.why.includes("\n")).toBe(true);
    }),
  );
});
