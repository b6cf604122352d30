import { expect, test } from "vitest";
import type { Cluster } from "../kubernetes/cluster.ts";
import { readFrom } from "../../test/one-reply.ts";
import { clearObjects, markCached, readCachedKeys, readTenantObjects, readTenantRows } from "./tenants.ts";

const profile = { serviceProber: { namespace: "health-platform", pod: "service-prober-0", port: 8080 } };
const about = { target: "t", at: "2026-11-22T09:00:00.000Z" };
const rows = {
  role: { name: "health_app", superuser: false, passesRowSecurity: false, owns: [], through: [] },
  tables: [{ name: "health.records", hasTenant: true, enabled: true, forced: true, policies: 1 }],
  views: [{ as: "nobody", tenant: null, seen: [{ table: "health.records", rows: [], ids: [] }] }],
  deleted: [],
};
const keys = { keys: 1, shapes: [{ shape: "record:clinic-a:<uuid>", count: 1 }], holding: [] };
const objects = {
  keys: [],
  objects: 0,
  folders: [],
  strangers: [],
  owned: [],
  tries: [
    { as: "the link itself", of: "a/b.json", status: 200, texts: [] },
    { as: "nobody", of: "a/b.json", failure: { kind: "timeout", detail: "no answer" } },
  ],
};
const questions = { tenants: [], ids: [], held: [] };

test.each<
  readonly [
    string,
    (
      cluster: Cluster,
    ) => ReturnType<
      typeof readTenantRows | typeof readCachedKeys | typeof readTenantObjects | typeof markCached | typeof clearObjects
    >,
    object,
    string,
  ]
>([
  ["rows", (cluster) => readTenantRows(cluster, profile, "t", questions), rows, "/tenants/rows/t"],
  ["keys", (cluster) => readCachedKeys(cluster, profile, "t", []), keys, "/tenants/keys/t"],
  [
    "a mark",
    (cluster) => markCached(cluster, profile, "t", { key: "k", text: "t", value: 1 }),
    { marked: true },
    "/tenants/mark/t",
  ],
  ["objects", (cluster) => readTenantObjects(cluster, profile, "t", []), objects, "/tenants/objects/t"],
  ["a clearing", (cluster) => clearObjects(cluster, profile, "t", []), { removed: [] }, "/tenants/clear/t"],
])("%s: an answer is read, a failure and another shape are reasons", async (_what, reader, good, path) => {
  const { asked, found } = await readFrom(reader, JSON.stringify({ ...about, ...good }));
  expect(asked).toContain(path);
  expect(found).toMatchObject({ ok: true, value: good });
  const failure = { kind: "timeout", detail: "no answer within 4000 ms" };
  expect((await readFrom(reader, JSON.stringify({ ...about, failure }))).found).toMatchObject({
    ok: false,
    why: expect.stringMatching(/could not be read: timeout \(no answer/),
  });
  expect((await readFrom(reader, JSON.stringify(about))).found).toMatchObject({
    ok: false,
    why: expect.stringContaining("another shape"),
  });
  expect((await readFrom(reader, "{}", 403)).found).toMatchObject({ ok: false, why: expect.stringContaining("403") });
});
