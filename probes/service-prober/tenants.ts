/** How tenants' data lie apart in the data services, asked of the prober that stands beside them. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";

const failure = z.object({ kind: z.string(), detail: z.string() });
const failed = z.object({ failure });
const text = z.string().max(1_000);
const list = <T extends z.ZodType>(item: T) => z.array(item).max(20_000);

const rows = z.object({
  role: z.object({
    name: text,
    superuser: z.boolean(),
    passesRowSecurity: z.boolean(),
    /** Its own tables, and the stronger roles that it is a member of, each with its strength. */
    owns: list(text),
    through: list(text),
  }),
  tables: list(
    z.object({
      name: text,
      hasTenant: z.boolean(),
      enabled: z.boolean(),
      forced: z.boolean(),
      policies: z.int().min(0),
    }),
  ),
  views: list(
    z.object({
      as: text,
      /** null: nobody's. */
      tenant: text.nullable(),
      seen: list(
        z.object({
          table: text,
          rows: list(z.object({ tenant: text, count: z.int().min(0) })),
          /** Those of the ids that were asked for. */
          ids: list(text),
        }),
      ),
    }),
  ),
  deleted: list(z.object({ tenant: text, table: text, ids: list(text) })),
});

const keys = z.object({
  keys: z.int().min(0),
  shapes: list(z.object({ shape: text, count: z.int().min(1) })),
  holding: list(z.object({ key: text, text, ttlSeconds: z.number() })),
});

const objects = z.object({
  keys: list(text),
  objects: z.int().min(0),
  folders: list(text),
  strangers: list(z.object({ folder: text, key: text })),
  owned: list(z.object({ key: text, held: z.boolean(), tenant: text })),
  tries: list(
    z.union([
      z.object({ as: text, of: text, status: z.int(), texts: list(text) }),
      z.object({ as: text, of: text, failure }),
    ]),
  ),
});

export type TenantRows = Readonly<z.output<typeof rows>>;
export type CachedKeys = Readonly<z.output<typeof keys>>;
export type TenantObjects = Readonly<z.output<typeof objects>>;

/** A table whose rows are looked for, by the column that holds their ids. */
export type HeldIn = { readonly schema: string; readonly table: string; readonly column: string };

/** An object of a tenant, by its record's id, with the canary that it holds. */
export type OwnedObject = { readonly tenant: string; readonly id: string; readonly key: string; readonly text: string };

type Asked = Pick<Profile, "serviceProber">;

/** The prober tries a service for as long as this before it says that it got nothing. */
const answerMs = 30_000;

/** What the application's own role sees in a database: as each tenant, and as nobody. */
export async function readTenantRows(
  cluster: Cluster,
  profile: Asked,
  target: string,
  question: { readonly tenants: readonly string[]; readonly ids: readonly string[]; readonly held: readonly HeldIn[] },
): Promise<Reading<TenantRows>> {
  return tell(cluster, profile, { path: `rows/${target}`, body: question }, rows);
}

/** The keys of a cache by their shape, and those that hold one of the canaries. */
export async function readCachedKeys(
  cluster: Cluster,
  profile: Asked,
  target: string,
  texts: readonly string[],
): Promise<Reading<CachedKeys>> {
  return tell(cluster, profile, { path: `keys/${target}`, body: { texts } }, keys);
}

/** Changes `value` in a cached answer that holds a canary: whoever is given it was answered from the cache. */
export async function markCached(
  cluster: Cluster,
  profile: Asked,
  target: string,
  wanted: { readonly key: string; readonly text: string; readonly value: number },
): Promise<Reading<{ readonly marked: boolean }>> {
  return tell(cluster, profile, { path: `mark/${target}`, body: wanted }, z.object({ marked: z.boolean() }));
}

/** Where objects lie, and what a link that was signed for one of them opens besides. */
export async function readTenantObjects(
  cluster: Cluster,
  profile: Asked,
  target: string,
  owned: readonly OwnedObject[],
): Promise<Reading<TenantObjects>> {
  return tell(cluster, profile, { path: `objects/${target}`, body: { owned } }, objects);
}

/** Removes what lies of these records in anybody's folder: what a leak left behind. */
export async function clearObjects(
  cluster: Cluster,
  profile: Asked,
  target: string,
  owned: readonly OwnedObject[],
): Promise<Reading<{ readonly removed: readonly string[] }>> {
  return tell(cluster, profile, { path: `clear/${target}`, body: { owned } }, z.object({ removed: list(text) }));
}

async function tell<S extends z.ZodType>(
  cluster: Cluster,
  { serviceProber: { namespace, pod, port } }: Asked,
  { path, body }: { readonly path: string; readonly body: unknown },
  schema: S,
): Promise<Reading<z.output<S>>> {
  const proxy = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
  const answer = z.union([
    failed.transform((told) => ({ told: told.failure })),
    schema.transform((value) => ({ value })),
  ]);
  const found = await cluster.postJson(`${proxy}/tenants/${path}`, body, answer, { requestMs: answerMs });
  if (!found.ok) return found;
  const { source } = found;
  const at = new Date(found.at);
  if ("value" in found.value) return read(found.value.value, source, at);
  const { kind, detail } = found.value.told;
  return unread(`${path} could not be read: ${kind} (${detail})`, source, at);
}
