/** The gate before the cutover: what it leaves to one after it, and that nothing else can be left out in this way. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../criteria/catalogue.ts";
import { notBeforeCutover, waitsForCutover, type Criterion } from "../../harness/criterion.ts";
import type { Ledger } from "../../harness/ledger.ts";
import { fail, pass, unproven, type Verdict } from "../../harness/verdict.ts";
import { resultOf } from "../../reporters/allure-result.ts";
import { toJunit } from "../../reporters/junit.ts";
import { buildLedger, type LedgerInput } from "../../reporters/ledger.ts";
import { toRegistry } from "../../reporters/prometheus.ts";
import { renderScorecard } from "../../reporters/scorecard-html.ts";
import { toMarkdown } from "../../reporters/scorecard-markdown.ts";
import { terminalTable } from "../../reporters/terminal.ts";
import { lineOf, proofOf, startOkeProof, type Proof } from "../prove/command.ts";
import { exampleFact, exampleInput, exampleRun } from "../report/example.ts";

const left = ["first-week-without-incident", "cutover-watched", "production-traffic-moved"];

// As if each had its check: what has none is refused apart from this (cli/gate-rules.test.ts).
const checked: readonly Criterion[] = catalogue.map((criterion) =>
  criterion.attested === undefined ? { check: "infra/example", ...criterion } : criterion,
);
const inScope = checked.filter(({ attested, scope }) => attested === undefined && scope["oke-production"].in);
const others = inScope.map(({ id }) => id).filter((id) => !left.includes(id));
const good = pass("held", [exampleFact("samples", 1, { samples: 20_000 })]);
const bad = fail("it did not", [exampleFact("samples", 1)]);

/** A production gate in which everything that it asks for passed, and what differs. */
function gate(verdicts: Readonly<Record<string, Verdict>> = {}, changes: Partial<LedgerInput> = {}): Ledger {
  const recorded = { ...Object.fromEntries(others.map((id) => [id, good])), ...verdicts };
  return buildLedger(
    exampleInput({
      catalogue: checked,
      environment: "oke-production",
      run: { ...exampleRun, env: "oke-production" },
      selected: others,
      isBeforeCutover: true,
      verdicts: new Map(Object.entries(recorded).map(([id, verdict]) => [id, { verdict, durationMs: 1 }])),
      ...changes,
    }),
  );
}

const answerOf = ({ verdict, exitCode }: Ledger): readonly [string, number] => [verdict, exitCode];

describe("the catalogue", () => {
  test("lets exactly these wait for the cutover: production's alone, whose sentence speaks of the time after it", () => {
    expect(catalogue.filter((one) => one.onlyAfterCutover === true).map(({ id }) => id)).toEqual(left);
    expect(catalogue.filter(({ must }) => /after the cutover/i.test(must)).map(({ id }) => id)).toEqual(left);
    for (const environment of ["local", "kind", "oke-staging"] as const) {
      expect(catalogue.filter((one) => waitsForCutover(one, environment))).toEqual([]);
    }
  });
});

describe("a gate before the cutover", () => {
  test("says yes where all others passed, and names those that it did not ask for", () => {
    const ledger = gate();
    expect(answerOf(ledger)).toEqual(["go", 0]);
    expect(ledger.run.notes).toEqual(left.map((id) => `${id}: ${notBeforeCutover}`));
    const lines = ledger.criteria.filter(({ id }) => left.includes(id));
    expect(lines.map(({ scope, outcome, because }) => [scope, outcome, because])).toEqual(
      left.map(() => ["out", "unproven", notBeforeCutover]),
    );
  });

  test.each(others)("says no without %s", (id) => {
    expect(answerOf(gate({ [id]: unproven("not measured") }))).toEqual(["not-proven", 2]);
    expect(answerOf(gate({}, { selected: others.filter((other) => other !== id) }))[0]).toBe("not-proven");
    expect(answerOf(gate({ [id]: bad }))).toEqual(["no-go", 1]);
  });

  test.each(left)("says no where %s was seen to fail, and takes no pass of it", (id) => {
    const failed = gate({ [id]: bad });
    expect(answerOf(failed)).toEqual(["no-go", 1]);
    expect(failed.criteria.find((line) => line.id === id)).toMatchObject({ scope: "in", outcome: "fail" });
    expect(gate({ [id]: good }).criteria).toEqual(gate().criteria);
  });

  test.each(left)("is none after it: %s is asked for", (id) => {
    const all = Object.fromEntries(left.map((one) => [one, good]));
    const after = { isBeforeCutover: false, selected: [...others, ...left] };
    expect(answerOf(gate(all, after))).toEqual(["go", 0]);
    expect(answerOf(gate({ ...all, [id]: unproven("not measured") }, after))).toEqual(["not-proven", 2]);
    expect(answerOf(gate({ ...all, [id]: bad }, after))).toEqual(["no-go", 1]);
  });
});

