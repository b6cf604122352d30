import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { closedPort, listening } from "../../test/loopback.ts";
import { clockOf, readApiServerClock, readIngressClock, timeOfDate, type Heard } from "./clocks.ts";

const heard = (dateMs: number, sentMs: number, receivedMs = sentMs + 10): Heard => ({ dateMs, sentMs, receivedMs });

test("one answer tells the difference to half a second, and more of them tell it better", () => {
  expect(clockOf("x", [heard(10_000, 10_490)])).toEqual({ of: "x", aheadMs: 5, tookMs: 10, withinMs: 505 });
  const turning = [heard(10_000, 10_890), heard(11_000, 11_090)];
  expect(clockOf("x", turning)).toEqual({ of: "x", aheadMs: 5, tookMs: 10, withinMs: 105 });
});

test("clocks that contradict each other count as the one that is farthest away", () => {
  expect(clockOf("x", [heard(10_000, 10_000), heard(15_000, 10_000)])).toMatchObject({ aheadMs: 4990 });
  expect(clockOf("x", [heard(10_000, 10_000), heard(5_000, 10_000)])).toMatchObject({ aheadMs: -4000 });
});

test("without an answer there is no clock", () => {
  expect(clockOf("x", [])).toBeUndefined();
});

test("the true difference is always within what is told", () => {
  const ask = fc.record({
    afterMs: fc.integer({ min: 0, max: 3000 }),
    tookMs: fc.integer({ min: 0, max: 900 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.array(ask, { minLength: 1, maxLength: 8 }),
      (ahead, list) => {
        const answers = list.map(({ afterMs, tookMs, part }) => {
          const sentMs = 1_000_000 + afterMs;
          const theirs = sentMs + part * tookMs + ahead;
          return heard(Math.floor(theirs / 1000) * 1000, sentMs, sentMs + tookMs);
        });
        const clock = clockOf("x", answers);
        expect(Math.abs((clock?.aheadMs ?? Number.NaN) - ahead)).toBeLessThanOrEqual((clock?.withinMs ?? 0) + 1e-6);
      },
    ),
  );
});

test.each([
  ["Sun, 22 Nov 2026 12:00:00 GMT", 1_795_348_800_000],
  ["Sun, 99 Nov 2026 12:00:00 GMT", undefined],
  ["2026-11-22T12:00:00Z", undefined],
  ["", undefined],
  [undefined, undefined],
])("the date %j", (header, time) => {
  expect(timeOfDate(header)).toBe(time);
});

/** A server whose clock is ahead. */
const dated = (aheadMs: number, asked: string[] = []): Server =>
  createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(401, { date: new Date(Date.now() + aheadMs).toUTCString() }).end();
  });

async function apiServerClock(port: number): ReturnType<typeof readApiServerClock> {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-clock-"));
  const kubeconfig = join(folder, "kubeconfig");
  const config = {
    clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "u", user: { token: "not-a-secret" } }],
    contexts: [{ name: "k", context: { cluster: "c", user: "u" } }],
    "current-context": "k",
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  try {
    const profile = { cluster: { kubeconfig }, timeouts: { requestMs: 2000, checkMs: 9000 } };
    return await readApiServerClock(profile, AbortSignal.timeout(9000));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the API server's clock is read off a refusal, to a few hundred milliseconds", async () => {
  const asked: string[] = [];
  const clock = await listening(dated(30_000, asked), apiServerClock);
  expect(asked[0]).toBe("/version");
  expect(clock).toMatchObject({ ok: true, value: { of: "the API server" } });
  const found = clock.ok ? clock.value : undefined;
  const withinMs = found?.withinMs ?? Infinity;
  expect(Math.abs((found?.aheadMs ?? 0) - 30_000)).toBeLessThanOrEqual(withinMs + 1);
  expect(withinMs).toBeLessThan(600);
});

test("an answer without a date, and none at all, are no clock", async () => {
  const undated = createServer((_, response) => {
    response.sendDate = false;
    response.end();
  });
  expect(await listening(undated, apiServerClock)).toMatchObject({
    ok: false,
    why: expect.stringContaining("without a date"),
  });
  expect(await apiServerClock(await closedPort())).toMatchObject({
    ok: false,
    why: expect.stringContaining("the API server"),
  });
});

test("an ingress whose authority cannot be read has no clock", async () => {
  const profile = {
    ingress: {
      https: [{ host: "127.0.0.1", port: 1 }],
      http: [{ host: "127.0.0.1", port: 1 }],
      caFile: "/nowhere/ca.crt",
      daysLeftMin: 21,
      routes: [{ host: "health.oke-proof.test", path: "/healthz", status: 404 }],
    },
    timeouts: { requestMs: 1000, checkMs: 9000 },
  };
  expect(await readIngressClock(profile, AbortSignal.timeout(5000))).toMatchObject({
    ok: false,
    why: expect.stringContaining("/nowhere/ca.crt"),
  });
});
