/** tenant-isolation-database: records of two tenants, looked for as the application's own role, as each tenant and as nobody. */
import { unread, type Reading } from "../../harness/verdict.ts";
import { readTenantRows, type HeldIn, type TenantRows } from "../../probes/service-prober/tenants.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeTenantDatabase, type OwnRow } from "./tenant-database.judge.ts";
import { withSeeded, type Seeded } from "./two-tenants.ts";

/** The prober's names of the databases, and where records stand in the first. */
const records = "health-records";
const users = "webauthn-users";
const held: readonly HeldIn[] = [
  { schema: "health", table: "records", column: "id" },
  { schema: "health", table: "narratives", column: "record" },
];

check("tenant-isolation-database", async (context) =>
  withSeeded(context, async (seeded) => {
    const own = seeded.ok ? seeded.value : [];
    const [rows, accounts] = await Promise.all([look(context, records, own), look(context, users, [])]);
    const rowsOfOwn: Reading<readonly OwnRow[]> = seeded.ok
      ? { ...seeded, value: own.map(({ session, record }) => ({ tenant: session.tenant, id: record.id })) }
      : unread(seeded.why, seeded.source, new Date());
    return judgeTenantDatabase(
      { own: rowsOfOwn, databases: [rows, accounts] },
      { withRows: [records], exempt: context.profile.rowSecurityExempt },
    );
  }),
);

/** Without records of our own the tables and the role are looked at all the same, and what tenants see of each other. */
async function look(
  { cluster, profile }: CheckContext,
  target: string,
  seeded: readonly Seeded[],
): Promise<{ readonly target: string; readonly rows: Reading<TenantRows> }> {
  const question = {
    tenants: profile.tenants.map(({ name }) => name),
    ids: seeded.map(({ record }) => record.id),
    held: target === records ? held : [],
  };
  return { target, rows: await readTenantRows(cluster, profile, target, question) };
}
