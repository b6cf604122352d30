import * as fc from "fast-check";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noCheckYet, scopeOf, type Criterion } from "../../harness/criterion.ts";
import { fail, pass, unproven, unread, type Outcome, type Verdict } from "../../harness/verdict.ts";
import { factsKeptAtMost, notAskedFor } from "../../reporters/ledger-line.ts";
import {
  buildLedger,
  headline,
  readLedger,
  withoutReports,
  writeLedger,
  type LedgerInput,
} from "../../reporters/ledger.ts";
import {
  exampleCriterion,
  exampleFact,
  exampleInput,
  exampleLedger,
  exampleNow,
  exampleRun,
  uncheckedCriterion,
} from "./example.ts";

const good = pass("held", [exampleFact("nodes", 3)]);
const bad = fail("node worker-2 is NotReady", [exampleFact("nodes", 2)]);
const recorded = (entries: Readonly<Record<string, Verdict>>): LedgerInput["verdicts"] =>
  new Map(Object.entries(entries).map(([id, verdict]) => [id, { verdict, durationMs: 40 }]));
const two = [exampleCriterion("a"), exampleCriterion("b")];

type Row = readonly [what: string, changes: Partial<LedgerInput>, verdict: string, exitCode: number];
const rows: readonly Row[] = [
  ["all pass", { verdicts: recorded({ a: good, b: good }) }, "go", 0],
  ["one fails", { verdicts: recorded({ a: good, b: bad }) }, "no-go", 1],
  ["one is unproven", { verdicts: recorded({ a: good, b: unproven("no access") }) }, "not-proven", 2],
  ["one fails, one is unproven", { verdicts: recorded({ a: bad, b: unproven("no access") }) }, "no-go", 1],
  ["one never ran", { verdicts: recorded({ a: good }) }, "not-proven", 2],
  ["nothing ran", {}, "not-proven", 2],
  ["nothing is in scope", { catalogue: [uncheckedCriterion("a")] }, "not-proven", 2],
  ["the catalogue is empty", { catalogue: [] }, "not-proven", 2],
  ["nothing was asked for", { selected: [], verdicts: recorded({ a: good, b: good }) }, "not-proven", 2],
  ["a part was asked for and passed", { selected: ["a"], verdicts: recorded({ a: good }) }, "not-proven", 0],
  ["a part was asked for and failed", { selected: ["a"], verdicts: recorded({ a: bad }) }, "no-go", 1],
  [
    "all pass, the harness broke",
    { verdicts: recorded({ a: good, b: good }), harnessError: "Vitest died" },
    "not-proven",
    3,
  ],
  [
    "one fails, the harness broke",
    { verdicts: recorded({ a: good, b: bad }), harnessError: "Vitest died" },
    "no-go",
    3,
  ],
  [
    "all pass, not finished",
    { verdicts: recorded({ a: good, b: good }), run: { ...exampleRun, finishedAt: null } },
    "not-proven",
    2,
  ],
  [
    "all pass, cluster unknown",
    {
      verdicts: recorded({ a: good, b: good }),
      identity: unread("403 Forbidden", "namespace kube-system", exampleNow),
    },
    "not-proven",
    2,
  ],
  [
    "all pass, the yes is refused",
    { verdicts: recorded({ a: good, b: good }), refusals: ["The gate refuses: it must"] },
    "not-proven",
    2,
  ],
  ["one fails, the yes is refused", { verdicts: recorded({ a: bad, b: good }), refusals: ["no"] }, "no-go", 1],
  [
    "all pass, refused and broken",
    { verdicts: recorded({ a: good, b: good }), refusals: ["no"], harnessError: "Vitest died" },
    "not-proven",
    3,
  ],
  ["all pass, interrupted", { verdicts: recorded({ a: good, b: good }), interruptedExitCode: 130 }, "not-proven", 130],
  ["one fails, interrupted", { verdicts: recorded({ a: bad, b: good }), interruptedExitCode: 143 }, "no-go", 143],
  [
    "all pass, the soak too",
    { verdicts: recorded({ a: good, b: good }), soak: { outcome: "pass", told: "it held" } },
    "go",
    0,
  ],
  [
    "all pass, the soak failed",
    { verdicts: recorded({ a: good, b: good }), soak: { outcome: "fail", told: "it burned" } },
    "not-proven",
    1,
  ],
  [
    "all pass, the soak is unproven",
    { verdicts: recorded({ a: good, b: good }), soak: { outcome: "unproven", told: "a gap" } },
    "not-proven",
    2,
  ],
  [
    "one fails, the soak passed",
    { verdicts: recorded({ a: good, b: bad }), soak: { outcome: "pass", told: "it held" } },
    "no-go",
    1,
  ],
  ["nothing asked for but a soak", { selected: [], soak: { outcome: "pass", told: "it held" } }, "not-proven", 0],
  [
    "all pass, the soak interrupted",
    {
      verdicts: recorded({ a: good, b: good }),
      soak: { outcome: "unproven", told: "it goes on" },
      interruptedExitCode: 143,
    },
    "not-proven",
    143,
  ],
  [
    "out of scope does not count",
    { catalogue: [...two, uncheckedCriterion("c")], verdicts: recorded({ a: good, b: good }) },
    "go",
    0,
  ],
];

