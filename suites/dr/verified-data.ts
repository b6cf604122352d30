/** What came back after a cluster or a part of it was destroyed: as its owner has it through the ingress, and in the database and the object store themselves. */
import { healthUser } from "../../fixtures/watch/health-user.ts";
import { keepSession } from "../../fixtures/watch/kept-session.ts";
import { fateOf } from "../../fixtures/watch/read-back.ts";
import type { WatchedService, Written } from "../../fixtures/watch/service.ts";
import { poll } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { findAtStations, type Uploaded } from "../../probes/restore/found-at-stations.ts";
import type { FoundPart, RestoreRun } from "../../probes/restore/restore-run.ts";
import type { TrialContext } from "../trial.ts";

const readMs = 60_000;
const atOnce = 8;

/** What is asked and as whom; `cluster` is the one that stands now. */
export type Verifying = Pick<TrialContext, "profile" | "run" | "cluster" | "signal">;

/** Signs in anew: what kept the sessions was destroyed, too. */
export async function signedIn({ profile, run, signal }: Verifying, user: string): Promise<Reading<WatchedService>> {
  const found = await poll<WatchedService>(
    async () => {
      const session = await keepSession(profile, user, signal);
      return session.ok
        ? { state: "yes", value: healthUser(profile, session.value, run.id, signal) }
        : { state: "not yet", seen: session.why };
    },
    { what: `sign-in of ${user} after the restore`, timeoutMs: readMs, everyMs: 1_000, signal },
  );
  return found.ok ? read(found.value, user, new Date()) : unread(found.why, user, new Date());
}

/** Both ways of looking at everything that was accepted. */
export async function verifyData(
  context: Verifying,
  accepted: readonly Written[],
  { user, tenant }: { readonly user: string; readonly tenant: string },
): Promise<RestoreRun["verifications"]> {
  const owner = await signedIn(context, user);
  const uploads = accepted.flatMap(({ id, checksum, digest }): readonly Uploaded[] =>
    digest === undefined ? [] : [{ id, checksum, digest }],
  );
  const byRoute = owner.ok ? read(await byOwner(context, owner.value, accepted), owner.source, new Date()) : owner;
  const bySql = await findAtStations(context.cluster, context.profile, tenant, uploads);
  return [
    { way: "route", found: byRoute },
    { way: "sql", found: bySql },
  ];
}

/** Whether all of it could be looked at: what is lost or altered was looked at, too. */
export function isVerified(verified: RestoreRun["verifications"]): boolean {
  return verified.every(({ found }) => found.ok && found.value.every(({ state }) => state !== "unread"));
}

async function byOwner(
  { signal }: Verifying,
  owner: WatchedService,
  accepted: readonly Written[],
): Promise<readonly FoundPart[]> {
  return fewAtATime(accepted, atOnce, async (written): Promise<FoundPart> => {
    const { fate, said } = await fateOf(owner, written, { readMs, signal });
    return { id: written.id, part: "row", state: fate === "lost" ? "missing" : fate, said };
  });
}
