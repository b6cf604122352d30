/** All that backups are judged by: gathered once for the two criteria that rest on it. */
import type { Backups } from "../../environments/backups.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import { openBackupStore, type BackupStore } from "../../probes/backup-store/store.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { readClusterAddresses } from "../../probes/kubernetes/addresses.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { readPods } from "../../probes/kubernetes/pods.ts";
import { readVolumeClaims } from "../../probes/kubernetes/volumes.ts";
import { readBackupFiles, type BackupFiles } from "../../probes/velero/backup-files.ts";
import { readBackups, type Backup } from "../../probes/velero/backups.ts";
import { readPodVolumeBackups } from "../../probes/velero/pod-volumes.ts";
import { readSchedules } from "../../probes/velero/schedules.ts";
import { readBackupRepositories, readStorageLocations, type StorageLocation } from "../../probes/velero/storage.ts";
import { dueBackups, type RateReadings } from "./backup-rate.judge.ts";
import { endedPhases } from "./honest-backup.judge.ts";
import { nextTick, ticksOf } from "./schedule-ticks.ts";
import { backupsOf, type BackupReadings } from "./velero-backups.judge.ts";

const askedAtOnce = 3;
/** Of so many backups at most what they left is read, the newest ones; of the others a judge says that they were not looked into. */
const lookedIntoMax = 300;

export type Gathering = {
  readonly cluster: Cluster;
  readonly backups: Backups;
  readonly requestMs: number;
  readonly signal: AbortSignal;
};

/** For velero-backups-running: the newest backup of each schedule is looked into. */
export async function gatherBackups(gathering: Gathering): Promise<BackupReadings> {
  const { cluster, backups: rules } = gathering;
  // Backups first: a copy that was made in between belongs to none of them, and is not missed.
  const backups = await readBackups(cluster, rules.namespace);
  const [schedules, locations, repositories, copies, claims, pods, addresses] = await Promise.all([
    readSchedules(cluster, rules.namespace),
    readStorageLocations(cluster, rules.namespace),
    readBackupRepositories(cluster, rules.namespace),
    readPodVolumeBackups(cluster, rules.namespace),
    readVolumeClaims(cluster),
    readPods(cluster),
    readClusterAddresses(cluster),
  ]);
  const newest = rules.schedules.flatMap(({ name }) =>
    backupsOf(name, backups.ok ? backups.value : [])
      .filter(({ phase }) => endedPhases.includes(phase))
      .slice(0, 1),
  );
  const files = await leftBy(newest, locations, gathering);
  const known = schedules.ok ? schedules.value : [];
  const firstDue = new Map(
    known.map(({ name, expression, createdAt }) => [name, nextTick(expression, new Date(createdAt))]),
  );
  return { schedules, backups, locations, repositories, copies, claims, pods, addresses, files, firstDue };
}

/** For backup-success-rate: every backup that was due within the window is looked into. */
export async function gatherDueBackups(gathering: Gathering, now: Date): Promise<RateReadings> {
  const { cluster, backups: rules } = gathering;
  const backups = await readBackups(cluster, rules.namespace);
  const [schedules, locations, copies, claims] = await Promise.all([
    readSchedules(cluster, rules.namespace),
    readStorageLocations(cluster, rules.namespace),
    readPodVolumeBackups(cluster, rules.namespace),
    readVolumeClaims(cluster),
  ]);
  const known = schedules.ok ? schedules.value : [];
  const windowStart = now.getTime() - rules.rateWindowSeconds * 1000;
  const ticks = new Map(
    known.map(({ name, expression, createdAt }) => {
      const from = new Date(Math.max(windowStart, Date.parse(createdAt)));
      return [name, ticksOf(expression, from, now)];
    }),
  );
  const due = dueBackups(known, backups.ok ? backups.value : [], ticks, rules, now);
  const made = due.flatMap(({ backup }) => backup ?? []);
  const newestFirst = made.toSorted((left, right) => Date.parse(right.submittedAt) - Date.parse(left.submittedAt));
  const files = await leftBy(newestFirst.slice(0, lookedIntoMax), locations, gathering);
  return { schedules, backups, copies, claims, ticks, files };
}

/** What backups left in their buckets, by their names. A place that cannot be opened leaves every file of theirs unread. */
async function leftBy(
  backups: readonly Backup[],
  locations: Reading<readonly StorageLocation[]>,
  gathering: Gathering,
): Promise<ReadonlyMap<string, BackupFiles>> {
  const stores = new Map<string, Promise<Reading<BackupStore>>>();
  const read = await fewAtATime(backups, askedAtOnce, async (backup): Promise<readonly [string, BackupFiles]> => {
    const location = placeOf(backup, locations);
    if (!location.ok) return [backup.name, nothing(location)];
    const { name, prefix } = location.value;
    const opening = stores.get(name) ?? openAt(location.value, gathering);
    stores.set(name, opening);
    const store = await opening;
    return [backup.name, store.ok ? await readBackupFiles(store.value, prefix, backup.name) : nothing(store)];
  });
  return new Map(read);
}

function placeOf({ scope }: Backup, locations: Reading<readonly StorageLocation[]>): Reading<StorageLocation> {
  if (!locations.ok) return locations;
  const found = locations.value.find(({ name, isDefault }) =>
    scope.location === "" ? isDefault : name === scope.location,
  );
  return found === undefined
    ? unread(`there is no storage location '${scope.location}'`, locations.source, new Date(locations.at))
    : { ...locations, value: found };
}

async function openAt(
  { url, bucket, region, name }: StorageLocation,
  { backups: { store }, requestMs, signal }: Gathering,
): Promise<Reading<BackupStore>> {
  const reached = store.url ?? url;
  if (reached === "")
    return unread(
      `storage location ${name} names no address, and backups.store.url of the profile none either`,
      name,
      new Date(),
    );
  return openBackupStore({ url: reached, bucket, region: region === "" ? "us-east-1" : region }, store.keysFile, {
    requestMs,
    signal,
  });
}

function nothing(reading: { readonly why?: string; readonly source: string; readonly at: string }): BackupFiles {
  const none = <T>(): Reading<T> => unread(reading.why ?? "", reading.source, new Date(reading.at));
  return { archive: none(), volumes: none(), results: none(), description: none() };
}
