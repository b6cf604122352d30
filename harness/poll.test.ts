import { expect, test } from "vitest";
import { poll, within, type Clock, type Look } from "./poll.ts";

/** Time that passes only by sleeping. */
function steppingClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => slept.reduce((sum, ms) => sum + ms, 0),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
    },
  };
}

const options = { what: "node worker-2 Ready", timeoutMs: 1000, everyMs: 250 };

test("looks once where it is so at once, and does not wait", async () => {
  const clock = steppingClock();
  const found = await poll(async () => ({ state: "yes", value: 7 }), { ...options, clock });
  expect(found).toEqual({ ok: true, value: 7, looks: 1, elapsedMs: 0 });
  expect(clock.slept).toEqual([]);
});

test.each([
  [4, true],
  [5, true],
  [6, false],
])("a state that comes at look %i within five looks: %s", async (comesAt, ok) => {
  let looks = 0;
  const look = async (): Promise<Look<number>> => {
    looks += 1;
    return looks >= comesAt ? { state: "yes", value: looks } : { state: "not yet", seen: "NotReady" };
  };
  const found = await poll(look, { ...options, clock: steppingClock() });
  expect(found.ok).toBe(ok);
});

test("says what was seen last when the time is up", async () => {
  const found = await poll(async () => ({ state: "not yet", seen: "NotReady" }), {
    ...options,
    clock: steppingClock(),
  });
  expect(found).toMatchObject({ ok: false, why: "node worker-2 Ready: not within 1 s, last seen: NotReady" });
});

test("a look that throws is seen as not yet, with its message", async () => {
  const look = async (): Promise<Look<number>> => {
    throw new Error("connection refused");
  };
  const found = await poll(look, { ...options, clock: steppingClock() });
  expect(found).toMatchObject({ ok: false, looks: 5, why: expect.stringContaining("connection refused") });
});

test("never ends the wait at once", async () => {
  const found = await poll(async () => ({ state: "never", why: "it was deleted" }), {
    ...options,
    clock: steppingClock(),
  });
  expect(found).toMatchObject({ ok: false, looks: 1, why: "node worker-2 Ready: it was deleted" });
});

test("an abort ends the wait and is told apart from a timeout", async () => {
  const signal = AbortSignal.abort();
  const found = await poll(async () => ({ state: "not yet", seen: "" }), {
    ...options,
    clock: steppingClock(),
    signal,
  });
  expect(found).toMatchObject({ ok: false, why: "node worker-2 Ready: interrupted" });
});

test("a look that never returns is one that saw nothing, where a look is bounded", async () => {
  const look = async (): Promise<Look<number>> => new Promise(() => undefined);
  const found = await poll(look, { ...options, lookMsMax: 5, clock: steppingClock() });
  expect(found).toMatchObject({
    ok: false,
    looks: 5,
    why: expect.stringContaining("last seen: no end within 0.005 s"),
  });
});

test("an abort ends a bounded look too", async () => {
  const ending = new AbortController();
  const look = async (): Promise<Look<number>> => {
    ending.abort();
    return new Promise(() => undefined);
  };
  const found = await poll(look, { ...options, lookMsMax: 60_000, signal: ending.signal });
  expect(found).toMatchObject({ ok: false, looks: 1, why: "node worker-2 Ready: interrupted" });
});

test("work within its time is handed on, with its value or its error", async () => {
  expect(await within(60_000, async () => 7)).toBe(7);
  const failing = within(60_000, async () => {
    throw new Error("403");
  });
  await expect(failing).rejects.toThrow("403");
});

test("work is not waited for where it was aborted before", async () => {
  await expect(within(60_000, async () => new Promise(() => undefined), AbortSignal.abort())).rejects.toThrow(
    "interrupted",
  );
});
