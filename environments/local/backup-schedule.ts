/** The local cluster's schedule of backups, and its first backup. */
import { z } from "zod";
import { poll, type Look } from "../../harness/poll.ts";
import type { Engine } from "./engine.ts";
import { apply, kubectl } from "./kubectl.ts";

const namespace = "velero";
/** As environments/platform-backups.ts has it. */
const name = "platform";
const apiVersion = "velero.io/v1";

/** What a backup holds. Kept for two hours: a dozen of them, which share their blocks. */
const template = {
  storageLocation: "default",
  includedNamespaces: ["health-platform", "todo-chatbot"],
  defaultVolumesToFsBackup: true,
  snapshotVolumes: false,
  ttl: "2h0m0s",
} as const;

/** When the schedule is due, by the cron expression below: two minutes after every tenth. */
const periodSeconds = 600;
const dueAtSecond = 120;

/** Every ten minutes, and not in those in which the databases are dumped: often enough to be looked at, and seldom enough for one machine. */
const schedule = {
  apiVersion,
  kind: "Schedule",
  metadata: { name, namespace },
  spec: { schedule: "2-59/10 * * * *", useOwnerReferencesInBackup: false, template },
} as const;

/** A backup that the schedule makes so soon is waited for: it leaves out what is due while another of its own is under way. */
const soonSeconds = 75;
const waitMsMax = 300_000;
const everyMs = 2_000;

const time = z.iso.datetime({ offset: true });
const made = z.object({ metadata: z.object({ creationTimestamp: time }) });
const backups = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z
        .object({
          phase: z.string().optional(),
          startTimestamp: time.nullish(),
          failureReason: z.string().optional(),
          validationErrors: z.array(z.string()).nullish(),
        })
        .optional(),
    }),
  ),
});

/** Applies the schedule; twice is the same as once. Velero must run. */
export async function installBackupSchedule(engine: Engine, signal: AbortSignal): Promise<void> {
  await apply(engine, JSON.stringify(schedule), { signal, timeoutMs: 60_000 });
}

/**
 * Makes a backup of the schedule at once where it has none that is Completed or under way, and waits for it: a new platform is backed up when `up` is
 * done, not ten minutes later. Backups of a cluster that was there before, which Velero reads back from the store, are not of this one.
 * @throws Error that says what there is, where all of them have ended and none is Completed, or none is in time
 */
export async function firstBackupMade(engine: Engine, signal: AbortSignal, now: Date): Promise<void> {
  const before = await seenBackups(engine, signal);
  if (before.some(({ phase }) => phase === "Completed")) return;
  const isDueSoon = secondsToDue(now) <= soonSeconds;
  // What an `up` that was cut off has begun goes on.
  if (!before.some(isUnderWay) && !isDueSoon)
    await apply(engine, JSON.stringify(backupOf(now)), { signal, timeoutMs: 60_000 });
  const look = async (): Promise<Look<true>> => {
    const seen = await seenBackups(engine, signal);
    if (seen.some(({ phase }) => phase === "Completed")) return { state: "yes", value: true };
    const told = seen
      .map(({ name: each, phase, why }) => `${each} is ${phase}${why === "" ? "" : ` (${why})`}`)
      .join(", ");
    if (!isDueSoon && seen.length > 0 && !seen.some(isUnderWay))
      return { state: "never", why: `${told}: call up again` };
    return { state: "not yet", seen: told };
  };
  const found = await poll(look, { what: "the first backup of the platform", timeoutMs: waitMsMax, everyMs, signal });
  signal.throwIfAborted();
  if (!found.ok) throw new Error(found.why);
}

function secondsToDue(now: Date): number {
  return (dueAtSecond - (Math.floor(now.getTime() / 1000) % periodSeconds) + periodSeconds) % periodSeconds;
}

/** Named and labelled as Velero does with those that it makes of a schedule itself. */
function backupOf(now: Date): object {
  return {
    apiVersion,
    kind: "Backup",
    metadata: {
      name: `${name}-${now.toISOString().replaceAll(/\D/g, "").slice(0, 14)}`,
      namespace,
      labels: { "velero.io/schedule-name": name },
    },
    spec: template,
  };
}

type Seen = { readonly name: string; readonly phase: string; readonly why: string };

const ended: readonly string[] = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];

function isUnderWay({ phase }: Seen): boolean {
  return !ended.includes(phase);
}

/** Backups of the schedule that began after it was made. */
async function seenBackups(engine: Engine, signal: AbortSignal): Promise<readonly Seen[]> {
  const get = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await kubectl(engine, ["get", "-n", namespace, "-o", "json", ...args], { signal })).stdout);
  const { metadata: schedules } = made.parse(await get("schedules.velero.io", name));
  const { items } = backups.parse(await get("backups.velero.io", "-l", `velero.io/schedule-name=${name}`));
  return items
    .filter(({ status }) => isSince(status?.startTimestamp ?? undefined, schedules.creationTimestamp))
    .map(({ metadata, status }) => ({
      name: metadata.name,
      phase: status?.phase ?? "waiting",
      why: [status?.failureReason ?? "", ...(status?.validationErrors ?? [])].filter((text) => text !== "").join("; "),
    }));
}

/** One that has not started is of now. */
function isSince(startedAt: string | undefined, since: string): boolean {
  return startedAt === undefined || Date.parse(startedAt) >= Date.parse(since);
}
