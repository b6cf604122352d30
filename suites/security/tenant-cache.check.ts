/** tenant-isolation-cache: records of two tenants, read until they are cached, and asked for by the other tenant while they are. */
import { randomInt } from "node:crypto";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { markCached, readCachedKeys } from "../../probes/service-prober/tenants.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeTenantCache, type Cached } from "./tenant-cache.judge.ts";
import { withSeeded, type Seeded } from "./two-tenants.ts";

const cache = "redis-health";

check("tenant-isolation-cache", async (context) =>
  withSeeded(context, async (seeded) => {
    const { cluster, profile } = context;
    const own = seeded.ok ? seeded.value : [];
    // The first answer comes from the database, and is kept.
    for (const { client, record } of own) await client.find(record.id);
    const canaries = own.map(({ canary }) => canary);
    const keys = await readCachedKeys(cluster, profile, cache, canaries);
    if (!seeded.ok) return judgeTenantCache({ cache, cached: unread(seeded.why, seeded.source, new Date()), keys });
    const found = keys.ok ? keys.value.holding : [];
    const keyOf = ({ canary }: Seeded): string | undefined => found.find(({ text }) => text === canary)?.key;
    const [one, other] = seeded.value;
    const cached = [
      await askedByOther(context, { owner: one, other, key: keyOf(one) }),
      await askedByOther(context, { owner: other, other: one, key: keyOf(other) }),
    ];
    return judgeTenantCache({ cache, cached: read(cached, seeded.source, new Date()), keys });
  }),
);

/** The cached answer is marked; then the other tenant asks, then the owner: only the cache can give the mark. */
async function askedByOther(
  { cluster, profile }: CheckContext,
  { owner, other, key }: { readonly owner: Seeded; readonly other: Seeded; readonly key: string | undefined },
): Promise<Cached> {
  const { canary, record, session, client } = owner;
  const value = randomInt(1_000_000, 9_000_000);
  const marked: Reading<{ readonly marked: boolean }> =
    key === undefined
      ? unread(`no key holds the record of ${session.user}`, cache, new Date())
      : await markCached(cluster, profile, cache, { key, text: canary, value });
  const asked = await other.client.find(record.id);
  const back = await client.find(record.id);
  return {
    tenant: session.tenant,
    canary,
    marked: marked.ok ? { ...marked, value: marked.value.marked } : marked,
    foreign: asked.ok
      ? read(givenIn(asked.value, other, [canary, String(value)]), asked.source, new Date(asked.at))
      : asked,
    fromCache: back.ok
      ? read(back.value.kind === "done" && back.value.value.value === value, back.source, new Date(back.at))
      : back,
  };
}

type Outcome = Extract<Awaited<ReturnType<Seeded["client"]["find"]>>, { ok: true }>["value"];

function givenIn(outcome: Outcome, other: Seeded, texts: readonly string[]) {
  const by = other.session.user;
  if (outcome.kind === "refused") {
    return { by, status: outcome.status, held: texts.some((text) => outcome.said.includes(text)) };
  }
  if (outcome.kind === "done")
    return { by, status: 200, held: texts.some((text) => JSON.stringify(outcome.value).includes(text)) };
  return { by, status: outcome.kind === "malformed" ? 200 : 0, held: false };
}
