import { describe, expect, test } from "vitest";
import { fail, pass, unproven } from "../../harness/verdict.ts";
import { markup } from "../../reporters/html.ts";
import { buildLedger } from "../../reporters/ledger.ts";
import { remoteReferences } from "../../reporters/offline.ts";
import { renderScorecard } from "../../reporters/scorecard-html.ts";
import { toMarkdown } from "../../reporters/scorecard-markdown.ts";
import { exampleCriterion, exampleFact, exampleInput, exampleLedger, exampleRun } from "./example.ts";
import { verdictSentence, verdictWord } from "../../reporters/verdict-words.ts";
import { hostileLedger } from "./hostile.ts";

const page = renderScorecard(exampleLedger());
const hostilePage = renderScorecard(hostileLedger());

/** Names of the tags and of the attributes that a browser would see, by a reader that knows quotes. */
function seenBy(text: string): { tags: Set<string>; attributes: Set<string> } {
  const tags = new Set<string>();
  const attributes = new Set<string>();
  const outside = text.replaceAll(/<(script|style)>[\s\S]*?<\/\1>/g, "<$1></$1>");
  for (const [, tag = "", inside = ""] of outside.matchAll(
    /<\/?([a-z!][a-z0-9]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/gi,
  )) {
    tags.add(tag.toLowerCase());
    for (const [, name = ""] of inside.matchAll(/\s([^\s=>"]+)(?:="[^"]*")?/g)) attributes.add(name.toLowerCase());
  }
  expect(outside.replaceAll(/<\/?([a-z!][a-z0-9]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/gi, "")).not.toMatch(/[<>]/);
  return { tags, attributes };
}

describe("scorecard.html", () => {
  test("shows every criterion once, worst first, area by area", () => {
    const ids = [...page.matchAll(/<details class="(\w+)(?: asked)?" id="([^"]+)"/g)].map(([, standing, id]) => ({
      standing,
      id,
    }));
    expect(ids.length).toBe(90);
    expect(new Set(ids.map(({ id }) => id))).toEqual(new Set(exampleLedger().criteria.map(({ id }) => id)));
    expect(ids.slice(0, 3).map(({ standing }) => standing)).toEqual(["fail", "unproven", "unproven"]);
    const areas = [...page.matchAll(/<h2>([^<]+)<\/h2><div>/g)].map(([, name]) => name);
    expect(areas.slice(0, 3)).toEqual(["Cluster", "Latency", "Storage"]);
  });

  test("names the run, the numbers and what it says nothing about", () => {
    const said = [
      "<h1>NO-GO</h1>",
      "oke-staging",
      exampleRun.clusterUid ?? "",
      "1 min 39 s",
      "b3c9a5f0c1de",
      "2 of 45 criteria in scope",
      "30 (no check yet)",
    ];
    for (const words of said) expect(page).toContain(words);
  });

  test("refers to nothing elsewhere, and forbids it", () => {
    expect(remoteReferences(page)).toEqual([]);
    expect(remoteReferences(hostilePage)).toEqual([]);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  test("whatever was read stays text", () => {
    const ours = seenBy(page);
    const seen = seenBy(hostilePage);
    expect([...seen.tags].filter((tag) => !ours.tags.has(tag))).toEqual([]);
    expect([...seen.attributes].filter((name) => !ours.attributes.has(name))).toEqual([]);
    expect(hostilePage).not.toContain('href="evidence/..');
    // Control characters other than the line's end, and half characters, are no text in HTML.
    expect(hostilePage).not.toMatch(/[^\P{Cc}\n]/u);
    expect(hostilePage.isWellFormed()).toBe(true);
    expect(hostilePage).not.toContain("x".repeat(4_001));
  });

  test("puts the drawing of a suite with its criterion", () => {
    const svg = markup`<svg viewBox="0 0 1 1"></svg>`;
    const drawn = renderScorecard(exampleLedger(), [{ criterion: "api-latency-p99", title: "All <requests>", svg }]);
    const block = drawn.slice(drawn.indexOf('id="api-latency-p99"'), drawn.indexOf('id="api-latency-p99-2"'));
    expect(drawn.split("<figure").length).toBe(2);
    expect(block).toContain("<figcaption>All &lt;requests&gt;</figcaption><svg viewBox");
  });

  test.each([
    ["go", {}, "<h1>GO</h1>"],
    ["unfinished", { run: { ...exampleRun, finishedAt: null } }, "The run had not finished when this was written."],
    ["nothing in scope", { catalogue: [] }, "No criterion is in scope here"],
    ["harness error", { harnessError: "Vitest died" }, "The harness itself broke"],
  ])("in words: %s", (_what, changes, words) => {
    const verdicts = new Map([["a", { verdict: pass("held", [exampleFact("nodes", 3)]), durationMs: 5 }]]);
    const ledger = buildLedger(exampleInput({ catalogue: [exampleCriterion("a")], verdicts, ...changes }));
    expect(renderScorecard(ledger)).toContain(words);
  });

  test("a part of the scope is no GO", () => {
    const verdicts = new Map([["a", { verdict: pass("held", [exampleFact("nodes", 3)]), durationMs: 5 }]]);
    const catalogue = [exampleCriterion("a"), exampleCriterion("b")];
    const part = renderScorecard(buildLedger(exampleInput({ catalogue, verdicts, selected: ["a"] })));
    expect(part).toContain("<h1>NOT PROVEN</h1>");
    expect(part).toContain("1 was not asked for in this run.");
  });
});

describe("scorecard.md", () => {
  const text = toMarkdown(exampleLedger());

  test("says the verdict, lists what did not pass, folds the rest", () => {
    expect(text).toMatch(/^# NO-GO: oke-staging\n/);
    const open = text.slice(text.indexOf("## Not passed"), text.indexOf("<details>"));
    expect(open.match(/^\| Failed \|/gm)?.length).toBe(2);
    expect(open.match(/^\| Unproven \|/gm)?.length).toBe(6);
    expect(text).toContain("<details><summary>37 passed</summary>");
  });

  test("whatever was read stays text in one cell, and the whole fits a comment", () => {
    const hostile = toMarkdown(hostileLedger());
    for (const row of hostile.split("\n").filter((line) => line.startsWith("| Failed"))) {
      expect(row.replaceAll(String.raw`\|`, "").split("|").length).toBe(6);
    }
    expect(hostile.replaceAll("<br>", "").replaceAll(/<\/?(?:details|summary)>/g, "")).not.toMatch(/<|@|https:\/\//);
    expect(hostile).not.toMatch(/[^\P{Cc}\n]/u);
    expect(hostile.length).toBeLessThan(65_536);
    expect(text.length).toBeLessThan(65_536);
  });
});

test.each([
  ["gate", "go", "GO"],
  ["gate", "no-go", "NO-GO"],
  ["validate", "go", "PROVEN"],
  ["validate", "no-go", "FAILED"],
  ["validate", "not-proven", "NOT PROVEN"],
] as const)("%s that ends with %s is called %s: only a gate opens a gate", (command, verdict, word) => {
  const ledger = buildLedger(exampleInput());
  expect(verdictWord({ ...ledger, verdict, run: { ...ledger.run, command } })).toBe(word);
});

test.each([
  ["pass", undefined, "SURVIVED", "The 1 criterion that this drill decides held. Nothing else was asked."],
  ["pass", 4, "NOT PROVEN", "The 1 criterion that this drill decides held. Nothing else was asked."],
  ["fail", undefined, "NOT SURVIVED", "1 of 1 criterion that this drill decides is outside the limit."],
  ["unproven", undefined, "NOT PROVEN", "1 of 1 criterion that this drill decides could not be proven."],
] as const)("a drill whose criterion is %s, exit code %s, is called %s", (outcome, exitCode, word, sentence) => {
  const verdict = { pass: pass("held", [exampleFact("lost", 0)]), fail: fail("lost", [exampleFact("lost", 3)]) };
  const told = outcome === "unproven" ? unproven("not felt") : verdict[outcome];
  const catalogue = [exampleCriterion("a"), exampleCriterion("b")];
  const verdicts = new Map([["a", { verdict: told, durationMs: 1 }]]);
  const built = buildLedger(exampleInput({ catalogue, verdicts, selected: ["a"] }));
  const run = { ...built.run, command: "drill pod-kill" };
  const ledger = { ...built, run, ...(exitCode === undefined ? {} : { exitCode }) };
  expect([verdictWord(ledger), verdictSentence(ledger)]).toEqual([word, sentence]);
  const drawn = renderScorecard(ledger);
  expect(drawn).toContain('<body data-filter="asked">');
  expect(drawn).toContain(`<details class="${outcome} asked" id="a">`);
});

test("a gate's yes on a cluster to practise on says that it is one", () => {
  const ledger = buildLedger(exampleInput());
  expect(verdictWord({ ...ledger, verdict: "go", run: { ...ledger.run, command: "gate", env: "local" } })).toBe(
    "GO, REHEARSED",
  );
});

test("who asked for few sees their pictures at once; who asked for all opens them", () => {
  const catalogue = [exampleCriterion("a"), exampleCriterion("b")];
  const picture = { criterion: "a", title: "drawn", svg: markup`<svg></svg>` };
  const verdicts = new Map([["a", { verdict: pass("held", [exampleFact("lost", 0)]), durationMs: 1 }]]);
  const asked = (selected: readonly string[]): string =>
    renderScorecard(buildLedger(exampleInput({ catalogue, verdicts, selected })), [picture]);
  expect(asked(["a"])).toMatch(/<details class="\w+ asked" id="a" open>/);
  expect(asked(["a", "b"])).toMatch(/<details class="\w+ asked" id="a">/);
});

test("a note of several lines is one block, whose others come on click", () => {
  const ledger = exampleLedger();
  const told = { ...ledger, run: { ...ledger.run, notes: ["drill x\n  touches: <b>\n  1. this"] } };
  expect(renderScorecard(told)).toContain(
    '<details class="caution"><summary>drill x</summary><ul><li>touches: &lt;b&gt;</li><li>1. this</li></ul></details>',
  );
  expect(toMarkdown(told)).toContain("> drill x\n\n> touches: ");
});
