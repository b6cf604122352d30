/** What a gate takes over from ledgers of drills: real ledgers, in a folder of the test's own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fail, pass, read, unproven, type Verdict } from "../harness/verdict.ts";
import { buildLedger, writeLedger } from "../reporters/ledger.ts";
import { exampleFact, exampleNow, exampleRun, uncheckedCriterion } from "../test/report/example.ts";
import { carriedVerdicts, criteriaOfDrill, drillCriteria } from "./carried-drills.ts";
import { criteriaVersion } from "./criteria-version.ts";

const uid = exampleRun.clusterUid ?? "";
const survived = uncheckedCriterion("survived", {
  trial: { topic: "dr/survived", drills: ["pod-kill"] },
  evidence: { samplesMin: 5, ageSecondsMax: 7 * 24 * 3600 },
});
const twice = uncheckedCriterion("twice", { trial: { topic: "dr/twice", drills: ["drain", "pause"] } });
const partly = uncheckedCriterion("partly", { trial: { topic: "dr/partly", drills: ["stop", "drain"] } });
const nowhere = uncheckedCriterion("nowhere", { trial: { topic: "dr/nowhere", drills: ["stop"] } });
const catalogue = [survived, twice, partly, nowhere, uncheckedCriterion("unchecked")];
const drills = [{ name: "stop", exceptIn: { "oke-staging": "no container of this machine" } }, { name: "drain" }];
const good = pass("survived it", [exampleFact("requests lost", 0, { samples: 5 })]);
const bad = fail("lost 3", [exampleFact("requests lost", 3)]);

type Made = {
  readonly drill?: string;
  readonly id?: string;
  readonly startedAt?: string;
  readonly clusterUid?: string;
  readonly env?: string;
  readonly verdicts?: Readonly<Record<string, Verdict>>;
  readonly version?: string;
  readonly finishedAt?: string | null;
  readonly interruptedExitCode?: number;
};

/** Writes what a drill's run leaves in its folder. */
function writeRun(reports: string, made: Made): void {
  const { drill = "pod-kill", id = "run-1", clusterUid = uid, env = "oke-staging" } = made;
  const { verdicts = { survived: good } } = made;
  const asked = criteriaOfDrill(catalogue, "oke-staging", drill);
  const directory = join(reports, id);
  mkdirSync(directory);
  const lines = Object.entries(verdicts).map(([name, verdict]) =>
    JSON.stringify({ run: id, id: name, verdict, durationMs: 1 }),
  );
  writeFileSync(join(directory, "verdicts.jsonl"), lines.join("\n"));
  const { startedAt = exampleRun.startedAt, finishedAt = exampleRun.finishedAt, interruptedExitCode } = made;
  const versions = { criteria: made.version ?? criteriaVersion(asked) };
  const ledger = buildLedger({
    catalogue,
    environment: "oke-staging",
    run: { ...exampleRun, id, command: `drill ${drill}`, env, clusterUid, startedAt, finishedAt, versions },
    selected: asked.map((criterion) => criterion.id),
    verdicts: new Map(Object.entries(verdicts).map(([name, verdict]) => [name, { verdict, durationMs: 1 }])),
    notRunBecause: () => "it never ran",
    identity: read({ uid: clusterUid }, "api", exampleNow),
    now: exampleNow,
    ...(interruptedExitCode === undefined ? {} : { interruptedExitCode }),
  });
  writeLedger(ledger, directory);
}

function carried(runs: readonly Made[], id = "survived"): Verdict | undefined {
  const reports = mkdtempSync(join(tmpdir(), "oke-proof-carried-"));
  try {
    for (const run of runs) writeRun(reports, run);
    return carriedVerdicts(catalogue, "oke-staging", reports, drills)(uid).get(id)?.verdict;
  } finally {
    rmSync(reports, { recursive: true });
  }
}

const earlier = "2026-11-20T04:10:30.000Z";