describe("verdict and exit code", () => {
  test.each(rows)("%s", (_what, changes, verdict, exitCode) => {
    const ledger = buildLedger(exampleInput({ catalogue: two, ...changes }));
    expect([ledger.verdict, ledger.exitCode]).toEqual([verdict, exitCode]);
  });
});

test("what the soak before them has shown stands beside the criteria, and nothing stands there without one", () => {
  const told = (changes: Partial<LedgerInput>): readonly string[] =>
    buildLedger(exampleInput({ catalogue: two, ...changes })).run.notes;
  expect(told({})).toEqual([]);
  expect(told({ soak: { outcome: "fail", told: "The soak failed" }, refusals: ["no"] })).toEqual([
    "The soak failed",
    "no",
  ]);
});

describe("reports that could not be written", () => {
  test.each([
    [0, 3, good, "not-proven"],
    [1, 1, bad, "no-go"],
    [2, 2, unproven("no access"), "not-proven"],
  ] as const)("make of exit code %i %i, and never leave a yes", (before, after, verdict, word) => {
    const ledger = buildLedger(
      exampleInput({ catalogue: [exampleCriterion("a")], verdicts: recorded({ a: verdict }) }),
    );
    expect(ledger.exitCode).toBe(before);
    const told = withoutReports(ledger, ["junit.xml: no space left"]);
    expect([told.exitCode, told.verdict]).toEqual([after, word]);
    expect(told.run.notes).toEqual(["Report not written: junit.xml: no space left"]);
  });
});

describe("lines", () => {
  test("say why nothing is known, in the order of the catalogue", () => {
    const catalogue = [
      ...two,
      exampleCriterion("c"),
      uncheckedCriterion("d"),
      exampleCriterion("e", { attested: { owner: "the team", asks: "a date and a link" } }),
    ];
    const ledger = buildLedger(
      exampleInput({ catalogue, selected: ["a", "b"], verdicts: recorded({ a: good, c: good, d: good }) }),
    );
    expect(ledger.criteria.map(({ id, scope, outcome, because }) => [id, scope, outcome, because])).toEqual([
      ["a", "in", "pass", "held"],
      ["b", "in", "unproven", "the check of b ended without leaving a verdict"],
      ["c", "in", "unproven", notAskedFor],
      ["d", "out", "unproven", noCheckYet],
      ["e", "out", "unproven", "attested by a person: a date and a link"],
    ]);
  });

  test("keep a bounded number of facts, and numbers that are none as words", () => {
    const facts = Array.from({ length: factsKeptAtMost + 1 }, (_unused, index) =>
      exampleFact(`pod ${index}`, Number.NaN),
    );
    const ledger = buildLedger(
      exampleInput({ catalogue: [exampleCriterion("a")], verdicts: recorded({ a: unproven("many", facts) }) }),
    );
    const line = ledger.criteria[0];
    expect(line?.measured.length).toBe(factsKeptAtMost);
    expect(line?.measured[0]).toEqual({ what: "pod 0", value: "NaN", unit: "" });
    expect(line?.because).toBe("many (200 of 201 facts are kept here)");
  });
});

const outcome = fc.constantFrom<Outcome | "none">("pass", "fail", "unproven", "none");
const plan = fc.array(fc.record({ outcome, checked: fc.boolean(), selected: fc.boolean(), stale: fc.boolean() }), {
  maxLength: 12,
});

