import { describe, expect, test } from "vitest";
import { escapeHtml, markup, trusted } from "./html.ts";

describe("markup", () => {
  test.each([
    ["text", markup`<p>${"<b> & 'c' \"d\""}</p>`, "<p>&lt;b&gt; &amp; &#39;c&#39; &quot;d&quot;</p>"],
    ["markup", markup`<p>${markup`<b>${"<"}</b>`}</p>`, "<p><b>&lt;</b></p>"],
    ["a list", markup`${[markup`<i></i>`, "<", 3]}`, "<i></i>&lt;3"],
    ["our own", markup`<style>${trusted("a>b{}")}</style>`, "<style>a>b{}</style>"],
    ["nothing", markup`<p></p>`, "<p></p>"],
  ])("%s", (_what, made, text) => {
    expect(made.toString()).toBe(text);
  });
});

describe("escapeHtml", () => {
  test("shows what HTML refuses as a replacement", () => {
    expect(escapeHtml("\u0000a\u001Bb\n\tc\uD800")).toBe("\uFFFDa\uFFFDb\n\tc\uFFFD");
  });

  test("cuts beyond 4,000 characters and says so", () => {
    expect(escapeHtml("x".repeat(4_000))).toBe("x".repeat(4_000));
    expect(escapeHtml("x".repeat(4_001))).toBe(`${"x".repeat(4_000)}… (cut, the ledger has 4001 characters)`);
  });
});
