import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { CachedKeys } from "../../probes/service-prober/tenants.ts";
import { judgeTenantCache, type Cached } from "./tenant-cache.judge.ts";

const now = new Date("2026-11-22T09:00:00Z");
const yes = read(true, "prober", now);
const no = read(false, "prober", now);
const answered = (by: string, status: number, held = false) => read({ by, status, held }, "api", now);
const ofA: Cached = {
  tenant: "clinic-a",
  canary: "oke-proof-a",
  marked: yes,
  foreign: answered("alice-b", 404),
  fromCache: yes,
};
const ofB: Cached = {
  tenant: "clinic-b",
  canary: "oke-proof-b",
  marked: yes,
  foreign: answered("alice-a", 404),
  fromCache: yes,
};
const keys: CachedKeys = {
  keys: 3,
  shapes: [
    { shape: "record:clinic-a:<uuid>", count: 1 },
    { shape: "record:clinic-b:<uuid>", count: 1 },
    { shape: "oke-proof:<random>", count: 1 },
  ],
  holding: [
    { key: "record:clinic-a:1", text: "oke-proof-a", ttlSeconds: 59 },
    { key: "record:clinic-b:2", text: "oke-proof-b", ttlSeconds: 59 },
  ],
};
const judge = (cached: readonly Cached[], of: Partial<CachedKeys> = {}) =>
  judgeTenantCache({
    cache: "redis-health",
    cached: read(cached, "api", now),
    keys: read({ ...keys, ...of }, "prober", now),
  });

test("a cache that keeps tenants apart passes", () => {
  expect(judge([ofA, ofB])).toMatchObject({ outcome: "pass" });
});

test.each<readonly [string, readonly Cached[], Partial<CachedKeys>, RegExp]>([
  [
    "a key of two parts",
    [ofA, ofB],
    { shapes: [{ shape: "record:<uuid>", count: 2 }] },
    /^redis-health: 2 keys name no tenant: record:<uuid>/,
  ],
  [
    "a key with an id in the tenant's place",
    [ofA, ofB],
    { shapes: [{ shape: "record:<uuid>:all", count: 1 }] },
    /name no tenant/,
  ],
  ["a key of one part", [ofA, ofB], { shapes: [{ shape: "latest", count: 1 }] }, /name no tenant: latest/],
  [
    "another tenant's data under a key",
    [ofA, ofB],
    { holding: [{ key: "record:clinic-b:1", text: "oke-proof-a", ttlSeconds: 1 }, ...keys.holding] },
    /a key of 'clinic-b' holds data of clinic-a/,
  ],
  [
    "an answer given to another",
    [{ ...ofA, foreign: answered("alice-b", 200, true) }, ofB],
    {},
    /cached for clinic-a was given to alice-b \(200\)/,
  ],
  ["an empty yes", [{ ...ofA, foreign: answered("alice-b", 200) }, ofB], {}, /was given to alice-b/],
  [
    "a refusal that shows it",
    [{ ...ofA, foreign: answered("alice-b", 403, true) }, ofB],
    {},
    /was given to alice-b \(403\)/,
  ],
])("%s fails", (_what, cached, of, why) => {
  expect(judge(cached, of)).toMatchObject({ outcome: "fail", because: expect.stringMatching(why) });
});

test.each<readonly [string, readonly Cached[], Partial<CachedKeys>, RegExp]>([
  ["nothing cached", [{ ...ofA, marked: no }, ofB], {}, /was not found in the cache/],
  ["a cache that did not answer", [ofA, { ...ofB, fromCache: no }], {}, /nothing shows that the cache answers/],
  ["a key that is gone", [ofA, ofB], { holding: keys.holding.slice(1) }, /no key holds the answer cached for clinic-a/],
  ["an error", [{ ...ofA, foreign: answered("alice-b", 503) }, ofB], {}, /neither given nor denied/],
  ["no answer", [{ ...ofA, foreign: unread("timeout", "api", now) }, ofB], {}, /timeout/],
  ["one tenant only", [ofA], {}, /fewer than two tenants/],
])("%s is unproven", (_what, cached, of, why) => {
  expect(judge(cached, of)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(why) });
});

test("a prober that may not be asked, and users who cannot sign in, prove nothing", () => {
  const cached = read([ofA, ofB], "api", now);
  const silent = judgeTenantCache({ cache: "redis-health", cached, keys: unread("403", "prober", now) });
  expect(silent.outcome).toBe("unproven");
  const nobody = unread<readonly Cached[]>("nobody could sign in", "sign-in", now);
  expect(judgeTenantCache({ cache: "redis-health", cached: nobody, keys: read(keys, "prober", now) }).outcome).toBe(
    "unproven",
  );
});