type Planned = {
  readonly outcome: Outcome | "none";
  readonly checked: boolean;
  readonly selected: boolean;
  readonly stale: boolean;
};

function fromPlan(cases: readonly Planned[]): LedgerInput {
  const catalogue: Criterion[] = cases.map((it, index) =>
    (it.checked ? exampleCriterion : uncheckedCriterion)(`c${index}`),
  );
  const verdicts: Record<string, Verdict> = {};
  for (const [index, it] of cases.entries()) {
    const at = new Date(exampleNow.getTime() - (it.stale ? 301_000 : 299_000)).toISOString();
    const fact = exampleFact("nodes", 3, { at });
    if (it.outcome === "unproven") verdicts[`c${index}`] = unproven("no access");
    else if (it.outcome !== "none")
      verdicts[`c${index}`] = { outcome: it.outcome, because: "judged", evidence: [fact] };
  }
  const selected = catalogue.filter((_criterion, index) => cases[index]?.selected).map(({ id }) => id);
  return exampleInput({ catalogue, selected, verdicts: recorded(verdicts) });
}

describe("whatever the run", () => {
  test("every id of the catalogue appears exactly once", () => {
    fc.assert(
      fc.property(plan, (cases) => {
        const input = fromPlan(cases);
        expect(buildLedger(input).criteria.map(({ id }) => id)).toEqual(input.catalogue.map(({ id }) => id));
      }),
    );
  });

  test("neither 'go' nor exit code 0 while something asked for and in scope is not a fresh pass", () => {
    fc.assert(
      fc.property(plan, (cases) => {
        const input = fromPlan(cases);
        const ledger = buildLedger(input);
        const counted = cases.filter((it) => it.checked && it.selected);
        const proven = counted.length > 0 && counted.every((it) => it.outcome === "pass" && !it.stale);
        expect(ledger.exitCode === 0).toBe(proven);
        const inScope = input.catalogue.filter((criterion) => scopeOf(criterion, input.environment).in);
        expect(ledger.verdict === "go").toBe(proven && counted.length === inScope.length);
      }),
    );
  });
});

describe("headline", () => {
  test("counts the example", () => {
    expect(headline(exampleLedger()).text).toBe(
      "45 of 90 criteria in scope: 37 passed, 2 failed, 6 unproven (45 out of scope, 30 of them without a check yet)",
    );
  });
});

describe("on disk", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "oke-proof-ledger-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test("reads back what it wrote, and leaves nothing beside it", () => {
    const ledger = exampleLedger();
    writeLedger(ledger, directory);
    writeLedger(ledger, directory);
    expect(readLedger(join(directory, "ledger.json"))).toEqual(ledger);
    expect(readdirSync(directory)).toEqual(["ledger.json"]);
  });

  const passed = buildLedger(exampleInput({ catalogue: [exampleCriterion("a")], verdicts: recorded({ a: good }) }));
  const lineA = passed.criteria[0];
  const broken: readonly (readonly [string, unknown])[] = [
    ["half of one", "{"],
    ["nothing", null],
    ["another version", { ...passed, schemaVersion: 2 }],
    ["an unknown key", { ...passed, mood: "fine" }],
    ["go with an exit code", { ...passed, exitCode: 2 }],
    ["go unfinished", { ...passed, run: { ...passed.run, finishedAt: null } }],
    ["go about no cluster", { ...passed, run: { ...passed.run, clusterUid: null } }],
    ["go over nothing", { ...passed, criteria: [] }],
    ["go over a gap", { ...passed, criteria: [{ ...lineA, outcome: "unproven" }] }],
    ["a pass without evidence", { ...passed, verdict: "not-proven", criteria: [{ ...lineA, evidence: [] }] }],
    ["a pass out of scope", { ...passed, verdict: "not-proven", criteria: [{ ...lineA, scope: "out" }] }],
    ["a criterion twice", { ...passed, criteria: [lineA, lineA] }],
  ];
  test.each(broken)("refuses %s", (_what, text) => {
    const file = join(directory, "ledger.json");
    writeFileSync(file, typeof text === "string" ? text : JSON.stringify(text));
    expect(() => readLedger(file)).toThrow(file);
  });

  test("says so where there is none", () => {
    expect(() => readLedger(join(directory, "absent.json"))).toThrow(/absent\.json cannot be read: ENOENT/);
  });
});
