import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ledger } from "../../harness/ledger.ts";
import { fail, pass, unproven, type Verdict } from "../../harness/verdict.ts";
import { resultOf } from "../../reporters/allure-result.ts";
import { completeAllureResults, generateAllureReport } from "../../reporters/allure.ts";
import { buildLedger } from "../../reporters/ledger.ts";
import { remoteReferences } from "../../reporters/offline.ts";
import { exampleCriterion, exampleFact, exampleInput, exampleLedger, uncheckedCriterion } from "./example.ts";
import { hostileLedger } from "./hostile.ts";
import { allureResults, makeRun, runSuites, type AllureResult } from "./real-vitest.ts";

const fact = exampleFact("nodes", 3, { limit: "exactly 3" });

/** What the ledger says, and what must stand in Allure for it: whatever Allure guessed from the tests below. */
const rows: readonly (readonly [
  id: string,
  verdict: Verdict | undefined,
  status: string,
  message: string | undefined,
])[] = [
  ["holds", pass("held", [fact]), "passed", undefined],
  ["broken", fail("outside", [fact]), "failed", "outside"],
  ["broken-quietly", fail("outside", [fact]), "failed", "outside"],
  ["says-assert", unproven("SAML assertion expired", [fact]), "broken", "Not proven: SAML assertion expired"],
  ["throws", unproven("the check threw"), "broken", "Not proven: the check threw"],
  ["passes-but-stale", unproven("evidence is old", [fact]), "broken", "Not proven: evidence is old"],
  ["skipped-by-hook", undefined, "broken", "Not proven: no verdict on skipped-by-hook"],
  ["never-ran", undefined, "broken", "Not proven: no verdict on never-ran"],
  ["unchecked", undefined, "broken", "Out of scope: no check yet"],
];

const suites = [
  {
    name: "outcomes",
    body: `
judged("holds", "pass");
judged("broken", "fail", Object.assign(new Error("outside"), { name: "CriterionFailedAssertionError" }));
judged("broken-quietly", "fail", new Error("outside"));
judged("says-assert", "unproven", new Error("SAML assertion expired"));
judged("passes-but-stale", "pass");
test("throws", () => { throw new Error("before it could label itself"); });
test("not of the catalogue", () => { expect(1).toBe(1); });
`,
  },
  { name: "hook", body: `beforeAll(() => { throw new Error("no cluster"); });\njudged("skipped-by-hook", "pass");\n` },
];

function ledgerOfRows(): Ledger {
  const catalogue = rows.map(([id]) => (id === "unchecked" ? uncheckedCriterion(id) : exampleCriterion(id)));
  const verdicts = new Map(
    rows.flatMap(([id, verdict]) => (verdict === undefined ? [] : [[id, { verdict, durationMs: 40 }] as const])),
  );
  return buildLedger(exampleInput({ catalogue, verdicts, notRunBecause: (id) => `no verdict on ${id}` }));
}

function only(results: ReadonlyMap<string, AllureResult[]>, id: string): AllureResult | undefined {
  const found = results.get(id);
  expect(found?.length, id).toBe(1);
  return found?.[0];
}

