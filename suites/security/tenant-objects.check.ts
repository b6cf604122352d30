/** tenant-isolation-objects: records of two tenants, looked for in the data lake by key, by listing and by a link signed for the other. */
import { unread, type Reading } from "../../harness/verdict.ts";
import { readTenantObjects, type OwnedObject } from "../../probes/service-prober/tenants.ts";
import { check } from "../check.ts";
import { judgeTenantObjects } from "./tenant-objects.judge.ts";
import { ownedObjects, withSeeded } from "./two-tenants.ts";

const store = "minio";

check("tenant-isolation-objects", async (context) =>
  withSeeded(context, async (seeded) => {
    const owned: Reading<readonly OwnedObject[]> = seeded.ok
      ? { ...seeded, value: ownedObjects(seeded.value) }
      : unread(seeded.why, seeded.source, new Date());
    const objects = await readTenantObjects(context.cluster, context.profile, store, owned.ok ? owned.value : []);
    return judgeTenantObjects({ owned, objects });
  }),
);
