import { describe, expect, test } from "vitest";
import { remoteReferences, withoutAnalytics } from "./offline.ts";

const analytics = `<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
    <script>window.dataLayer = [];</script>`;

describe("remoteReferences", () => {
  test.each([
    ["script", `<script src="https://example.invalid/a.js"></script>`, "https://example.invalid/a.js"],
    ["no scheme", `<img src='//example.invalid/a.png'>`, "//example.invalid/a.png"],
    ["no quotes", `<link rel=stylesheet href=http://example.invalid/a.css>`, "http://example.invalid/a.css"],
    ["style", `<style>@import "https://example.invalid/b.css";</style>`, "https://example.invalid/b.css"],
    ["font", `<style>a{src:url(https://example.invalid/c.woff)}</style>`, "https://example.invalid/c.woff"],
    ["frame", `<iframe src="https://example.invalid"></iframe>`, "https://example.invalid"],
    ["analytics in a script", `<script>load("//www.google-analytics.com/x")</script>`, "google-analytics.com"],
  ])("%s", (_what, page, found) => {
    expect(remoteReferences(page)).toEqual([found]);
  });

  test.each([
    ["own", `<script src="a.js"></script><img src="data:image/png;base64,AA//AA">`],
    ["a link to click", `<a href="https://example.invalid">more</a>`],
    [
      "a name in a script",
      `<script>const ns = "http://www.w3.org/2000/svg"; const t = '<img src="https://x.invalid">';</script>`,
    ],
  ])("none: %s", (_what, page) => {
    expect(remoteReferences(page)).toEqual([]);
  });
});

describe("withoutAnalytics", () => {
  test("takes the loader and the script behind it, and nothing else", () => {
    expect(withoutAnalytics(`<b>1</b>${analytics}<script>report()</script>`)).toBe("<b>1</b><script>report()</script>");
  });
});
