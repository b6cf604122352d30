import { describe, expect, test } from "vitest";
import { fail, pass, unproven, type Verdict } from "../../harness/verdict.ts";
import { toJunit } from "../../reporters/junit.ts";
import { buildLedger, type LedgerInput } from "../../reporters/ledger.ts";
import { notAskedFor } from "../../reporters/ledger-line.ts";
import { toRegistry } from "../../reporters/prometheus.ts";
import { progressLine, terminalTable } from "../../reporters/terminal.ts";
import { columnsOf } from "../../reporters/text.ts";
import {
  exampleCriterion,
  exampleFact,
  exampleInput,
  exampleLedger,
  exampleRun,
  uncheckedCriterion,
} from "./example.ts";
import { hostileLedger } from "./hostile.ts";

const verdicts = new Map<string, { verdict: Verdict; durationMs: number }>([
  ["held", { verdict: pass("held", [exampleFact("CPU", 61.5, { unit: "%", limit: "below 70 %" })]), durationMs: 1500 }],
  [
    "broken",
    {
      verdict: fail("worker-2", [exampleFact("CPU", 82, { unit: "%" }), exampleFact("CPU", 5, { unit: "%" })]),
      durationMs: 20,
    },
  ],
  ["blind", { verdict: unproven("403 Forbidden", [exampleFact("CPU", Number.NaN)]), durationMs: 20 }],
]);
const catalogue = [
  ...["held", "broken", "blind", "silent"].map((id) => exampleCriterion(id)),
  uncheckedCriterion("later"),
];
const ledger = buildLedger(exampleInput({ catalogue, verdicts, notRunBecause: () => "the run was cut off" }));

describe("junit.xml", () => {
  const cases = new Map(
    [...toJunit(ledger).matchAll(/<testcase[^>]* name="([^"]+)"[\s\S]*?<\/testcase>/g)].map(([xml, id]) => [id, xml]),
  );
  const elements = (id: string): string[] =>
    ["failure", "error", "skipped"].filter((name) => cases.get(id)?.includes(`<${name}`));

  test.each([
    ["held", []],
    ["broken", ["failure"]],
    ["blind", ["error"]],
    ["silent", ["error"]],
    ["later", ["skipped"]],
  ])("%s", (id, expected) => {
    expect(elements(id)).toEqual(expected);
  });

  test("nothing unproven in scope is passed or skipped, whatever the run", () => {
    for (const run of [exampleLedger(), exampleLedger({ selected: [] }), exampleLedger({ verdicts: new Map() })]) {
      const xml = toJunit(run);
      const inScope = run.criteria.filter(({ scope }) => scope === "in");
      const count = (outcome: string): number => inScope.filter((line) => line.outcome === outcome).length;
      const total = /<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/
        .exec(xml)
        ?.slice(1)
        .map(Number);
      expect(total).toEqual([90, count("fail"), count("unproven"), 90 - inScope.length]);
    }
  });

  test.each<[string, Partial<LedgerInput>, string[]]>([
    ["all passed", {}, []],
    [
      "all passed, the gate refuses",
      { refusals: ["The gate refuses: it must"] },
      ["exit code 2; The gate refuses: it must"],
    ],
    ["all passed, the harness broke", { harnessError: "Vitest died" }, ["exit code 3; The harness itself broke"]],
    ["all passed, interrupted", { interruptedExitCode: 130 }, ["exit code 130; The run was interrupted"]],
    ["nothing is in scope", { catalogue: [uncheckedCriterion("later")] }, ["exit code 2"]],
  ])("a run's own no is an error where no criterion says it: %s", (_, changes, errors) => {
    const input = exampleInput({ catalogue: [exampleCriterion("held")], verdicts, ...changes });
    const found = [...toJunit(buildLedger(input)).matchAll(/<error message="([^"]*)"/g)].map(([, message]) => message);
    expect(found).toEqual(errors.map((error) => expect.stringContaining(error)));
  });

  test("holds only characters that XML allows, whatever was read", () => {
    const xml = toJunit(hostileLedger());
    // eslint-disable-next-line no-control-regex -- these are what XML refuses
    expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
    expect(xml).not.toContain("<script>alert(1)</script></");
    expect(xml.match(/<testcase /g)?.length).toBe(hostileLedger().criteria.length);
  });
});