describe("a run that ended, twice into the same folder", () => {
  let directory = "";
  let guessed = new Map<string, AllureResult[]>();
  let exitCodes: (number | null)[] = [];
  beforeAll(async () => {
    directory = makeRun(suites);
    exitCodes = [await runSuites(directory), await runSuites(directory)];
    guessed = allureResults(directory);
    writeFileSync(join(directory, "allure-results", "0-result.json"), '{"uuid": "0", "na');
    completeAllureResults(ledgerOfRows(), directory);
  }, 60_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test("Allure alone would have got it wrong", () => {
    expect(exitCodes).toEqual([1, 1]);
    expect(guessed.get("says-assert")?.map(({ status }) => status)).toEqual(["failed", "failed"]);
    expect(guessed.get("broken-quietly")?.map(({ status }) => status)).toEqual(["broken", "broken"]);
    expect(guessed.get("passes-but-stale")?.map(({ status }) => status)).toEqual(["passed", "passed"]);
    expect(guessed.get("skipped-by-hook")?.map(({ status }) => status)).toEqual(["skipped", "skipped"]);
    expect(guessed.has("never-ran")).toBe(false);
  });

  test.each(rows)("%s", (id, _verdict, status, message) => {
    const result = only(allureResults(directory), id);
    expect(result?.status).toBe(status);
    expect(result?.statusDetails?.message).toBe(message);
    expect(result?.labels).toContainEqual({ name: "epic", value: "Cluster" });
    expect(result?.labels).toContainEqual({ name: "feature", value: `${id}: The part called ${id} MUST hold.` });
    expect(result?.labels).toContainEqual({ name: "story", value: id });
    expect(result?.labels).toContainEqual({ name: "severity", value: "normal" });
    expect(result?.labels).toContainEqual({ name: "scope", value: id === "unchecked" ? "out" : "in" });
    expect(result?.labels.filter(({ name }) => name === "epic").length).toBe(1);
    expect(result?.links).toEqual([
      { type: "tms", name: `roadmap, Technical Metrics: "${id} is healthy"`, url: `../scorecard.html#${id}` },
    ]);
  });

  test("holds nothing but one result a criterion", () => {
    expect([...allureResults(directory).keys()].toSorted()).toEqual(rows.map(([id]) => id).toSorted());
  });

  test("keeps what the check attached, and the file that it names", () => {
    const source = only(allureResults(directory), "holds")?.steps[0]?.attachments[0]?.source ?? "";
    expect(JSON.parse(readFileSync(join(directory, "allure-results", source), "utf8"))).toMatchObject({
      outcome: "pass",
    });
  });

  test("completing again changes nothing", () => {
    const before = allureResults(directory);
    completeAllureResults(ledgerOfRows(), directory);
    expect(allureResults(directory)).toEqual(before);
  });
});

describe("a run that was killed", () => {
  test("has its results all the same, none of them passed or skipped", async () => {
    const body = `judged("holds", "pass");\ntest("never-ran", async () => { appendFileSync("started", ""); await new Promise(() => {}); }, 600_000);\n`;
    const directory = makeRun([{ name: "hangs", body }]);
    try {
      expect(await runSuites(directory, "started")).toBe(null);
      const catalogue = [exampleCriterion("holds"), exampleCriterion("never-ran")];
      completeAllureResults(buildLedger(exampleInput({ catalogue, notRunBecause: () => "Vitest died" })), directory);
      const results = allureResults(directory);
      expect(["holds", "never-ran"].map((id) => only(results, id)?.status)).toEqual(["broken", "broken"]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 60_000);
});

describe("descriptions", () => {
  test("are Markdown in which whatever was read stays text", () => {
    const ledger = hostileLedger();
    for (const line of ledger.criteria) {
      const { description = "" } = resultOf(line, ledger.run, undefined, "uuid");
      expect(description).not.toMatch(/(?<!\\)[<!`[]/);
    }
  });
});

describe("the generated report", () => {
  test("opens offline, counts what the ledger counts, and is not mixed with an older one", async () => {
    const directory = makeRun([]);
    try {
      const ledger = exampleLedger();
      completeAllureResults(ledger, directory);
      await generateAllureReport(directory);
      await generateAllureReport(directory);
      const page = readFileSync(join(directory, "allure-report", "index.html"), "utf8");
      expect(remoteReferences(page)).toEqual([]);
      expect(page).not.toContain("googletagmanager");
      const summary: unknown = JSON.parse(readFileSync(join(directory, "allure-report", "summary.json"), "utf8"));
      expect(summary).toMatchObject({ stats: { total: 90, passed: 37, failed: 2, broken: 51 } });
      expect(readdirSync(join(directory, "allure-report")).toSorted()).toEqual([
        "index.html",
        "summary.json",
        "test-results.json",
      ]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 120_000);

  test("is refused where there are no results: Allure would call an empty report a success", async () => {
    const directory = makeRun([]);
    try {
      await expect(generateAllureReport(directory)).rejects.toThrow("no results in");
      expect(existsSync(join(directory, "allure-report"))).toBe(false);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