test.each<[string, readonly Made[], Verdict["outcome"], RegExp]>([
  ["a drill that went well", [{}], "pass", /survived it \(drill pod-kill, run run-1\)/],
  ["a drill that went wrong", [{ verdicts: { survived: bad } }], "fail", /lost 3/],
  ["no drill", [], "unproven", /was not made on this cluster: run 'oke-proof drill pod-kill'/],
  ["another cluster's drill", [{ clusterUid: "uid-2" }], "unproven", /was not made on this cluster/],
  ["another environment's drill", [{ env: "local" }], "unproven", /was not made on this cluster/],
  ["other criteria", [{ version: "0" }], "unproven", /judged by other criteria/],
  ["a run that has not ended", [{ finishedAt: null }], "unproven", /not brought to its end/],
  ["a run that was interrupted", [{ interruptedExitCode: 130 }], "unproven", /not brought to its end/],
  ["a run without its verdict", [{ verdicts: {} }], "unproven", /it never ran/],
  [
    "a pass that its own ledger did not believe",
    [{ verdicts: { survived: pass("held", [exampleFact("requests lost", 0, { samples: 4 })]) } }],
    "unproven",
    /rests on 4 samples/,
  ],
  ["a newer fail", [{ startedAt: earlier }, { id: "run-2", verdicts: { survived: bad } }], "fail", /run run-2/],
  ["a newer pass", [{ startedAt: earlier, verdicts: { survived: bad } }, { id: "run-2" }], "pass", /run run-2/],
  ["a newer run that did not end", [{ startedAt: earlier }, { id: "run-2", finishedAt: null }], "unproven", /run-2/],
  ["another drill's run", [{ drill: "drain" }], "unproven", /was not made/],
])("%s", (_, runs, outcome, because) => {
  const verdict = carried(runs);
  expect(verdict?.because).toMatch(because);
  expect(verdict?.outcome).toBe(outcome);
});

test.each<[string, readonly Made[], Verdict["outcome"]]>([
  ["both went well", [{ drill: "drain" }, { drill: "pause", id: "run-2" }], "pass"],
  ["one was not made", [{ drill: "drain" }], "unproven"],
  [
    "one is unproven",
    [{ drill: "drain" }, { drill: "pause", id: "run-2", verdicts: { twice: unproven("not felt") } }],
    "unproven",
  ],
  ["one went wrong", [{ drill: "drain", verdicts: { twice: bad } }], "fail"],
])("a criterion of two drills: %s", (_, runs, outcome) => {
  const withVerdicts = runs.map((run) => ({ verdicts: { twice: good }, ...run }));
  expect(carried(withVerdicts, "twice")?.outcome).toBe(outcome);
});

test("what cannot be had here is not asked for, and said", () => {
  const verdict = carried([{ drill: "drain", verdicts: { partly: good } }], "partly");
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: expect.stringMatching(/survived it .*; not asked for here: stop \(no container of this machine\)$/),
  });
  expect(carried([], "partly")?.outcome).toBe("unproven");
});

test("a criterion none of whose drills can be had is unproven", () => {
  const because = "no drill decides it; not asked for here: stop (no container of this machine)";
  expect(carried([], "nowhere")).toMatchObject({ outcome: "unproven", because });
});

test("its age is weighed when the gate's own ledger is built", () => {
  const verdict = carried([{}]);
  const outcomeAt = (days: number): string | undefined => {
    const now = new Date(exampleNow.getTime() + days * 24 * 3600_000 - 20_000);
    const ledger = buildLedger({
      catalogue,
      environment: "oke-staging",
      run: { ...exampleRun, finishedAt: now.toISOString() },
      selected: ["survived"],
      verdicts: verdict === undefined ? new Map() : new Map([["survived", { verdict, durationMs: 0 }]]),
      notRunBecause: () => "",
      identity: read({ uid }, "api", now),
      now,
    });
    return ledger.criteria.find(({ id }) => id === "survived")?.outcome;
  };
  expect([outcomeAt(7), outcomeAt(7.001)]).toEqual(["pass", "unproven"]);
});

test("what a check decides is none of a drill's", () => {
  const { trial } = survived;
  const checked = { ...survived, id: "checked", check: "dr/checked", ...(trial === undefined ? {} : { trial }) };
  expect(drillCriteria([...catalogue, checked], "local").map(({ id }) => id)).toEqual([
    "survived",
    "twice",
    "partly",
    "nowhere",
  ]);
});

test("criteria that ask for something else are another version", () => {
  const versions = [[survived], [{ ...survived, must: "It MUST not." }], [survived, twice]].map(criteriaVersion);
  expect(new Set(versions).size).toBe(3);
  expect(criteriaVersion([{ ...survived, area: "Elsewhere" }])).toBe(versions[0]);
});
