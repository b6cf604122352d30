/** storage-below-free-tier: what volumes and objects take of what Oracle gives for nothing. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { NodeInstance } from "../../probes/kubernetes/node-instances.ts";
import type { StorageTier, StoredObjects } from "../../probes/oci/objects.ts";
import type { StoredVolume } from "../../probes/oci/volumes.ts";

const storageTiers: readonly StorageTier[] = ["Standard", "InfrequentAccess", "Archive"];

export type StorageReadings = {
  /** Of all compartments and regions: a list of some of them is no reading. */
  readonly volumes: Reading<readonly StoredVolume[]>;
  readonly objects: Reading<readonly StoredObjects[]>;
  /** What the tenancy is to Oracle: one that cannot be billed, or one that pays for what is beyond the free tier. */
  readonly tenancy: Reading<"free" | "paying">;
  /** The cluster's nodes: each has its boot volume in the tenancy, or what was listed is not what this cluster stands on. */
  readonly nodes: Reading<readonly NodeInstance[]>;
};

export type StorageLimits = {
  readonly usedPercentBelow: number;
  /** Boot and block volumes together. */
  readonly volumesGb: number;
  /** All tiers together, of a tenancy that cannot be billed. */
  readonly objectsGb: number;
  /** Each tier by itself, of one that pays. */
  readonly objectsGbOfTier: number;
};

/** Volumes that take space; those that are going or gone do not. */
const taking = ["AVAILABLE", "PROVISIONING", "RESTORING", "FAULTY"];
const gone = ["TERMINATING", "TERMINATED"];
/** Whether Oracle counts objects by 1000 or by 1024 is not written anywhere: by 1000 the free tier is the smaller one. */
const gb = 1e9;
const shownAtMost = 10;

/**
 * Orphans are counted, and named where the limit is reached. Nothing found at all is a gap: backups have a bucket, and each node of the cluster a boot
 * volume. Where not one node has its own there, the tenancy is another one, and even what is too much of it says nothing of this cluster.
 */
export function judgeStorage(readings: StorageReadings, limits: StorageLimits): Verdict {
  const { volumes, objects, tenancy, nodes } = readings;
  if (!volumes.ok) return unproven(volumes.why);
  if (!objects.ok) return unproven(objects.why);
  if (!tenancy.ok) return unproven(tenancy.why);
  if (!nodes.ok) return unproven(nodes.why);
  // A list that changes while it is read may hold one twice.
  const all = [...new Map(volumes.value.map((volume) => [volume.id, volume])).values()];
  const held = all.filter(({ state }) => taking.includes(state));
  const orphans = held.filter(({ attachedTo }) => attachedTo === undefined);
  const homeless = withoutVolume(nodes.value, held);
  if (nodes.value.length > 0 && homeless.length === nodes.value.length) {
    return unproven(`${homeless.join("; ")}: the cluster does not stand in the tenancy that was asked`);
  }
  const { usedPercentBelow, volumesGb } = limits;
  const shares = [
    {
      what: "block and boot volumes",
      usedGb: sum(held, ({ sizeGb }) => sizeGb),
      ofGb: volumesGb,
      among: orphanWords(orphans),
      reading: volumes,
    },
    ...objectShares(objects.value, tenancy.value, limits).map((share) => ({ ...share, among: "", reading: objects })),
  ].map((share) => ({ ...share, percent: (100 * share.usedGb) / share.ofGb }));
  return conclude({
    faults: shares
      .filter(({ percent }) => percent >= usedPercentBelow)
      .map(
        ({ what, percent, usedGb, ofGb, among }) =>
          `${what} take ${shown(percent)} % of the free ${ofGb} GB (${shown(usedGb)} GB; below ${usedPercentBelow} %)${among}`,
      ),
    gaps: [
      ...(nodes.value.length === 0 ? ["the cluster has no node: whether it stands in this tenancy is not known"] : []),
      ...homeless,
      ...(objects.value.length === 0
        ? ["no bucket was found, and backups are kept in one: it was not looked for in the right place"]
        : []),
      ...all
        .filter(({ state }) => !taking.includes(state) && !gone.includes(state))
        .map(({ kind, name, state }) => `${kind} volume ${name} is ${state}: whether it takes space is not known`),
      ...held.filter(({ sizeGb }) => !(sizeGb > 0)).map(({ kind, name }) => `${kind} volume ${name} says no size`),
      ...objects.value
        .filter(({ bytes }) => !(bytes >= 0))
        .map(({ bucket, tier }) => `bucket ${bucket} says no size of its ${tier} objects`),
    ],
    facts: [
      ...shares
        .filter(({ percent }) => Number.isFinite(percent))
        .map(({ what, percent, ofGb, reading: { source, at } }): Fact => ({
          what: `${what}, of the free ${ofGb} GB`,
          value: shown(percent),
          unit: "%",
          limit: `below ${usedPercentBelow} %`,
          source,
          at,
        })),
      {
        what: "volumes that are attached to nothing",
        value: orphans.length,
        unit: "volumes",
        source: volumes.source,
        at: volumes.at,
      },
      {
        what: "nodes whose boot volume was found",
        value: nodes.value.length - homeless.length,
        unit: "nodes",
        limit: `exactly ${nodes.value.length}`,
        source: nodes.source,
        at: nodes.at,
      },
      { what: "kind of tenancy", value: tenancy.value, source: tenancy.source, at: tenancy.at },
    ],
    held: shares.map(({ what, percent, ofGb }) => `${what} take ${shown(percent)} % of the free ${ofGb} GB`).join(", "),
  });
}

function objectShares(
  objects: readonly StoredObjects[],
  tenancy: "free" | "paying",
  { objectsGb, objectsGbOfTier }: StorageLimits,
): readonly { readonly what: string; readonly usedGb: number; readonly ofGb: number }[] {
  const usedGb = (list: readonly StoredObjects[]): number => sum(list, ({ bytes }) => bytes) / gb;
  if (tenancy === "free") return [{ what: "objects", usedGb: usedGb(objects), ofGb: objectsGb }];
  return storageTiers.map((tier) => ({
    what: `${tier} objects`,
    usedGb: usedGb(objects.filter((one) => one.tier === tier)),
    ofGb: objectsGbOfTier,
  }));
}

/** What is wrong with each node that no boot volume is attached to. */
function withoutVolume(nodes: readonly NodeInstance[], held: readonly StoredVolume[]): readonly string[] {
  const booted = new Set(held.flatMap(({ kind, attachedTo }) => (kind === "boot" ? (attachedTo ?? []) : [])));
  return nodes.flatMap(({ name, instance }) => {
    if (instance === undefined) return [`node ${name} is no instance of Oracle's by its spec.providerID`];
    return booted.has(instance) ? [] : [`node ${name} (${instance}) has no boot volume among those that were listed`];
  });
}

function orphanWords(orphans: readonly StoredVolume[]): string {
  if (orphans.length === 0) return "";
  const named = orphans.slice(0, shownAtMost).map(({ kind, name, sizeGb }) => `${kind} volume ${name} (${sizeGb} GB)`);
  const rest = orphans.length > shownAtMost ? ` and ${orphans.length - shownAtMost} more` : "";
  return `, of them attached to nothing: ${named.join(", ")}${rest}`;
}

function sum<T>(list: readonly T[], value: (one: T) => number): number {
  return list.reduce((total, one) => total + value(one), 0);
}

/** One decimal, never rounded up to a limit: 79.96 is shown as 79.9. */
function shown(value: number): number {
  return Math.floor(value * 10) / 10;
}
