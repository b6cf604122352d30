import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { StateTrip } from "../../probes/dapr-prober/sidecar.ts";
import { judgeStates, type Saved } from "./dapr-state.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const refused = unread<never>("POST /x: 403, the harness has no right to read this", "the prober", now);
const answered = (status: number, body = "") => ({ status, body, backend: "" });

function state(changes: Partial<StateTrip> = {}): Saved {
  const trip: StateTrip = {
    at: now.toISOString(),
    saved: answered(204),
    storedAfterSave: { ok: true, value: '"v"' },
    readBack: answered(200, '"v"'),
    deleted: answered(204),
    storedAfterDelete: { ok: true, value: null },
    readAfterDelete: answered(204),
    ...changes,
  };
  return { key: "k", value: "v", trip: read(trip, "the sidecar", now) };
}

const silent = { ok: false, why: "no answer" } as const;

test.each<readonly [string, Partial<StateTrip>, Outcome, RegExp]>([
  ["whole", {}, "pass", /^all 2 states/],
  ["not taken", { saved: answered(500) }, "unproven", /did not take the state k: 500/],
  ["not returned", { readBack: answered(204) }, "fail", /^the state k was saved and is not returned$/],
  ["not read", { readBack: answered(500) }, "unproven", /reading the state k: 500/],
  ["returned altered", { readBack: answered(200, '"w"') }, "fail", /returned altered/],
  [
    "elsewhere",
    { storedAfterSave: { ok: true, value: null } },
    "fail",
    /^the state k was saved and is not in the store itself$/,
  ],
  ["altered in the store", { storedAfterSave: { ok: true, value: '"w"' } }, "fail", /altered in the store/],
  ["unseen in the store", { storedAfterSave: silent }, "unproven", /could not be asked for k: no answer/],
  ["not deleted", { deleted: answered(500) }, "unproven", /deleting the state k: 500/],
  ["still returned", { readAfterDelete: answered(200, '"v"') }, "fail", /deleted and is still returned/],
  ["not read again", { readAfterDelete: answered(500) }, "unproven", /reading the deleted state k: 500/],
  ["left behind", { storedAfterDelete: { ok: true, value: '"v"' } }, "fail", /deleted and is still in the store/],
  ["unseen after", { storedAfterDelete: silent }, "unproven", /could not be asked for k/],
])("a state: %s", (_, changes, outcome, because) => {
  expect(judgeStates([state(), state(changes)], 2)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("a trip that nobody told of, too few, and none are unproven", () => {
  expect(judgeStates([state(), { key: "k", value: "v", trip: refused }], 2).because).toMatch(/403/);
  expect(judgeStates([state()], 2).because).toMatch(/1 states, fewer than 2/);
  expect(judgeStates([], 2).outcome).toBe("unproven");
});
