import { expect, test } from "vitest";
import { z } from "zod";
import { read, unread } from "../../harness/verdict.ts";
import { askedOf, saidOf } from "./outcome.ts";
import type { Answer } from "./request.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const wanted = { status: 201, schema: z.object({ id: z.string() }) };
const timings = { lookupMs: 0, connectMs: 0, firstByteMs: 0 };
const answer = (status: number, body: string, bodyCut = false): Answer => ({
  kind: "answered",
  status,
  headers: {},
  body,
  bodyCut,
  timings,
});
const outcome = (of: Answer | { readonly kind: "refused"; readonly detail: string }) => {
  const asked = askedOf(read(of, "x", now), wanted);
  return asked.ok ? asked.value : undefined;
};

test("what was asked for is done, and nothing else is", () => {
  expect(outcome(answer(201, '{"id":"1","more":2}'))).toEqual({ kind: "done", value: { id: "1" } });
});

test.each([
  [answer(200, '{"id":"1"}'), 'refused with 200 ({"id":"1"})'],
  [answer(503, "a".repeat(200)), `refused with 503 (${"a".repeat(120)})`],
  [answer(201, '{"id":1}'), "answered with something else: id Invalid input: expected string, received number"],
  [answer(201, "<html>"), "answered with something else: no JSON: <html>"],
  [answer(201, ""), "answered with something else:  Invalid input: expected object, received undefined"],
  [answer(201, '{"id":"1"}', true), "answered with something else: the answer is longer than is read"],
  [{ kind: "refused", detail: "ECONNREFUSED" } as const, "no answer (refused: ECONNREFUSED)"],
])("%o is said as it was", (given, said) => {
  const found = outcome(given);
  expect(found === undefined || found.kind === "done" ? found : saidOf(found)).toBe(said);
});

test("an answer that never came stays unread", () => {
  expect(askedOf(unread("no answer in time", "x", now), wanted)).toMatchObject({ ok: false, why: "no answer in time" });
});
