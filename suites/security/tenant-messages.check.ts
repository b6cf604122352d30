/** tenant-isolation-messages: the queue of uploads and the topics of the todo platform, with messages in another tenant's name between right ones. */
import { unread } from "../../harness/verdict.ts";
import { clearObjects } from "../../probes/service-prober/tenants.ts";
import { check } from "../check.ts";
import { throughBroker } from "./tenant-events.ts";
import { judgeTenantMessages, type Channel } from "./tenant-messages.judge.ts";
import { throughQueue } from "./tenant-uploads.ts";
import { ownedObjects, withSeeded } from "./two-tenants.ts";

const store = "minio";

check("tenant-isolation-messages", async (context) =>
  withSeeded(context, async (seeded) => {
    if (!seeded.ok) return judgeTenantMessages([nothingOf("uploads", seeded.why)], 2);
    try {
      const channels = await Promise.all([throughQueue(context, seeded.value), throughBroker(context, seeded.value)]);
      return judgeTenantMessages(channels, channels.length);
    } finally {
      // What a message in another tenant's name left in whosever folder.
      await clearObjects(context.cluster, context.profile, store, ownedObjects(seeded.value));
    }
  }),
);

function nothingOf(name: string, why: string): Channel {
  const none = unread<never>(why, name, new Date());
  return { name, owner: { tenant: "" }, places: [], messages: none, forged: none, moved: none, controls: [] };
}
