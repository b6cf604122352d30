import { beforeEach, expect, test, vi } from "vitest";
import type { Reading } from "../../harness/verdict.ts";
import { homeRegion, tenancy, withOracle, type Bent, type Inventory } from "../../test/oracle-api.ts";
import { readStoredObjects, type StoredObjects } from "./objects.ts";
import type { Places } from "./places.ts";

const places: Places = {
  compartments: [
    { id: tenancy, name: "the tenancy itself" },
    { id: "c1", name: "apps" },
  ],
  regions: [{ name: homeRegion, availabilityDomains: ["AD-1"] }],
};
const root = `/${homeRegion}/n`;
const object = (size: unknown, storageTier: unknown = "Standard"): object => ({ name: "x", size, storageTier });
const bucket = (storageTier: unknown, approximateSize: unknown): object => ({
  name: "b",
  storageTier,
  approximateSize,
});

const inventory: Inventory = {
  lists: {
    [`${root}/space/b?compartmentId=${tenancy}`]: [{ name: "state" }],
    [`${root}/space/b?compartmentId=c1`]: [{ name: "backups" }, { name: "cold" }],
  },
  answers: {
    [root]: '"space"',
    [`${root}/space/b/state?fields=approximateSize`]: bucket("Standard", 10),
    [`${root}/space/b/backups?fields=approximateSize`]: bucket("Standard", 1_000),
    [`${root}/space/b/cold?fields=approximateSize`]: bucket("Archive", 300),
    [`${root}/space/b/state/o`]: { objects: [object(10)], prefixes: [] },
    [`${root}/space/b/backups/o`]: {
      objects: [object(400), object(250, "InfrequentAccess")],
      nextStartWith: "m+1&x",
    },
  },
};
const pages: Bent = (path, query) =>
  path.endsWith("/backups/o") && query.get("start") === "m+1&x"
    ? { status: 200, body: { objects: [object(100, "Archive")] } }
    : undefined;

async function objectsOf(byTier: boolean, bent: Bent = pages): Promise<Reading<readonly StoredObjects[]>> {
  return (await withOracle(inventory, (session) => readStoredObjects(session, places, { byTier }), { bent })).result;
}

beforeEach(() => {
  const quiet = vi.spyOn(console, "warn").mockReturnValue(undefined);
  return () => quiet.mockRestore();
});

test("a bucket's size, of its own tier", async () => {
  expect(await objectsOf(false)).toMatchObject({
    ok: true,
    value: [
      { bucket: "state", tier: "Standard", bytes: 10 },
      { bucket: "backups", tier: "Standard", bytes: 1_000 },
      { bucket: "cold", tier: "Archive", bytes: 300 },
    ],
  });
});

test("by tier each object counts to its own, and what no living object accounts for to the bucket's", async () => {
  expect(await objectsOf(true)).toMatchObject({
    ok: true,
    value: [
      { bucket: "state", tier: "Standard", bytes: 10 },
      { bucket: "backups", tier: "Standard", bytes: 400 + (1_000 - 750) },
      { bucket: "backups", tier: "InfrequentAccess", bytes: 250 },
      { bucket: "backups", tier: "Archive", bytes: 100 },
      { bucket: "cold", tier: "Archive", bytes: 300 },
    ],
  });
});

const at =
  (end: string, status: number, body: unknown): Bent =>
  (path) =>
    path.endsWith(end) ? { status, body } : undefined;

test.each<readonly [string, Bent, RegExp]>([
  ["no namespace", at("/n", 200, '""'), /namespace of objects/],
  [
    "no right to buckets",
    at("/space/b", 404, { code: "NotAuthorizedOrNotFound", message: "x" }),
    /buckets of .*no right/,
  ],
  [
    "a bucket that went",
    at("/b/cold", 404, { code: "BucketNotFound", message: "x" }),
    /bucket cold in .*BucketNotFound/,
  ],
  ["too many requests", at("/b/cold", 429, { code: "TooManyRequests", message: "x" }), /429/],
  ["no size, as without the right to read it", at("/b/cold", 200, bucket("Archive", null)), /approximateSize/],
  ["a size that is a text", at("/b/cold", 200, bucket("Archive", "300")), /approximateSize/],
  ["a negative size", at("/b/cold", 200, bucket("Archive", -1)), /approximateSize/],
  ["an unknown tier", at("/b/cold", 200, bucket("Tape", 1)), /storageTier/],
  ["an object of no size", at("/state/o", 200, { objects: [object(null)] }), /objects of bucket state.*size/],
  ["an object of no tier", at("/state/o", 200, { objects: [object(1, null)] }), /objects of bucket state.*storageTier/],
  ["no objects", at("/state/o", 200, {}), /objects of bucket state/],
  ["a list without an end", at("/state/o", 200, { objects: [], nextStartWith: "a" }), /same page again and again/],
])("with %s nothing is read", async (_, bent, why) => {
  expect(await objectsOf(true, bent)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("more objects than are looked through are not guessed at", async () => {
  let count = 0;
  const endless: Bent = (path) =>
    path.endsWith("/o")
      ? { status: 200, body: { objects: [object(1)], nextStartWith: `n${(count += 1)}` } }
      : undefined;
  expect(await objectsOf(true, endless)).toMatchObject({
    ok: false,
    why: expect.stringMatching(/more than 20000 objects/),
  });
});
