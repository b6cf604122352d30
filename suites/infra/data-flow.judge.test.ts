import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Stations } from "../../probes/flow-prober/stations.ts";
import { judgeDataFlow, type Followed } from "./data-flow.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "x", now);
const sent = { kind: "heart-rate", value: 61.5, unit: "bpm", measuredAt: "2026-11-22T08:00:00.000Z" };
const id = "0189dbd1-1c1a-7d57-8f5c-0242ac120002";
const sha256 = "a".repeat(64);
const stored = { ...sent, id, owner: "bob-a", sha256, recordedAt: now.toISOString() };
const object = `clinic-a/${id}.json`;
const text = "At 2026-11-22T08:00:00.000Z the heart-rate was 61.5 bpm.";
const content = { id, tenant: "clinic-a", owner: "bob-a", ...sent };
const told = { record: id, tenant: "clinic-a", text, sha256 };

const good = {
  row: { owner: "bob-a", kind: sent.kind, value: sent.value, unit: sent.unit, measured_at: sent.measuredAt, sha256 },
  object: { name: object, sha256, text: JSON.stringify(content) },
  event: { id, tenant: "clinic-a", object, sha256 },
  narrativeRow: { text, object: `clinic-a/${id}.narrative.json`, sha256 },
  narrativeObject: { sha256: "b".repeat(64), text: JSON.stringify(told) },
};

const followed = (change: Partial<Stations>): Followed[] =>
  [0, 1, 2].map(() => ({
    user: "bob-a",
    tenant: "clinic-a",
    sent,
    stored: read(stored, "upload", now),
    stations: read({ ...good, ...change }, "stations", now),
  }));

const other = "c".repeat(64);

test.each<readonly [string, Partial<Stations>, Outcome, RegExp]>([
  ["everywhere", {}, "pass", /^3 uploads were found unaltered as a row in PostgreSQL, an object in MinIO, an event/],
  ["in no row", { row: null }, "fail", /^bob-a's upload is missing as a row in PostgreSQL/],
  [
    "in a row with another value",
    { row: { ...good.row, value: 62.5 } },
    "fail",
    /is altered as a row in PostgreSQL: value is 62.5, not 61.5/,
  ],
  ["in somebody else's row", { row: { ...good.row, owner: "eve" } }, "fail", /owner is "eve", not "bob-a"/],
  ["in no object", { object: null }, "fail", /missing as an object in MinIO/],
  [
    "in an object of other bytes",
    { object: { ...good.object, sha256: other } },
    "fail",
    /altered as an object in MinIO: sha256 is "c+", not "a+"/,
  ],
  [
    "in an object of another value",
    { object: { ...good.object, text: JSON.stringify({ ...content, value: 1 }) } },
    "fail",
    /object in MinIO: value is 1, not 61.5/,
  ],
  ["in an object that is no JSON", { object: { ...good.object, text: "{" } }, "fail", /object in MinIO: kind is undef/],
  ["in no event", { event: null }, "fail", /missing as an event in the queue/],
  ["in an event of another digest", { event: { ...good.event, sha256: other } }, "fail", /altered as an event/],
  [
    "in no narrative",
    { narrativeRow: null, narrativeObject: null },
    "fail",
    /missing as a narrative in PostgreSQL; .*in MinIO/,
  ],
  [
    "in a narrative of another value",
    { narrativeRow: { ...good.narrativeRow, text: text.replace("61.5", "6") } },
    "fail",
    /narrative in PostgreSQL: it does not tell 61.5/,
  ],
  [
    "in another's narrative",
    { narrativeObject: { sha256, text: JSON.stringify({ ...told, record: "x" }) } },
    "fail",
    /narrative in MinIO: record is "x"/,
  ],
])("an upload found %s", (_, change, outcome, because) => {
  const verdict = judgeDataFlow(followed(change), 3);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("what could not be uploaded or asked, and too few, is unproven; a fault stands beside it", () => {
  const [one, two, three] = followed({});
  if (one === undefined || two === undefined || three === undefined) throw new Error("three are made");
  expect(judgeDataFlow([one, two, { ...three, stations: refused }], 3)).toMatchObject({
    outcome: "unproven",
    because: refused.ok ? "" : refused.why,
  });
  expect(judgeDataFlow([one, two, { ...three, stored: refused }], 3).outcome).toBe("unproven");
  const kept = read({ kind: "refused", status: 500, said: "no" } as const, "deletion", now);
  const gone = read({ kind: "done", value: undefined } as const, "deletion", now);
  expect(judgeDataFlow([one, two, { ...three, removed: gone }], 3).outcome).toBe("pass");
  for (const removed of [kept, refused]) {
    expect(judgeDataFlow([one, two, { ...three, removed }], 3)).toMatchObject({
      outcome: "unproven",
      because: expect.stringMatching(/^bob-a's upload may still be there: (refused|GET)/),
    });
  }
  expect(judgeDataFlow([one, two], 3).because).toBe("2 uploads, where 3 are asked for");
  expect(judgeDataFlow([], 3).outcome).toBe("unproven");
  expect(judgeDataFlow([...followed({ row: null }), { ...three, stations: refused }], 3).outcome).toBe("fail");
});
