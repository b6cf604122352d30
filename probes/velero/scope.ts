/** What a backup is to hold, as a Schedule's template and a Backup's own spec say it alike. */
import { z } from "zod";

const names = z.array(z.string()).nullish();
const something = z.unknown().optional();

/** Fields by which a backup holds less than all of its namespaces. */
const narrowing = {
  includedResources: names,
  excludedResources: names,
  includedNamespaceScopedResources: names,
  excludedNamespaceScopedResources: names,
  includedClusterScopedResources: names,
  excludedClusterScopedResources: names,
  labelSelector: something,
  orLabelSelectors: something,
  resourcePolicy: something,
} as const;

/** Velero itself leaves these out of a backup whose volumes are not copied by a storage driver, and writes that into its spec (seen with 1.18.3). */
const ofDrivers: Readonly<Record<string, readonly string[]>> = {
  excludedNamespaceScopedResources: ["volumesnapshots.snapshot.storage.k8s.io"],
  excludedClusterScopedResources: ["volumesnapshotcontents.snapshot.storage.k8s.io"],
};

/** Parses a BackupSpec of velero.io/v1. */
export const backupScope = z
  .object({
    includedNamespaces: names,
    excludedNamespaces: names,
    includeClusterResources: z.boolean().nullish(),
    defaultVolumesToFsBackup: z.boolean().nullish(),
    storageLocation: z.string().optional(),
    ttl: z.string().optional(),
    ...narrowing,
  })
  .transform((spec) => ({
    /** Empty: all namespaces. */
    namespaces: (spec.includedNamespaces ?? []).filter((name) => name !== "*"),
    excludedNamespaces: spec.excludedNamespaces ?? [],
    /** Names of the fields that leave something out, whatever that is. */
    narrowedBy: [
      ...Object.keys(narrowing).filter((field) =>
        isNarrow(field, Object.entries(spec).find(([name]) => name === field)?.[1]),
      ),
      ...(spec.includeClusterResources === false ? ["includeClusterResources"] : []),
    ],
    /** Whether the files of volumes are copied; undefined where the server's own default decides. */
    volumesCopied: spec.defaultVolumesToFsBackup ?? undefined,
    /** Empty: the default location. */
    location: spec.storageLocation ?? "",
    /** How long it is kept; undefined where the server's own default decides, or what stands there is no duration. */
    keptSeconds: secondsOf(spec.ttl),
  }));

/** What a backup is to hold. */
export type BackupScope = Readonly<z.output<typeof backupScope>>;

/** An absent field, an empty list, `*` alone, an empty selector and what storage drivers make leave nothing out. */
function isNarrow(field: string, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) {
    const told = value.filter((name) => ofDrivers[field]?.includes(name) !== true);
    return told.length > 0 && !(told.length === 1 && told[0] === "*");
  }
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** Seconds of a duration as Go writes it ("720h0m0s"); undefined for zero, which lets the server decide, and for anything else. */
function secondsOf(ttl: string | undefined): number | undefined {
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(ttl ?? "");
  if (parts === null) return undefined;
  const [hours, minutes, seconds] = [parts[1], parts[2], parts[3]].map((part) => Number(part ?? 0));
  const sum = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return sum > 0 ? sum : undefined;
}