describe("every report of such a yes", () => {
  const ledger = gate();

  test.each([60, 160])("the terminal of %d columns names them, and counts them in its last line", (width) => {
    const rows = terminalTable(ledger, { width, colour: false }).split("\n");
    for (const id of left)
      expect(rows.filter((row) => row.startsWith(`${id}: not asked by this gate`))).toHaveLength(1);
    expect(rows.at(-1)).toMatch(/^GO {2}oke-production {2}.*, 3 only after the cutover\) {2}exit 0$/);
  });

  test("the scorecards name them above all numbers, and show none of them as passed", () => {
    const page = renderScorecard(ledger);
    const markdown = toMarkdown(ledger);
    for (const id of left) {
      expect(page).toContain(`<p class="caution">${id}: ${notBeforeCutover}</p>`);
      expect(page).toContain(`<details class="out" id="${id}">`);
      expect(markdown).toContain(`> ${id}: ${notBeforeCutover}\n`);
    }
  });

  test("JUnit skips them and says why, Allure calls them broken, metrics unproven", async () => {
    const xml = toJunit(ledger);
    const metrics = await toRegistry(ledger).metrics();
    for (const id of left) {
      const found = new RegExp(`<testcase[^>]* name="${id}"[\\s\\S]*?</testcase>`).exec(xml)?.[0];
      expect(found).toMatch(/<skipped\/>/);
      expect(found).toContain(notBeforeCutover);
      const line = ledger.criteria.find((one) => one.id === id);
      const result = line && resultOf(line, ledger.run, undefined, "uuid");
      expect(result).toMatchObject({
        status: "broken",
        statusDetails: { message: `Out of scope: ${notBeforeCutover}` },
      });
      expect(metrics).toMatch(new RegExp(`criterion="${id}",suite="performance",scope="out",outcome="unproven"} 1`));
    }
  });
});

/** A gate by its own command on a cluster that cannot be reached: what it was asked for stands in the ledger all the same. */
async function gateByCommand(layer: Readonly<Record<string, unknown>>): Promise<Proof> {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-gate-"));
  const profile = join(folder, "profile.json");
  writeFileSync(profile, JSON.stringify(layer));
  const directory = join(folder, "run");
  const environment = { OKE_PROOF_KUBECONFIG: join(folder, "absent"), OKE_PROOF_PROFILE: profile };
  const args = ["gate", "--env", "oke-production", "--out", directory];
  return proofOf({ ...startOkeProof(args, environment, 50_000), directory });
}

test("the command asks for them only where the profile says that the cutover is over", async () => {
  const before = await gateByCommand({});
  expect(before.ledger.run.notes).toEqual(expect.arrayContaining(left.map((id) => `${id}: ${notBeforeCutover}`)));
  expect(before.exitCode, before.output).toBe(2);
  const after = await gateByCommand({ availability: { cutoverAt: new Date(Date.now() - 60_000).toISOString() } });
  expect(after.ledger.run.notes.join()).not.toContain(notBeforeCutover);
  expect(after.exitCode, after.output).toBe(2);
  const scopes = (proof: Proof) => left.map((id) => [lineOf(proof, id).scope, lineOf(proof, id).because]);
  expect(scopes(before)).toEqual(left.map(() => ["out", notBeforeCutover]));
  const unread = expect.stringMatching(/^not checked: the cluster's identity could not be read/);
  expect(scopes(after)).toEqual([
    ["in", unread],
    ["in", unread],
    ["out", "no check yet"],
  ]);
}, 120_000);

test("a profile cannot let a criterion wait", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-gate-"));
  const profile = join(folder, "profile.json");
  writeFileSync(profile, JSON.stringify({ onlyAfterCutover: ["nodes-healthy"] }));
  const { ended } = startOkeProof(["gate", "--env", "oke-production"], { OKE_PROOF_PROFILE: profile }, 20_000);
  expect(await ended).toMatchObject({ exitCode: 3, output: expect.stringMatching(/onlyAfterCutover/) });
});
