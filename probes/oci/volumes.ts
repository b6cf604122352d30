/** Block and boot volumes of a tenancy, and what they are attached to. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import { allPages, readingOf } from "./ask.ts";
import type { Places } from "./places.ts";
import type { OciSession } from "./session.ts";

/** A boot or block volume. `attachedTo` is the instance that it is attached to; without one it is an orphan, which takes as much. */
export type StoredVolume = {
  readonly id: string;
  readonly name: string;
  readonly kind: "boot" | "block";
  /** Lifecycle state in Oracle's words. */
  readonly state: string;
  readonly sizeGb: number;
  readonly attachedTo?: string;
};

const askedAtOnce = 4;
const limit = 100;

const stored = z.object({
  id: z.string().min(1),
  displayName: z.string().min(1).nullish(),
  lifecycleState: z.string().min(1),
  sizeInGBs: z.number().positive(),
});
const lifecycle = { instanceId: z.string().min(1), lifecycleState: z.string().min(1) };
const blockAttachment = z.object({ volumeId: z.string().min(1), ...lifecycle });
const bootAttachment = z.object({ bootVolumeId: z.string().min(1), ...lifecycle });

type Region = Places["regions"][number];
type Compartment = Places["compartments"][number];
type Attached = { readonly volume: string; readonly instance: string };

/** Of all places, in every state: which of them take space is the judge's to say. An attachment may stand in another compartment than its volume. */
export async function readVolumes(
  session: OciSession,
  { regions, compartments }: Places,
): Promise<Reading<readonly StoredVolume[]>> {
  const source = `Oracle, ${regions.map(({ name }) => name).join(", ")}, ${compartments.length} compartments`;
  return readingOf(source, async () => {
    const places = regions.flatMap((region) => compartments.map((compartment) => ({ region, compartment })));
    const found = await fewAtATime(places, askedAtOnce, async (place) => ({
      volumes: await volumesIn(session, place),
      attached: await attachedIn(session, place),
    }));
    const instances = new Map(
      found.flatMap(({ attached }) => attached.map(({ volume, instance }) => [volume, instance])),
    );
    return found
      .flatMap(({ volumes }) => volumes)
      .map((volume) => {
        const attachedTo = instances.get(volume.id);
        return attachedTo === undefined ? volume : { ...volume, attachedTo };
      });
  });
}

type Place = { readonly region: Region; readonly compartment: Compartment };

/** Boot volumes are asked for by availability domain: not every region lists them without. */
async function volumesIn(session: OciSession, { region, compartment }: Place): Promise<StoredVolume[]> {
  const { volumes } = session.clients(region.name);
  const compartmentId = compartment.id;
  const block = await allPages(`block volumes of ${wordsOf(compartment, region)}`, stored, (token) =>
    volumes.listVolumes({ compartmentId, limit, ...token }),
  );
  const boot = [];
  for (const availabilityDomain of region.availabilityDomains) {
    const what = `boot volumes of ${wordsOf(compartment, region)}, ${availabilityDomain}`;
    boot.push(
      ...(await allPages(what, stored, (token) =>
        volumes.listBootVolumes({ compartmentId, availabilityDomain, limit, ...token }),
      )),
    );
  }
  return [...block.map((one) => volumeOf("block", one)), ...boot.map((one) => volumeOf("boot", one))];
}

/** Those that were detached stay in Oracle's list for a time. */
async function attachedIn(session: OciSession, { region, compartment }: Place): Promise<Attached[]> {
  const { compute } = session.clients(region.name);
  const compartmentId = compartment.id;
  const block = await allPages(`volume attachments of ${wordsOf(compartment, region)}`, blockAttachment, (token) =>
    compute.listVolumeAttachments({ compartmentId, limit, ...token }),
  );
  const boot = [];
  for (const availabilityDomain of region.availabilityDomains) {
    const what = `boot volume attachments of ${wordsOf(compartment, region)}, ${availabilityDomain}`;
    boot.push(
      ...(await allPages(what, bootAttachment, (token) =>
        compute.listBootVolumeAttachments({ compartmentId, availabilityDomain, limit, ...token }),
      )),
    );
  }
  return [
    ...block.map(({ volumeId, ...one }) => ({ ...one, volume: volumeId })),
    ...boot.map(({ bootVolumeId, ...one }) => ({ ...one, volume: bootVolumeId })),
  ]
    .filter(({ lifecycleState }) => lifecycleState !== "DETACHED")
    .map(({ volume, instanceId }) => ({ volume, instance: instanceId }));
}

function volumeOf(kind: StoredVolume["kind"], one: z.output<typeof stored>): StoredVolume {
  const { id, displayName, lifecycleState, sizeInGBs } = one;
  return { id, name: displayName ?? id, kind, state: lifecycleState, sizeGb: sizeInGBs };
}

function wordsOf({ name }: Compartment, region: Region): string {
  return `compartment '${name}' in ${region.name}`;
}
