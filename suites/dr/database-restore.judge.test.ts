import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { DatabaseRestoreRun } from "../../probes/restore/restore-run.ts";
import { judgeDatabaseRestore } from "./database-restore.judge.ts";
import { exampleDatabaseRun as run, momentAt, rowsFound } from "./restore-example.ts";

const now = new Date("2026-11-22T12:03:00.000Z");
const found = (changes: Parameters<typeof rowsFound>[0]) => run({ found: read(rowsFound(changes), "SQL", now) });
const [first, second, third] = run().steps;
const step = (name: string, seen: DatabaseRestoreRun["steps"][number]["seen"]) => ({ name, seen, took: 1 });
const steps = (some: readonly (typeof first)[]) => run({ steps: some.flatMap((one) => one ?? []) });

test.each<readonly [string, DatabaseRestoreRun, Outcome, RegExp]>([
  [
    "step by step",
    run(),
    "pass",
    /^3 steps of the runbook did what they say, and \S+ holds the 60 rows of the chosen moment$/,
  ],
  ["with a row lost", found({ "row-59": "missing" }), "fail", /1 of 60 rows are missing, as row-59/],
  ["with a row altered", found({ "row-0": "altered" }), "fail", /1 of 60 rows are altered, as row-0/],
  [
    "with a row from after the moment",
    found({ "row-61": "intact" }),
    "fail",
    /1 of 59 rows are from after the chosen moment, as row-61/,
  ],
  ["with an altered row from after the moment", found({ "row-61": "altered" }), "fail", /from after the chosen moment/],
  ["with a row from within the moment", found({ "row-60": "intact" }), "pass", /./],
  ["without a row from within the moment", found({ "row-60": "missing" }), "pass", /./],
  ["with a row that nobody looked at", found({ "row-7": "unread" }), "unproven", /1 rows were not looked at/],
  [
    "without a look at the rows",
    run({ found: unread("no connection", "SQL", now) }),
    "unproven",
    /could not be read: no connection/,
  ],
  [
    "without rows of before the moment",
    run({
      chosen: { from: momentAt(0), until: momentAt(100) },
      found: read(
        rowsFound(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`row-${index}`, "missing" as const]))),
        "SQL",
        now,
      ),
    }),
    "unproven",
    /0 rows were accepted before the chosen moment, where 50 are asked for/,
  ],
  [
    "without rows of after the moment",
    run({ chosen: { from: momentAt(60_000), until: momentAt(999_000) } }),
    "unproven",
    /no row was accepted after the chosen moment/,
  ],
  [
    "with a moment that ends before it begins",
    run({ chosen: { from: momentAt(60_000), until: momentAt(59_999) } }),
    "unproven",
    /ends before it begins/,
  ],
  [
    "of a database that nobody saw corrupted",
    run({ corrupted: unread("403", "x", now) }),
    "unproven",
    /was corrupted could not be told: 403/,
  ],
  [
    "with a step that did nothing",
    steps([first, step("restore the dump", read(false, "x", now)), third]),
    "fail",
    /'restore the dump' did not do what the runbook says/,
  ],
  [
    "with a step that nobody could see",
    steps([first, step("restore the dump", unread("403", "x", now)), third]),
    "unproven",
    /nobody could see what 'restore the dump' did: 403/,
  ],
  ["with a step left out", steps([first, third]), "unproven", /1 steps were not followed, as 'restore the dump'/],
  [
    "with a step of another runbook",
    steps([first, second, third, step("wait", read(true, "x", now))]),
    "unproven",
    /not the runbook, step by step/,
  ],
  ["in another order", steps([second, first, third]), "unproven", /not the runbook/],
  ["of no steps", run({ runbook: [], steps: [] }), "unproven", /the runbook has no steps/],
])("a database restored %s", (_, of, outcome, because) => {
  const verdict = judgeDatabaseRestore(of, { rowsMin: 50 });
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("as many rows as are asked for, and one fewer", () => {
  expect(judgeDatabaseRestore(run(), { rowsMin: 60 }).outcome).toBe("pass");
  expect(judgeDatabaseRestore(run(), { rowsMin: 61 }).outcome).toBe("unproven");
});
