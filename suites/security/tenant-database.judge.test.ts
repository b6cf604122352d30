import { expect, test } from "vitest";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { TenantRows } from "../../probes/service-prober/tenants.ts";
import { judgeTenantDatabase, type OwnRow } from "./tenant-database.judge.ts";

const now = new Date("2026-11-22T09:00:00Z");
const [ofA, ofB] = ["0191d3c4-5a6b-7c8d-9e0f-00000000000a", "0191d3c4-5a6b-7c8d-9e0f-00000000000b"];
const own: Reading<readonly OwnRow[]> = read(
  [
    { tenant: "clinic-a", id: ofA },
    { tenant: "clinic-b", id: ofB },
  ],
  "uploads",
  now,
);
const records = { name: "health.records", hasTenant: true, enabled: true, forced: true, policies: 1 };
const view = (as: string, tenant: string | null, counts: Readonly<Record<string, number>>, ids: readonly string[]) => ({
  as,
  tenant,
  seen: [
    {
      table: "health.records",
      rows: Object.entries(counts).map(([of, count]) => ({ tenant: of, count })),
      ids: [...ids],
    },
  ],
});
const asA = view("tenant clinic-a", "clinic-a", { "clinic-a": 3 }, [ofA]);
const asB = view("tenant clinic-b", "clinic-b", { "clinic-b": 1 }, [ofB]);
const nobody = view("nobody on a new connection", null, {}, []);
const good: TenantRows = {
  role: { name: "health_app", superuser: false, passesRowSecurity: false, owns: [], through: [] },
  tables: [records, { name: "health.migrations", hasTenant: false, enabled: false, forced: false, policies: 0 }],
  views: [nobody, asA, asB],
  deleted: [
    { tenant: "clinic-a", table: "health.records", ids: [ofA] },
    { tenant: "clinic-b", table: "health.records", ids: [ofB] },
  ],
};
const limits = { withRows: ["health-records"], exempt: [{ table: "health.exempt", why: "asked before sign-in" }] };
const judge = (rows: Partial<TenantRows>, of = own) =>
  judgeTenantDatabase(
    { own: of, databases: [{ target: "health-records", rows: read({ ...good, ...rows }, "p", now) }] },
    limits,
  );

test("a database that keeps tenants apart passes, and says what it was held to", () => {
  const verdict = judge({});
  expect(verdict).toMatchObject({ outcome: "pass" });
  expect(verdict.evidence.map(({ what, value }) => [what, value])).toEqual([
    ["strengths of health_app (health-records)", "none"],
    ["tables with tenants' data not bound by row-level security (health-records)", 0],
    ["views with rows of another tenant, or of any without one (health-records)", 0],
  ]);
});

test("a table that is excepted by name is told, with the reason", () => {
  const exempt = { ...records, name: "health.exempt", enabled: false, forced: false, policies: 0 };
  const verdict = judge({ tables: [records, exempt] });
  expect(verdict.outcome).toBe("pass");
  expect(verdict.evidence).toContainEqual(expect.objectContaining({ value: "asked before sign-in" }));
});

test.each<readonly [string, Partial<TenantRows>, RegExp]>([
  ["a superuser", { role: { ...good.role, superuser: true } }, /health_app is a superuser/],
  ["BYPASSRLS", { role: { ...good.role, passesRowSecurity: true } }, /health_app passes row-level security by/],
  ["an owner", { role: { ...good.role, owns: ["health.records"] } }, /health_app owns health\.records/],
  [
    "a member of the owner",
    { role: { ...good.role, through: ["health_owner (owns tables)"] } },
    /is a member of health_owner/,
  ],
  ["not enabled", { tables: [{ ...records, enabled: false }] }, /of health\.records is not enabled/],
  ["not forced", { tables: [{ ...records, forced: false }] }, /of health\.records is not forced/],
  ["no policy", { tables: [{ ...records, policies: 0 }] }, /health\.records has no policy/],
  [
    "one row of another tenant",
    { views: [nobody, view("tenant clinic-a", "clinic-a", { "clinic-a": 3, "clinic-b": 1 }, [ofA]), asB] },
    /tenant clinic-a is shown 1 rows of health\.records of clinic-b/,
  ],
  [
    "one row without a tenant",
    { views: [view("nobody on a new connection", null, { "clinic-a": 1 }, []), asA, asB] },
    /nobody on a new connection is shown 1 rows of health\.records of clinic-a/,
  ],
  [
    "a row that another tenant may delete",
    { deleted: [{ tenant: "clinic-a", table: "health.records", ids: [ofA, ofB] }, ...good.deleted.slice(1)] },
    /lets more than one tenant delete/,
  ],
])("%s fails", (_what, rows, why) => {
  expect(judge(rows)).toMatchObject({ outcome: "fail", because: expect.stringMatching(why) });
});

test.each<readonly [string, Partial<TenantRows>, RegExp]>([
  [
    "a tenant that does not see its own row",
    { views: [nobody, view("tenant clinic-a", "clinic-a", {}, []), asB] },
    /clinic-a does not see its own row/,
  ],
  ["no view as nobody", { views: [asA, asB] }, /nobody's view was not taken/],
])("%s is unproven", (_what, rows, why) => {
  expect(judge(rows)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(why) });
});

test("without rows of its own, and without an answer, nothing is proven; a leak that was seen is a leak all the same", () => {
  const none = unread<readonly OwnRow[]>("nobody could sign in", "sign-in", now);
  expect(judge({}, none)).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/nobody could sign in/),
  });
  expect(judge({ tables: [{ ...records, forced: false }] }, none).outcome).toBe("fail");
  const silent = { target: "health-records", rows: unread<TenantRows>("403", "p", now) };
  expect(judgeTenantDatabase({ own, databases: [silent] }, limits).outcome).toBe("unproven");
  expect(judgeTenantDatabase({ own, databases: [] }, limits).outcome).toBe("unproven");
});
