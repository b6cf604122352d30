/** Places where backups are kept: reached a moment ago, written to, and not lost with the cluster. */
import type { Reading } from "../../harness/verdict.ts";
import type { ClusterAddress } from "../../probes/kubernetes/addresses.ts";
import type { StorageLocation } from "../../probes/velero/storage.ts";
import { merged, type Findings } from "./honest-backup.judge.ts";

/** What Velero is given to look at a new location. */
const settleSeconds = 60;
/** By how much a clock may be ahead of ours. */
const aheadSecondsMax = 60;

/**
 * Every storage location is Available by a look that is young enough, may be written to, and lies outside the cluster.
 * @param rules.validatedSecondsMax how old Velero's look may be: until the next it goes on saying Available of a store that is gone
 */
export function findingsOfLocations(
  locations: readonly StorageLocation[],
  addresses: Reading<readonly ClusterAddress[]>,
  rules: { readonly validatedSecondsMax: number },
  now: Date,
): Findings {
  if (locations.length === 0) return fault("Velero has no storage location");
  return merged(
    locations.flatMap((location) =>
      [ofPhase(location, rules.validatedSecondsMax, now), ofPlace(location, addresses)].map(({ faults, gaps }) => ({
        faults: faults.map((sentence) => `storage location ${location.name} ${sentence}`),
        gaps: gaps.map((sentence) => `storage location ${location.name} ${sentence}`),
      })),
    ),
  );
}

const fault = (sentence: string): Findings => ({ faults: [sentence], gaps: [] });
const gap = (sentence: string): Findings => ({ faults: [], gaps: [sentence] });
const well: Findings = { faults: [], gaps: [] };

function ofPhase(location: StorageLocation, validatedSecondsMax: number, now: Date): Findings {
  const { phase, message, createdAt, validatedAt, readOnly } = location;
  if (readOnly) return fault("is read-only: no backup can be put there");
  const since = (time: string): number => (now.getTime() - Date.parse(time)) / 1000;
  if (phase === "" && since(createdAt) <= settleSeconds) return gap("has not been looked at by Velero yet");
  if (phase !== "Available")
    return fault(`is ${phase === "" ? "not looked at by Velero" : phase}${message === "" ? "" : `: ${message}`}`);
  if (validatedAt === undefined) return gap("is Available, and nothing says since when");
  const seconds = since(validatedAt);
  if (seconds < -aheadSecondsMax) return gap(`was looked at by Velero at ${validatedAt}, which is still to come`);
  return seconds > validatedSecondsMax
    ? gap(`is Available by a look that is ${Math.round(seconds)} s old: Velero looks no more`)
    : well;
}

/** Names that only the cluster's own DNS knows. */
const clusterName = /(^|\.)(svc|cluster\.local)$/;

function ofPlace({ url, provider }: StorageLocation, addresses: Reading<readonly ClusterAddress[]>): Findings {
  if (url === "") return provider === "aws" ? well : gap(`does not say where it is (${provider})`);
  if (!URL.canParse(url)) return fault(`has an address that is none: ${url}`);
  const host = new URL(url).hostname.toLowerCase().replace(/^\[|\]$/g, "");
  const lost = "what is lost with the cluster is lost with its backups";
  if (clusterName.test(host) || (!host.includes(".") && !host.includes(":")))
    return fault(`is inside the cluster (${host}): ${lost}`);
  if (!addresses.ok)
    return gap(`is at ${host}, and whether that is inside the cluster cannot be told: ${addresses.why}`);
  const inside = addresses.value.find(({ address }) => address === host);
  return inside === undefined ? well : fault(`is inside the cluster (${host} is ${inside.of}): ${lost}`);
}
