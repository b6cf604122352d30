/** storage-below-free-tier: what Oracle says that the tenancy stores, and the nodes that tie it to the cluster. */
import type { OciAccess } from "../../environments/oci.ts";
import { unread, type Verdict } from "../../harness/verdict.ts";
import { readNodeInstances } from "../../probes/kubernetes/node-instances.ts";
import { readStoredObjects } from "../../probes/oci/objects.ts";
import { readPlaces } from "../../probes/oci/places.ts";
import { openSession, type OciSession, type SessionOptions } from "../../probes/oci/session.ts";
import { readTenancyKind } from "../../probes/oci/tenancy-kind.ts";
import { readVolumes } from "../../probes/oci/volumes.ts";
import type { CheckContext } from "../check.ts";
import { storageLimits } from "./resource-limits.ts";
import { judgeStorage, type StorageReadings } from "./storage-free-tier.judge.ts";

type Stored = Omit<StorageReadings, "nodes">;

/**
 * storage-below-free-tier: by the profile's `oci`; a profile without it gives the reason and nothing else.
 * @param origin where Oracle's services are in a test: a check has none to give, nor has a profile
 */
export async function lookAtStorage(
  { profile, cluster, signal }: Pick<CheckContext, "profile" | "cluster" | "signal">,
  origin?: SessionOptions["origin"],
): Promise<Verdict> {
  const { oci, timeouts } = profile;
  const options = { requestMs: timeouts.requestMs, signal, ...(origin === undefined ? {} : { origin }) };
  const [stored, nodes] = await Promise.all([readStored(oci, options), readNodeInstances(cluster)]);
  return judgeStorage({ ...stored, nodes }, storageLimits());
}

async function readStored(access: OciAccess | undefined, options: SessionOptions): Promise<Stored> {
  if (access === undefined) return none("the profile says nothing of Oracle's API (oci): nobody was asked");
  const session = openSession(access, options);
  return session.ok ? readStoredOf(session.value) : none(session.why);
}

/** All that is of Oracle, by a session. */
export async function readStoredOf(session: OciSession): Promise<Stored> {
  const [places, tenancy] = await Promise.all([readPlaces(session), readTenancyKind(session)]);
  if (!places.ok) return { ...none(places.why), tenancy };
  const byTier = tenancy.ok && tenancy.value === "paying";
  const [volumes, objects] = await Promise.all([
    readVolumes(session, places.value),
    readStoredObjects(session, places.value, { byTier }),
  ]);
  return { volumes, objects, tenancy };
}

function none(why: string): Stored {
  const gap = unread<never>(why, "Oracle", new Date());
  return { volumes: gap, objects: gap, tenancy: gap };
}
