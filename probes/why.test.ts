import fc from "fast-check";
import { expect, test } from "vitest";
import { codeOf, oneLine, whyOf } from "./why.ts";

const refused = Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" });

test.each<[string, unknown, string]>([
  ["an error", new Error("it broke"), "it broke"],
  ["its cause too", new Error("fetch failed", { cause: new Error("socket closed") }), "fetch failed: socket closed"],
  ["a cause without words", new Error("fetch failed", { cause: refused }), "fetch failed: ECONNREFUSED"],
  ["nothing twice", new Error("reading a: gone", { cause: new Error("gone") }), "reading a: gone"],
  ["on one line", new Error("one\n  two"), "one two"],
  ["what is no error", "just text", "just text"],
  ["nothing at all", undefined, "unknown error"],
  ["an empty error", new Error(""), "Error"],
])("says %s", (_, error, sentence) => {
  expect(whyOf(error)).toBe(sentence);
});

test("an error that causes itself comes to an end", () => {
  const error = new Error("round");
  error.cause = error;
  expect(whyOf(error)).toBe("round");
  expect(codeOf(error)).toBeUndefined();
});

test("the code is the first that has one", () => {
  expect(codeOf(new Error("a", { cause: refused }))).toBe("ECONNREFUSED");
  expect(codeOf("ECONNREFUSED")).toBeUndefined();
});

test("a sentence is one line of at most 301 characters, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000 }), (text) => {
      expect(oneLine(text)).toMatch(/^.{0,301}$/u);
      expect(oneLine(text).length).toBeLessThanOrEqual(301);
    }),
  );
});
