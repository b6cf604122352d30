import fc from "fast-check";
import { expect, test } from "vitest";
import {
  recordRead,
  recordRemoved,
  recordsListed,
  taskCompleted,
  taskCreated,
  taskRemoved,
  tasksListed,
  uploaded,
  type Answer,
} from "./answers.ts";

const id = "0b9f3c1e-1111-4222-8333-444455556666";
const kind = "oke-proof-0123456789abcdef01234567";
const title = "oke-proof 0123456789abcdef01234567";
const record = { id, kind, value: 61, unit: "bpm", sha256: "a".repeat(64) };
const task = { id, title, status: "open", priority: "normal", tags: [] };
const answer = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });

test("an upload is answered with the record and its digest", () => {
  expect(uploaded(answer(201, record), { kind, value: 61 })).toEqual({ id, mark: kind });
});

test.each([
  ["another status", answer(200, record)],
  ["another kind", answer(201, { ...record, kind: "heart-rate" })],
  ["another value", answer(201, { ...record, value: 62 })],
  ["no digest", answer(201, { ...record, sha256: "" })],
  ["an id that is none", answer(201, { ...record, id: "1" })],
  ["an error page", { status: 201, body: "<html>" }],
  ["nothing", { status: 201, body: "" }],
  ["a list", answer(201, [])],
])("an upload is not answered by %s", (_, given) => {
  expect(uploaded(given, { kind, value: 61 })).toBeUndefined();
});

test.each([
  ["a page", answer(200, { records: [record], total: 7 }), true],
  ["an empty page", answer(200, { records: [], total: 0 }), true],
  ["fewer in all than on the page", answer(200, { records: [record], total: 0 }), undefined],
  ["no total", answer(200, { records: [record] }), undefined],
  ["no list", answer(200, { total: 0 }), undefined],
  ["records without ids", answer(200, { records: [{ kind }], total: 1 }), undefined],
  ["records that are none", answer(200, { records: [null], total: 1 }), undefined],
  ["a refusal", answer(503, { records: [], total: 0 }), undefined],
])("the list of records: %s", (_, given, expected) => {
  expect(recordsListed(given)).toBe(expected);
});

test.each([
  ["that record", answer(200, record), true],
  ["another record", answer(200, { ...record, id: id.replace("0b", "0c") }), undefined],
  ["another kind", answer(200, { ...record, kind: "x" }), undefined],
  ["that it is not there", answer(404, { error: {} }), undefined],
])("reading a record: %s", (_, given, expected) => {
  expect(recordRead(given, { id, mark: kind })).toBe(expected);
});

test.each([
  ["deleted", answer(200, { status: "deleted" }), true],
  ["something else", answer(200, { status: "ok" }), undefined],
  ["gone already", answer(404, { status: "deleted" }), undefined],
])("deleting a record: %s", (_, given, expected) => {
  expect(recordRemoved(given)).toBe(expected);
});

test.each([
  ["the task", answer(201, task), { id, mark: title }],
  ["another title", answer(201, { ...task, title: title.slice(1) }), undefined],
  ["a task that is done", answer(201, { ...task, status: "done" }), undefined],
  ["too many tasks", answer(409, {}), undefined],
])("making a task: %s", (_, given, expected) => {
  expect(taskCreated(given, title)).toEqual(expected);
});

test.each([
  ["a page", answer(200, { tasks: [task], total: 1 }), true],
  ["records", answer(200, { records: [record], total: 1 }), undefined],
])("the list of tasks: %s", (_, given, expected) => {
  expect(tasksListed(given)).toBe(expected);
});

test.each([
  ["done", answer(200, { ...task, status: "done" }), true],
  ["still open", answer(200, task), undefined],
  ["another's title", answer(200, { ...task, title: "x", status: "done" }), undefined],
])("completing a task: %s", (_, given, expected) => {
  expect(taskCompleted(given, { id, mark: title })).toBe(expected);
});

test.each([
  ["gone", { status: 204, body: "" }, true],
  ["a text", { status: 204, body: "gone" }, undefined],
  ["another status", { status: 200, body: "" }, undefined],
])("deleting a task: %s", (_, given, expected) => {
  expect(taskRemoved(given)).toBe(expected);
});

test("no answer makes a visitor fall over", () => {
  const status = fc.constantFrom(0, 200, 201, 204, 500);
  fc.assert(
    fc.property(status, fc.oneof(fc.string(), fc.json()), (code, body) => {
      const given = { status: code, body };
      expect(uploaded(given, { kind, value: 1 }) ?? taskCreated(given, title)).toBeUndefined();
      for (const said of [recordsListed(given), recordRemoved(given), tasksListed(given), taskRemoved(given)]) {
        expect(said === true || said === undefined).toBe(true);
      }
    }),
  );
});
