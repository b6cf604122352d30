/** storage-below-free-tier: what Oracle says that the tenancy stores. */
import type { OciAccess } from "../../environments/oci.ts";
import { unread } from "../../harness/verdict.ts";
import { readStoredObjects } from "../../probes/oci/objects.ts";
import { readPlaces } from "../../probes/oci/places.ts";
import { openSession, type OciSession } from "../../probes/oci/session.ts";
import { readTenancyKind } from "../../probes/oci/tenancy-kind.ts";
import { readVolumes } from "../../probes/oci/volumes.ts";
import type { StorageReadings } from "./storage-free-tier.judge.ts";

/** By the profile's `oci`; a profile without it gives the reason and nothing else. */
export async function readStored(
  access: OciAccess | undefined,
  options: { readonly requestMs: number; readonly signal: AbortSignal },
): Promise<StorageReadings> {
  if (access === undefined) return none("the profile says nothing of Oracle's API (oci): nobody was asked");
  const session = openSession(access, options);
  return session.ok ? readStoredOf(session.value) : none(session.why);
}

/** All of it, by a session. */
export async function readStoredOf(session: OciSession): Promise<StorageReadings> {
  const [places, tenancy] = await Promise.all([readPlaces(session), readTenancyKind(session)]);
  if (!places.ok) return { ...none(places.why), tenancy };
  const byTier = tenancy.ok && tenancy.value === "paying";
  const [volumes, objects] = await Promise.all([
    readVolumes(session, places.value),
    readStoredObjects(session, places.value, { byTier }),
  ]);
  return { volumes, objects, tenancy };
}

function none(why: string): StorageReadings {
  const gap = unread<never>(why, "Oracle", new Date());
  return { volumes: gap, objects: gap, tenancy: gap };
}
