import { expect, test } from "vitest";
import * as answers from "../../suites/performance/k6/answers.ts";
import type { Answer } from "../../suites/performance/k6/answers.ts";
import { standInPlatform } from "./stand-in-platform.ts";

/** Asks a platform, and returns its answer. @throws Error where it has no such endpoint */
function asking(): (method: string, path: string, sent?: object) => Answer {
  const answer = standInPlatform();
  return (method, path, sent) => {
    const given = answer({ method, path: `/api/v1${path}`, body: sent === undefined ? "" : JSON.stringify(sent) });
    if (given === undefined) throw new Error(`${method} ${path} is no endpoint`);
    return given;
  };
}

test("a visit to the health platform is answered as the script expects", () => {
  const ask = asking();
  const sent = { kind: "oke-proof-1", value: 61, unit: "bpm" };
  const made = answers.uploaded(ask("POST", "/records", sent), sent) ?? { id: "", mark: "" };
  expect(made.mark).toBe("oke-proof-1");
  expect(answers.recordsListed(ask("GET", "/records?limit=20"))).toBe(true);
  expect(answers.recordRead(ask("GET", `/records/${made.id}`), made)).toBe(true);
  expect(answers.recordRemoved(ask("DELETE", `/records/${made.id}`))).toBe(true);
  expect(ask("GET", `/records/${made.id}`).status).toBe(404);
  expect(ask("DELETE", `/records/${made.id}`).status).toBe(404);
});

test("a visit to the todo platform is answered as the script expects", () => {
  const ask = asking();
  const made = answers.taskCreated(ask("POST", "/tasks", { title: "oke-proof 1" }), "oke-proof 1") ?? {
    id: "",
    mark: "",
  };
  expect(answers.tasksListed(ask("GET", "/tasks?limit=20"))).toBe(true);
  expect(answers.taskCompleted(ask("PATCH", `/tasks/${made.id}`), made)).toBe(true);
  expect(answers.taskRemoved(ask("DELETE", `/tasks/${made.id}`))).toBe(true);
  expect(ask("PATCH", `/tasks/${made.id}`).status).toBe(404);
});

test.each([
  ["POST", "/api/v1/records", "what is this"],
  ["POST", "/api/v1/tasks", '{"title":7}'],
])("%s %s refuses %s", (method, path, body) => {
  expect(standInPlatform()({ method, path, body })?.status).toBe(400);
});

test.each([
  ["GET", "/"],
  ["GET", "/api/v1/other"],
  ["PUT", "/api/v1/records"],
  ["GET", "/api/v1/tasks/1"],
  ["GET", "/api/v1/records/1/2"],
])("%s %s is no endpoint", (method, path) => {
  expect(standInPlatform()({ method, path, body: "" })).toBeUndefined();
});
