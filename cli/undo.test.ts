import { expect, test } from "vitest";
import { linesOf, linesOfClosed } from "./undo.ts";

const places = ["undo records", "tasks"];

test("nothing found is told by place, and as the end", () => {
  expect(linesOf({ places, removed: [], left: [], unseen: [], living: [] })).toEqual([
    "  undo records       nothing found",
    "  tasks              nothing found",
    "undo: 0 removed, nothing is left",
  ]);
});

test("a place that could not be looked at is not called empty", () => {
  const unseen = ["tasks could not be looked at: 503"];
  expect(linesOf({ places, removed: [], left: [], unseen, living: [] }).slice(0, 2)).toEqual([
    "  undo records       nothing found",
    "  tasks              NOT SEEN",
  ]);
});

test("what was removed, left alone and left is told by name", () => {
  const lines = linesOf({
    places,
    removed: [{ place: "tasks", name: "task 1 of bob-a" }],
    left: ["task 2 of bob-a: refused with 503: do it by hand: delete it"],
    unseen: ["tasks could not be looked at: 503"],
    living: [{ id: "run-1", holder: "host/boot 7" }],
  });
  expect(lines).toEqual([
    "  undo records       nothing found",
    "  tasks              1 removed",
    "  removed: task 1 of bob-a",
    "  alive, and left alone: run run-1 (process host/boot 7): end it and undo again",
    "  LEFT: task 2 of bob-a: refused with 503: do it by hand: delete it",
    "  NOT SEEN: tasks could not be looked at: 503",
    "undo: 1 removed, 1 left, 1 places not seen: exit 4",
  ]);
});

const record = {
  schemaVersion: 1,
  runId: "run-1",
  fault: "restore",
  targets: ["namespace health-platform"],
  undo: {},
  writtenAt: "2026-11-22T12:00:00.000Z",
} as const;

test("a record that is closed is told with what was seen, and one that is not with what is missing", () => {
  const standing = { saw: ["namespace a exists"], unseen: ["not all of it"], missing: [] };
  const name = "oke-proof-undo-1";
  const begin = [
    "  record oke-proof-undo-1: restore of run run-1, written at 2026-11-22T12:00:00.000Z: namespace health-platform",
    "  seen: namespace a exists",
  ];
  const closed = linesOfClosed(name, {
    state: "closed",
    record: { ...record, targets: [...record.targets] },
    standing,
  });
  expect(closed.slice(0, -1)).toEqual([...begin, "  NOT LOOKED AT, by your word alone: not all of it"]);
  expect(closed.at(-1)).toMatch(/^undo: closed oke-proof-undo-1; /);
  const missing = { ...standing, unseen: [], missing: ["namespace b is not there"] };
  const left = linesOfClosed(name, {
    state: "missing",
    record: { ...record, targets: [...record.targets] },
    standing: missing,
  });
  expect(left).toEqual([
    ...begin,
    "  NOT PUT BACK: namespace b is not there",
    "undo: nothing was closed: what the record names does not stand: exit 4",
  ]);
});
