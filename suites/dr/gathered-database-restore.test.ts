import { expect, test } from "vitest";
import { examplePrepared } from "../../fixtures/restore/database-example.ts";
import { newState, type DatabaseRestoreState } from "../../fixtures/restore/database-state.ts";
import { seenAs } from "../../fixtures/restore/follow-steps.ts";
import { read } from "../../harness/verdict.ts";
import { databaseRunOf } from "./gathered-database-restore.ts";

const about = { database: "health-platform/postgres-health-data", runbook: ["a"], file: "f.json" };
const good = { atMs: 0, outcome: "pass", because: "" } as const;
const bad = { atMs: 0, outcome: "fail", because: "1 workload is not ready" } as const;
const observed = { before: good, after: good, injectError: undefined, cutBecause: undefined, removeError: undefined };
const now = new Date("2026-11-22T12:00:00.000Z");

function stateWith(changes: Partial<DatabaseRestoreState> = {}): DatabaseRestoreState {
  return {
    ...newState(),
    prepared: examplePrepared,
    corrupted: read({ what: "rows altered", value: 2, source: "x", at: now.toISOString() }, "x", now),
    steps: [{ name: "a", seen: seenAs(true, "x"), took: 1 }],
    found: read([], "x", now),
    ...changes,
  };
}
const failed = { steps: [{ name: "a", seen: seenAs(false, "x"), took: 1 }] };

test("what was written, chosen and followed is told as it was", () => {
  const found = databaseRunOf(observed, stateWith(), about);
  expect(found).toMatchObject({
    ok: true,
    value: { ...about, chosen: examplePrepared.chosen, corrupted: { ok: true }, found: { ok: true } },
  });
  expect(found.ok && found.value.rows.map(({ id }) => id)).toEqual([
    ...examplePrepared.before.map(({ id }) => id),
    ...examplePrepared.after.map(({ id }) => id),
  ]);
});

test.each<readonly [string, Partial<typeof observed> | object, Partial<DatabaseRestoreState>, RegExp]>([
  ["not steady before", { before: bad }, {}, /not steady before: 1 workload/],
  ["cut off", { cutBecause: "interrupted" }, {}, /cut off: interrupted/],
  ["not corrupted", { injectError: "no dump" }, {}, /nothing was restored: no dump/],
  ["without rows", {}, { prepared: undefined }, /nothing was written/],
  ["that left something", { removeError: "databases: 403" }, {}, /not left as it was: databases: 403/],
  ["not steady afterwards", { after: bad }, {}, /not steady again/],
  ["that nobody saw to be steady afterwards", { after: undefined }, {}, /not steady again/],
])("a drill %s has shown nothing", (_, seen, state, why) => {
  const found = databaseRunOf({ ...observed, ...seen }, stateWith(state), about);
  expect(found).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("what went wrong is judged, whatever is left of it", () => {
  expect(databaseRunOf({ ...observed, removeError: "databases stay" }, stateWith(failed), about).ok).toBe(true);
  expect(databaseRunOf({ ...observed, after: bad }, stateWith(failed), about).ok).toBe(true);
});

test("a runbook that ended before the rows were looked at has not found them", () => {
  const found = databaseRunOf(observed, stateWith({ ...failed, found: undefined }), about);
  expect(found).toMatchObject({ ok: true, value: { found: { ok: false } } });
});
