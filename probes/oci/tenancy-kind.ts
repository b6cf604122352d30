/** Whether a tenancy can be billed: the free tier of objects is another then. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import { allPages, readingOf } from "./ask.ts";
import type { OciSession } from "./session.ts";

const subscription = z.object({ planType: z.enum(["FREE_TIER", "PAYG"]) });

/** By its subscription, as Oracle's billing knows it. One that is being changed from free to paying is told as it is now. */
export async function readTenancyKind(session: OciSession): Promise<Reading<"free" | "paying">> {
  const { tenancy, homeRegion } = session;
  return readingOf(`Oracle's billing, tenancy ${tenancy}`, async () => {
    const what = "the tenancy's subscription";
    const { subscriptions } = session.clients(homeRegion);
    const found = await allPages(what, subscription, async (token) => {
      const { subscriptionCollection, opcNextPage } = await subscriptions.listSubscriptions({
        ospHomeRegion: homeRegion,
        compartmentId: tenancy,
        limit: 100,
        ...token,
      });
      return { items: subscriptionCollection.items, opcNextPage };
    });
    const plans = new Set(found.map(({ planType }) => planType));
    if (plans.size === 0) throw new Error(`${what}: Oracle knows of none`);
    return plans.has("PAYG") ? "paying" : "free";
  });
}
