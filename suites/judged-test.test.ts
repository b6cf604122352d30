import { expect, test } from "vitest";
import { pass } from "../harness/verdict.ts";
import { inTime } from "./judged-test.ts";

const verdict = pass("held", [{ what: "x", value: 1, source: "y", at: "2026-11-22T08:00:00.000Z" }]);

test("what ends in its time says what it says", async () => {
  expect(await inTime({ msMax: 60_000, graceMs: 0 }, async () => verdict)).toBe(verdict);
});

test("what throws is unproven", async () => {
  const thrown = await inTime({ msMax: 60_000, graceMs: 0 }, async () => {
    throw new Error("no such pod");
  });
  expect(thrown).toMatchObject({ outcome: "unproven", because: "the check threw: no such pod" });
});

test("what is late is unproven, and is waited for where it has something to put back", async () => {
  let isPutBack = false;
  const putBack = async (signal: AbortSignal): Promise<typeof verdict> => {
    await new Promise((resolve) => {
      signal.addEventListener("abort", resolve, { once: true });
    });
    await Promise.resolve();
    isPutBack = true;
    return verdict;
  };
  expect(await inTime({ msMax: 5, graceMs: 60_000 }, putBack)).toMatchObject({
    outcome: "unproven",
    because: "the check did not end within 0.005 s",
  });
  expect(isPutBack).toBe(true);
});

test("what never ends is given up when its grace is over", async () => {
  const never = async (): Promise<never> => new Promise(() => undefined);
  expect(await inTime({ msMax: 5, graceMs: 5 }, never)).toMatchObject({ outcome: "unproven" });
});
