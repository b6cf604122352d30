/** Where a tenancy can keep anything: all its compartments, and all regions that it is subscribed to. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import { allPages, asked, readingOf } from "./ask.ts";
import type { OciSession } from "./session.ts";

export type Places = {
  /** The tenancy itself first, which is a compartment too. */
  readonly compartments: readonly { readonly id: string; readonly name: string }[];
  readonly regions: readonly { readonly name: string; readonly availabilityDomains: readonly string[] }[];
};

const compartmentsMax = 200;
const regionsMax = 20;

const compartment = z.object({ id: z.string().min(1), name: z.string().min(1), lifecycleState: z.string().min(1) });
const subscription = z.object({ regionName: z.string().min(1), status: z.string().min(1) });
const domain = z.object({ name: z.string().min(1) });

/**
 * Compartments that the harness may not look into are listed too: what they hold is then refused, and not overlooked.
 * Nothing is kept in a compartment that is deleted.
 */
export async function readPlaces(session: OciSession): Promise<Reading<Places>> {
  const { tenancy, homeRegion } = session;
  return readingOf(`Oracle, tenancy ${tenancy}`, async () => {
    const { identity } = session.clients(homeRegion);
    const below = await allPages("the tenancy's compartments", compartment, (token) =>
      identity.listCompartments({ compartmentId: tenancy, compartmentIdInSubtree: true, limit: 100, ...token }),
    );
    const standing = below.filter(({ lifecycleState }) => lifecycleState !== "DELETED");
    const { items: regions } = await asked(
      "the regions that the tenancy is subscribed to",
      z.object({ items: z.array(subscription).min(1) }),
      () => identity.listRegionSubscriptions({ tenancyId: tenancy }),
    );
    assertWithin(standing.length, compartmentsMax, "compartments");
    assertWithin(regions.length, regionsMax, "regions");
    const away = regions.find(({ status }) => status !== "READY");
    if (away !== undefined)
      throw new Error(`region ${away.regionName} is ${away.status}: what it holds cannot be asked for`);
    if (!regions.some(({ regionName }) => regionName === homeRegion))
      throw new Error(`the tenancy is not subscribed to ${homeRegion}, which the profile calls its home region`);
    return {
      compartments: [{ id: tenancy, name: "the tenancy itself" }, ...standing.map(({ id, name }) => ({ id, name }))],
      regions: await Promise.all(regions.map(async ({ regionName }) => domainsOf(session, regionName))),
    };
  });
}

async function domainsOf(session: OciSession, name: string): Promise<Places["regions"][number]> {
  const { items } = await asked(`availability domains of ${name}`, z.object({ items: z.array(domain).min(1) }), () =>
    session.clients(name).identity.listAvailabilityDomains({ compartmentId: session.tenancy }),
  );
  return { name, availabilityDomains: items.map((one) => one.name) };
}

function assertWithin(count: number, max: number, what: string): void {
  if (count > max) throw new Error(`the tenancy has ${count} ${what}, and at most ${max} are looked into`);
}