describe("metrics", () => {
  test("say outcome, duration and measured values, and no number where none was measured", async () => {
    const text = await toRegistry(ledger).metrics();
    expect(text).toContain('oke_proof_run_verdict{command="gate",verdict="no-go"} 1');
    expect(text).toContain('oke_proof_run_verdict{command="gate",verdict="go"} 0');
    expect(text).toContain('oke_proof_criteria{scope="in",outcome="unproven"} 2');
    expect(text).toContain(
      'oke_proof_criterion_outcome{criterion="silent",suite="infra",scope="in",outcome="unproven"} 1',
    );
    expect(text).toContain('oke_proof_criterion_duration_seconds{criterion="held",suite="infra"} 1.5');
    expect(text).toContain('oke_proof_measured{criterion="broken",what="CPU",unit="%"} 82');
    expect(text).toContain(`oke_proof_run_timestamp_seconds ${Date.parse(exampleRun.finishedAt ?? "") / 1000}`);
    expect(text).not.toContain('criterion_duration_seconds{criterion="later"');
    expect(text).not.toContain('oke_proof_measured{criterion="blind"');
    expect(text).not.toContain("NaN");
  });

  test("of a run that was cut off have no time of its end", async () => {
    expect(await toRegistry(exampleLedger({ run: { ...exampleRun, finishedAt: null } })).metrics()).not.toContain(
      "timestamp",
    );
  });

  test("have bounded labels on one line each", async () => {
    const text = await toRegistry(hostileLedger()).metrics();
    for (const line of text.split("\n")) expect(line).toMatch(/^(?:#.*|[a-z_]+(?:\{.*\})? -?[\d.e+]+|)$/);
    expect(text).not.toContain("x".repeat(121));
  });
});

describe("terminal", () => {
  test("ends with one verdict line", () => {
    expect(terminalTable(ledger, { width: 120, colour: false }).split("\n").at(-1)).toBe(
      "NO-GO  oke-staging  4 of 5 criteria in scope: 1 passed, 1 failed, 2 unproven (1 out of scope, 1 of them without a check yet)  exit 1",
    );
  });

  test("lists what is in scope and counts what is not", () => {
    const rows = terminalTable(ledger, { width: 100, colour: false })
      .split("\n")
      .map((row) => row.trim());
    expect(rows).toContain("PASS      held    CPU: 61.5 % (limit: below 70 %) · held");
    expect(rows).toContain("FAIL      broken  worker-2");
    expect(rows).toContain("UNPROVEN  silent  the run was cut off");
    expect(rows).toContain("1  no check yet");
  });

  test("shows what was asked for alone, and counts the others", () => {
    const few = buildLedger(
      exampleInput({ catalogue, verdicts, selected: ["held"], notRunBecause: () => notAskedFor }),
    );
    const rows = terminalTable(few, { width: 100, colour: false })
      .split("\n")
      .map((row) => row.trim());
    expect(rows).toContain("PASS      held  CPU: 61.5 % (limit: below 70 %) · held");
    expect(rows.filter((row) => row.endsWith("not asked for in this run: unproven"))).toHaveLength(1);
    expect(rows.filter((row) => row.includes("silent"))).toEqual([]);
  });

  test.each([0, Number.NaN, 60, 80, 159])("fits %d columns and moves no cursor, whatever was read", (width) => {
    for (const shown of [exampleLedger(), hostileLedger()]) {
      const rows = terminalTable(shown, { width, colour: false }).split("\n").slice(0, -1);
      expect(Math.max(...rows.map(columnsOf))).toBeLessThanOrEqual(Math.max(60, width || 0));
      // eslint-disable-next-line no-control-regex -- what a terminal would act on
      expect(rows.join("")).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/);
    }
  });

  test("colours the words only where colour is wanted", () => {
    expect(terminalTable(ledger, { width: 100, colour: true })).toContain("\u001B[31;1mFAIL    \u001B[0m");
    expect(terminalTable(ledger, { width: 100, colour: false })).not.toContain("\u001B");
  });

  test("a verdict as it comes is one line", () => {
    expect(progressLine("nodes-healthy", unproven("403\nForbidden"), 4_249)).toBe(
      "   4.2 s  UNPROVEN  nodes-healthy  403 Forbidden",
    );
  });
});
