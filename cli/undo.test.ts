import { expect, test } from "vitest";
import { linesOf } from "./undo.ts";

const places = ["undo records", "tasks"];

test("nothing found is told by place, and as the end", () => {
  expect(linesOf({ places, removed: [], left: [], unseen: [], living: [] })).toEqual([
    "  undo records       nothing found",
    "  tasks              nothing found",
    "undo: 0 removed, nothing is left",
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
