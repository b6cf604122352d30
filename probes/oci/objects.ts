/** What the buckets of a tenancy hold, by storage tier. */
import { requests } from "oci-objectstorage";
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import { allPages, asked, readingOf } from "./ask.ts";
import type { Places } from "./places.ts";
import type { OciClients, OciSession } from "./session.ts";

export type StorageTier = "Standard" | "InfrequentAccess" | "Archive";

/** What a bucket holds in one storage tier, older versions and unfinished uploads included. */
export type StoredObjects = { readonly bucket: string; readonly tier: StorageTier; readonly bytes: number };

const askedAtOnce = 4;
/** Each page of objects is a request, and 50,000 a month are free. */
const objectPagesMax = 20;

const { ApproximateSize } = requests.GetBucketRequest.Fields;
const bytes = z.number().nonnegative();
const bucketAnswer = z.object({
  bucket: z.object({ storageTier: z.enum(["Standard", "Archive"]), approximateSize: bytes }),
});
const tierOf = z.enum(["Standard", "InfrequentAccess", "Archive"]);
const objectsAnswer = z.object({
  listObjects: z.object({
    objects: z.array(z.object({ size: bytes, storageTier: tierOf })),
    nextStartWith: z.string().min(1).nullish(),
  }),
});

type Bucket = { readonly region: string; readonly namespace: string; readonly name: string };

/**
 * Of all places. Oracle tells the size of a bucket for all tiers together.
 * @param options.byTier also looks at each object for its tier, which costs a request a thousand objects: what is free by tier has to be known by tier.
 *   Bytes that no living object accounts for (older versions, unfinished uploads) count to the bucket's own tier.
 */
export async function readStoredObjects(
  session: OciSession,
  { regions, compartments }: Places,
  options: { readonly byTier: boolean },
): Promise<Reading<readonly StoredObjects[]>> {
  const source = `Oracle, ${regions.map(({ name }) => name).join(", ")}, ${compartments.length} compartments`;
  return readingOf(source, async () => {
    const found = await fewAtATime(
      regions.flatMap(({ name }) => compartments.map((compartment) => ({ region: name, compartment }))),
      askedAtOnce,
      async ({ region, compartment }) => bucketsIn(session, region, compartment),
    );
    const held = await fewAtATime(found.flat(), askedAtOnce, async (bucket) => heldBy(session, bucket, options));
    return held.flat();
  });
}

async function bucketsIn(
  session: OciSession,
  region: string,
  { id, name }: Places["compartments"][number],
): Promise<Bucket[]> {
  const { objects } = session.clients(region);
  const { value: namespace } = await asked(
    `the namespace of objects in ${region}`,
    z.object({ value: z.string().min(1) }),
    () => objects.getNamespace({ compartmentId: session.tenancy }),
  );
  const buckets = await allPages(
    `buckets of compartment '${name}' in ${region}`,
    z.object({ name: z.string().min(1) }),
    (token) => objects.listBuckets({ namespaceName: namespace, compartmentId: id, limit: 100, ...token }),
  );
  return buckets.map((bucket) => ({ region, namespace, name: bucket.name }));
}

async function heldBy(
  session: OciSession,
  bucket: Bucket,
  { byTier }: { readonly byTier: boolean },
): Promise<StoredObjects[]> {
  const { region, namespace, name } = bucket;
  const { objects } = session.clients(region);
  const told = await asked(`bucket ${name} in ${region}`, bucketAnswer, () =>
    objects.getBucket({ namespaceName: namespace, bucketName: name, fields: [ApproximateSize] }),
  );
  const { storageTier, approximateSize } = told.bucket;
  // All that an archive's bucket holds is archived.
  if (!byTier || storageTier === "Archive") return [{ bucket: name, tier: storageTier, bytes: approximateSize }];
  const living = await livingByTier(objects, bucket);
  const accounted = [...living.values()].reduce((sum, one) => sum + one, 0);
  const rest = Math.max(0, approximateSize - accounted);
  living.set(storageTier, (living.get(storageTier) ?? 0) + rest);
  return [...living].map(([tier, size]) => ({ bucket: name, tier, bytes: size }));
}

async function livingByTier(objects: OciClients["objects"], bucket: Bucket): Promise<Map<StorageTier, number>> {
  const { region, namespace, name } = bucket;
  const held = new Map<StorageTier, number>();
  let start: string | undefined;
  for (let pages = 0; pages < objectPagesMax; pages += 1) {
    const from = start === undefined ? {} : { start: encodeURIComponent(start) };
    const { listObjects } = await asked(`objects of bucket ${name} in ${region}`, objectsAnswer, () =>
      objects.listObjects({
        namespaceName: namespace,
        bucketName: name,
        fields: "size,storageTier",
        limit: 1_000,
        ...from,
      }),
    );
    for (const { size, storageTier } of listObjects.objects) held.set(storageTier, (held.get(storageTier) ?? 0) + size);
    const next = listObjects.nextStartWith ?? undefined;
    if (next === undefined) return held;
    if (next === start) throw new Error(`objects of bucket ${name}: Oracle gives the same page again and again`);
    start = next;
  }
  const most = objectPagesMax * 1_000;
  throw new Error(
    `bucket ${name} in ${region} holds more than ${most} objects: in which tier each is kept was not read`,
  );
}
