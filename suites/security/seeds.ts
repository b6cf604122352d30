/** Objects of every user, so that whoever is shown too much is shown them. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Identity } from "../../probes/tenants/people.ts";
import type { Kept } from "./tenant-matrix.ts";

/** `word` stands in this object alone. */
export type Seed = { readonly owner: Identity; readonly id: string; readonly word: string };

/** Makes as many for each user as the role says. `ok: false` where one of them could not be made. */
export async function seedEach(
  people: readonly Identity[],
  counts: Readonly<Record<"admin" | "member", number>>,
  make: (who: Identity) => Promise<Reading<Kept>>,
): Promise<Reading<readonly Seed[]>> {
  const wanted = people.flatMap((owner) =>
    Array.from({ length: owner.role === "nobody" ? 0 : counts[owner.role] }, () => owner),
  );
  const made = await Promise.all(wanted.map(async (owner) => ({ owner, kept: await make(owner) })));
  const failed = made.find(({ kept }) => !kept.ok);
  if (failed !== undefined && !failed.kept.ok) {
    return unread(
      `${failed.owner.name}'s object could not be made: ${failed.kept.why}`,
      failed.kept.source,
      new Date(),
    );
  }
  const seeds = made.flatMap(({ owner, kept }) =>
    kept.ok ? [{ owner, id: kept.value.id, word: kept.value.canaries.at(-1) ?? "" }] : [],
  );
  return read(seeds, `${seeds.length} objects of ${people.length} users`, new Date());
}
