/** Buckets, and whether anything in them comes to an end. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { nestedBlocks } from "./configuration.ts";
import { counted, type PlanContext } from "./plan-context.ts";
import { attribute, type Instance } from "./resources.ts";
import { stepInto } from "./value.ts";

export type Bucket = {
  readonly address: string;
  /** As Oracle calls it; NoPublicAccess where nothing is written, which is Oracle's default. */
  readonly accessType: string;
  readonly storageTier: string;
  readonly versioning: string;
  /** Whether a lifecycle policy names it. */
  readonly hasLifecycle: boolean;
  /** Whether a destroy stops at it. */
  readonly outlivesDestroy: boolean;
};

/** Buckets with their lifecycle policies. A policy of which the bucket cannot be told leaves the reading without a value. */
export async function readBuckets(context: PlanContext): Promise<Reading<readonly Bucket[]>> {
  const { source, now } = context;
  const kinds = ["oci_objectstorage_bucket", "oci_objectstorage_object_lifecycle_policy"];
  const found = counted(context, kinds, (instances) => instances);
  if (!found.ok) return found;
  const policies = found.value.filter(({ type }) => type === kinds[1]);
  const named: string[] = [];
  for (const policy of policies) {
    const bucket = await namedBy(policy);
    if (bucket === undefined)
      return unread(`${policy.address}.bucket: which bucket it is cannot be told from the text`, source, now);
    named.push(bucket);
  }
  const buckets: Bucket[] = [];
  for (const instance of found.value.filter(({ type }) => type === kinds[0])) {
    const texts = await textsOf(instance);
    if (typeof texts === "string") return unread(texts, source, now);
    const [lifecycle] = nestedBlocks(instance.body, "lifecycle");
    buckets.push({
      address: instance.address,
      ...texts,
      hasLifecycle: named.includes(localAddress(instance)),
      outlivesDestroy: lifecycle?.["prevent_destroy"] === true,
    });
  }
  return read(buckets, source, now);
}

async function textsOf(
  instance: Instance,
): Promise<Pick<Bucket, "accessType" | "storageTier" | "versioning"> | string> {
  const [accessType, storageTier, versioning] = [
    (await attribute(instance, "access_type")) ?? "NoPublicAccess",
    (await attribute(instance, "storage_tier")) ?? "Standard",
    (await attribute(instance, "versioning")) ?? "Disabled",
  ];
  if (typeof accessType !== "string") return `${instance.address}.access_type is not known`;
  if (typeof storageTier !== "string") return `${instance.address}.storage_tier is not known`;
  if (typeof versioning !== "string") return `${instance.address}.versioning is not known`;
  return { accessType, storageTier, versioning };
}

/** A policy refers to its bucket by address; `each.key` in it stands for the policy's own key. */
async function namedBy(policy: Instance): Promise<string | undefined> {
  const written = policy.body["bucket"];
  if (typeof written !== "string") return undefined;
  const reference = /^\$\{(oci_objectstorage_bucket\..+)\.name\}$/.exec(written)?.[1];
  if (reference === undefined || !reference.includes("each.key")) return reference;
  const { value, used } = await policy.scope.resolve(["each", "key"]);
  const key = used === 1 ? stepInto(value, "key") : value;
  return typeof key === "string" ? reference.replace("each.key", JSON.stringify(key)) : undefined;
}

function localAddress(instance: Instance): string {
  return instance.address.replace(/^(?:module\.[\w-]+\.)*/, "");
}
