import { request } from "node:https";
import { expect, test } from "vitest";
import { testAuthority } from "../certificate-authority.ts";
import { listening } from "../loopback.ts";
import { dealer, knownParts } from "./known-latency.ts";
import { latencyServer } from "./latency-server.ts";
import { withLatencyTarget } from "./latency-target.ts";

const authority = await testAuthority("bench");
const certificate = await authority.issue({ names: ["health.test"] });
const signal = AbortSignal.timeout(15_000);

/** GET over HTTPS. @returns the status, and how long the answer took */
async function get(port: number, path: string): Promise<{ readonly status: number; readonly ms: number }> {
  const beganMs = performance.now();
  const options = { host: "127.0.0.1", servername: "health.test", port, path, ca: authority.pem, agent: false };
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const asked = request(options, (response) => {
    response.resume().once("end", () => resolve(response.statusCode ?? 0));
  });
  asked.once("error", reject).end();
  const status = await promise;
  return { status, ms: performance.now() - beganMs };
}

test("an answer takes what was dealt and a little more, and what it took is noted", async () => {
  const target = latencyServer([{ percent: 100, fromMs: 60, toMs: 90 }], certificate);
  await listening(target.server, async (port) => {
    target.begin(3);
    const deal = dealer([{ percent: 100, fromMs: 60, toMs: 90 }], 3);
    const dealt = [deal(), deal()];
    const seen = [await get(port, "/api/v1/records?limit=20"), await get(port, "/api/v1/tasks")];
    const given = target.given();
    expect(given.map(({ askedMs }) => askedMs)).toEqual(dealt);
    for (const [index, { askedMs, givenMs, atMs }] of given.entries()) {
      expect(givenMs).toBeGreaterThanOrEqual(askedMs);
      expect(seen[index]?.ms).toBeGreaterThanOrEqual(givenMs);
      expect(Math.abs(Date.now() - atMs)).toBeLessThan(10_000);
    }
    target.begin(3);
    expect(target.given()).toEqual([]);
  });
});

test("what the platforms do not have is refused at once, and not counted", async () => {
  const target = latencyServer([{ percent: 100, fromMs: 5000, toMs: 6000 }], certificate);
  await listening(target.server, async (port) => {
    const { status, ms } = await get(port, "/version");
    expect(status).toBe(404);
    expect(ms).toBeLessThan(4000);
    expect(target.given()).toEqual([]);
  });
});

test("as a process it listens, deals by the seed, tells, and ends with the work", async () => {
  const port = await withLatencyTarget(certificate, signal, async (target) => {
    await target.begin(11);
    expect((await get(target.port, "/api/v1/tasks?limit=20")).status).toBe(200);
    const given = await target.tell();
    expect(given).toMatchObject([{ askedMs: dealer(knownParts, 11)() }]);
    await target.begin(11);
    expect(await target.tell()).toEqual([]);
    return target.port;
  });
  await expect
    .poll(
      async () =>
        get(port, "/").then(
          ({ status }) => status,
          () => "gone",
        ),
      { timeout: 5000 },
    )
    .toBe("gone");
});

test("a target that cannot listen says what was asked of it", async () => {
  const broken = withLatencyTarget({ cert: "no certificate", key: "none" }, signal, async () => undefined);
  await expect(broken).rejects.toThrow("asking the bench's target to listen");
});
