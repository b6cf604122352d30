import { beforeEach, expect, test, vi } from "vitest";
import { homeRegion, tenancy, withOracle, type Bent, type Inventory } from "../../test/oracle-api.ts";
import type { Reading } from "../../harness/verdict.ts";
import { readPlaces } from "./places.ts";
import { readVolumes, type StoredVolume } from "./volumes.ts";

const core = (region: string, path: string): string => `/${region}/20160918/${path}`;
const volume = (id: string, sizeInGBs: unknown, changes: object = {}): object => ({
  id,
  displayName: `name of ${id}`,
  lifecycleState: "AVAILABLE",
  sizeInGBs,
  sizeInMBs: 51_200,
  timeCreated: "2026-11-01T00:00:00.000Z",
  ...changes,
});

/** Two regions, one of them with two domains; the tenancy itself, one compartment, and one that is deleted. */
const inventory: Inventory = {
  lists: {
    [core(homeRegion, "compartments?compartmentIdInSubtree=true")]: [
      { id: "c1", name: "apps", lifecycleState: "ACTIVE" },
      { id: "c2", name: "old", lifecycleState: "DELETED" },
    ],
    [core(homeRegion, `volumes?compartmentId=${tenancy}`)]: [],
    [core(homeRegion, "volumes?compartmentId=c1")]: [
      volume("v1", 50),
      volume("v2", 100, { displayName: null }),
      volume("v3", 60, { lifecycleState: "TERMINATED" }),
    ],
    [core(homeRegion, "bootVolumes?compartmentId=c1&availabilityDomain=AD-1")]: [volume("b1", 47)],
    [core(homeRegion, "bootVolumes?compartmentId=c1&availabilityDomain=AD-2")]: [volume("b2", 50)],
    [core(homeRegion, "bootVolumes")]: [],
    [core(homeRegion, "volumeAttachments?compartmentId=c1")]: [
      { volumeId: "v1", instanceId: "i1", lifecycleState: "ATTACHED" },
      { volumeId: "v2", instanceId: "i1", lifecycleState: "DETACHED" },
    ],
    [core(homeRegion, "volumeAttachments")]: [],
    // It stands in another compartment than its volume.
    [core(homeRegion, `bootVolumeAttachments?compartmentId=${tenancy}&availabilityDomain=AD-1`)]: [
      { bootVolumeId: "b1", instanceId: "i1", lifecycleState: "ATTACHED" },
    ],
    [core(homeRegion, "bootVolumeAttachments")]: [],
    [core("uk-london-1", "volumes?compartmentId=c1")]: [volume("v9", 70)],
    [core("uk-london-1", "volumes")]: [],
    [core("uk-london-1", "bootVolumes")]: [],
    [core("uk-london-1", "volumeAttachments")]: [],
    [core("uk-london-1", "bootVolumeAttachments")]: [],
  },
  answers: {
    [core(homeRegion, `tenancies/${tenancy}/regionSubscriptions`)]: [
      { regionKey: "FRA", regionName: homeRegion, status: "READY", isHomeRegion: true },
      { regionKey: "LHR", regionName: "uk-london-1", status: "READY", isHomeRegion: false },
    ],
    [core(homeRegion, "availabilityDomains")]: [{ name: "AD-1" }, { name: "AD-2" }],
    [core("uk-london-1", "availabilityDomains")]: [{ name: "AD-X" }],
  },
};

async function volumesOf(
  bent?: Bent,
  requestMs?: number,
): Promise<{ readonly result: Reading<readonly StoredVolume[]>; readonly asked: readonly string[] }> {
  const options = { ...(bent === undefined ? {} : { bent }), ...(requestMs === undefined ? {} : { requestMs }) };
  return withOracle(
    inventory,
    async (session) => {
      const places = await readPlaces(session);
      return places.ok ? readVolumes(session, places.value) : places;
    },
    options,
  );
}

beforeEach(() => {
  // Oracle's clients write each refusal to the console besides throwing it.
  const quiet = vi.spyOn(console, "warn").mockReturnValue(undefined);
  return () => quiet.mockRestore();
});

