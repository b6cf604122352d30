import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { OwnedObject, TenantObjects } from "../../probes/service-prober/tenants.ts";
import { judgeTenantObjects } from "./tenant-objects.judge.ts";

const now = new Date("2026-11-22T09:00:00Z");
const owned: readonly OwnedObject[] = ["a", "b"].map((one) => ({
  tenant: `clinic-${one}`,
  id: `id-${one}`,
  key: `clinic-${one}/id-${one}.json`,
  text: `oke-proof-${one}`,
}));
const [ofA = "", ofB = ""] = owned.map(({ key }) => key);
type Try = TenantObjects["tries"][number];
const tried = (as: string, of: string, status: number, ...texts: readonly string[]): Try => ({
  as,
  of,
  status,
  texts: [...texts],
});
const links = [tried("the link itself", ofA, 200, "oke-proof-a"), tried("the link itself", ofB, 200, "oke-proof-b")];
const nobody = tried("nobody, by the object's key", ofA, 403);
const good: TenantObjects = {
  keys: [ofA, ofB, "clinic-a/id-a.narrative.json"],
  objects: 3,
  folders: ["clinic-a", "clinic-b"],
  strangers: [],
  owned: owned.map(({ key, tenant }) => ({ key, tenant, held: true })),
  tries: [...links, nobody],
};
const judge = (objects: Partial<TenantObjects>) =>
  judgeTenantObjects({ owned: read(owned, "uploads", now), objects: read({ ...good, ...objects }, "prober", now) });

test("objects that nobody else gets pass", () => {
  expect(judge({})).toMatchObject({ outcome: "pass" });
});

test.each<readonly [string, Partial<TenantObjects>, RegExp]>([
  [
    "an object in another's folder",
    { keys: [...good.keys, "clinic-b/id-a.json"] },
    /clinic-b\/id-a\.json is of clinic-a's record/,
  ],
  ["a folder that begins with another's name", { keys: ["clinic-a2/id-a.json"] }, /is of clinic-a's record/],
  [
    "a listing that names another's",
    { strangers: [{ folder: "clinic-b/", key: ofA }] },
    /a listing of clinic-b\/ names clinic-a/,
  ],
  [
    "a content of another's",
    { owned: [{ key: ofA, tenant: "clinic-b", held: true }, ...good.owned.slice(1)] },
    /says that it is of 'clinic-b'/,
  ],
  [
    "nobody let in",
    { tries: [...links, tried(nobody.as, ofA, 200, "oke-proof-a")] },
    /nobody, by the object's key \(clinic-a\/id-a\.json\) showed an object \(200\)/,
  ],
  ["an empty yes", { tries: [...links, tried("the link, used to delete", ofA, 204)] }, /was let in \(204\)/],
  [
    "a refusal that shows it",
    { tries: [...links, tried(nobody.as, ofA, 403, "oke-proof-b")] },
    /showed an object \(403\)/,
  ],
])("%s fails", (_what, objects, why) => {
  expect(judge(objects)).toMatchObject({ outcome: "fail", because: expect.stringMatching(why) });
});

test.each<readonly [string, Partial<TenantObjects>, RegExp]>([
  [
    "an object that its owner cannot read",
    { owned: [{ key: ofA, tenant: "clinic-a", held: false }, ...good.owned.slice(1)] },
    /could not be read by who holds the credentials/,
  ],
  [
    "a link that opens nothing",
    { tries: [tried("the link itself", ofA, 403), ...good.tries.slice(1)] },
    /does not open it/,
  ],
  [
    "a link that opens something else",
    { tries: [tried("the link itself", ofA, 200), ...good.tries.slice(1)] },
    /does not open it/,
  ],
  [
    "an error in place of a refusal",
    { tries: [...links, tried(nobody.as, ofA, 503)] },
    /neither let in nor refused: 503/,
  ],
  [
    "a timeout in place of a refusal",
    { tries: [...links, { as: nobody.as, of: ofA, failure: { kind: "timeout", detail: "" } }] },
    /timeout/,
  ],
  ["nothing tried", { tries: links }, /nothing was tried/],
])("%s is unproven", (_what, objects, why) => {
  expect(judge(objects)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(why) });
});

test("without objects, and without an answer, nothing is proven", () => {
  const objects = read(good, "prober", now);
  expect(judgeTenantObjects({ owned: unread("nobody could sign in", "s", now), objects }).outcome).toBe("unproven");
  expect(judgeTenantObjects({ owned: read([], "s", now), objects }).outcome).toBe("unproven");
  expect(judgeTenantObjects({ owned: read(owned, "s", now), objects: unread("403", "p", now) }).outcome).toBe(
    "unproven",
  );
});