test("volumes of all compartments, regions, domains and pages, with what they are attached to", async () => {
  const { result, asked } = await volumesOf();
  expect(result).toMatchObject({
    ok: true,
    source: "Oracle, eu-frankfurt-1, uk-london-1, 2 compartments",
    value: expect.arrayContaining([
      { id: "v1", name: "name of v1", kind: "block", state: "AVAILABLE", sizeGb: 50, attachedTo: "i1" },
      { id: "v2", name: "v2", kind: "block", state: "AVAILABLE", sizeGb: 100 },
      { id: "v3", name: "name of v3", kind: "block", state: "TERMINATED", sizeGb: 60 },
      { id: "b1", name: "name of b1", kind: "boot", state: "AVAILABLE", sizeGb: 47, attachedTo: "i1" },
      { id: "b2", name: "name of b2", kind: "boot", state: "AVAILABLE", sizeGb: 50 },
      { id: "v9", name: "name of v9", kind: "block", state: "AVAILABLE", sizeGb: 70 },
    ]),
  });
  expect(result.ok && result.value.length).toBe(6);
  expect(asked.filter((path) => path.includes("c2"))).toEqual([]);
  expect(asked.filter((path) => path.includes("/volumes?") && path.includes("page=")).length).toBe(2);
});

const at =
  (part: string, status: number, body: unknown, headers: Record<string, string> = {}): Bent =>
  (path, query) =>
    `${path}?${query}`.includes(part) ? { status, body, headers } : undefined;
const refused = { code: "NotAuthorizedOrNotFound", message: "Authorization failed or requested resource not found." };

test.each<readonly [string, Bent, RegExp]>([
  ["another key", at("/compartments", 401, { code: "NotAuthenticated", message: "no" }), /401 NotAuthenticated.*key/],
  [
    "no right to volumes of a compartment",
    at("/volumes?compartmentId=c1", 404, refused),
    /^block volumes of compartment 'apps' in eu-frankfurt-1: Oracle answered 404 .*has no right to read this/,
  ],
  ["no right to attachments", at("/bootVolumeAttachments", 404, refused), /^boot volume attachments of .*AD-\w: .*404/],
  [
    "too many requests",
    at("/volumes", 429, { code: "TooManyRequests", message: "slow down" }),
    /^block volumes .*429 TooManyRequests: slow down$/,
  ],
  ["an error", at("/bootVolumes", 500, { code: "InternalError", message: "x" }), /500 InternalError/],
  ["an error that is a page for people", at("/volumes", 502, "<html>bad gateway</html>"), /block volumes .*502/],
  ["a page for people", at("/volumes", 200, "<html>hello</html>"), /block volumes .*(JSON|token)/],
  ["half an answer", at("/volumes", 200, '[{"id":"v1",'), /block volumes .*JSON/],
  ["something that is no list", at("/volumes", 200, { volumes: [] }), /block volumes/],
  ["a volume without a size", at("/volumes?compartmentId=c1", 200, [volume("v1", null)]), /sizeInGBs/],
  ["a volume of no number", at("/volumes?compartmentId=c1", 200, [volume("v1", "NaN")]), /sizeInGBs/],
  ["a bare NaN", at("/volumes?compartmentId=c1", 200, '[{"id":"v1","sizeInGBs":NaN}]'), /JSON/],
  [
    "an infinite size",
    at("/volumes?compartmentId=c1", 200, '[{"id":"v1","lifecycleState":"A","sizeInGBs":1e999}]'),
    /sizeInGBs/,
  ],
  ["a negative size", at("/volumes?compartmentId=c1", 200, [volume("v1", -50)]), /sizeInGBs/],
  [
    "a volume without a state",
    at("/volumes?compartmentId=c1", 200, [volume("v1", 50, { lifecycleState: undefined })]),
    /lifecycleState/,
  ],
  [
    "the same page again and again",
    at("/volumes", 200, [volume("v1", 50)], { "opc-next-page": "x" }),
    /the same page again and again/,
  ],
  ["no region", at("/regionSubscriptions", 200, []), /regions that the tenancy/],
  [
    "a region that is not ready",
    at("/regionSubscriptions", 200, [{ regionName: "uk-london-1", status: "IN_PROGRESS" }]),
    /region uk-london-1 is IN_PROGRESS/,
  ],
  [
    "another home region",
    at("/regionSubscriptions", 200, [{ regionName: "uk-london-1", status: "READY" }]),
    /not subscribed to eu-frankfurt-1/,
  ],
  ["no availability domain", at("/availabilityDomains", 200, []), /availability domains of eu-frankfurt-1/],
  ["a redirect", at("/volumes", 302, "", { location: "http://127.0.0.1:1/" }), /block volumes .*redirect/],
])("with %s nothing is read", async (_, bent, why) => {
  const { result, asked } = await volumesOf(bent);
  expect(result).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  expect(asked.length).toBe(new Set(asked).size);
});

test("a server that says nothing is not waited for", async () => {
  const { result } = await volumesOf(at("/volumes", 0, ""), 200);
  expect(result).toMatchObject({ ok: false, why: expect.stringMatching(/^block volumes .*no answer within 0.2 s/) });
});
