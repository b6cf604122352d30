/** The local cluster's schedule of backups, and its first backup. */
import { z } from "zod";
import { poll, type Look } from "../../harness/poll.ts";
import type { Engine } from "./engine.ts";
import { apply, kubectl } from "./kubectl.ts";

const namespace = "velero";
/** As environments/platform-backups.ts has it. */
const name = "platform";

/** What a backup holds. Kept for a day: four of them, which share their blocks. */
const template = {
  storageLocation: "default",
  includedNamespaces: ["health-platform", "todo-chatbot"],
  defaultVolumesToFsBackup: true,
  snapshotVolumes: false,
  ttl: "24h0m0s",
} as const;

/**
 * Every six hours: one takes two minutes of a machine's two processors, and a load that it falls into measures it. Databases are dumped at every fifth
 * minute, and a pod that ends while it is backed up leaves the backup unwhole: what is due at one of these minutes has ended before the next dump.
 */
const periodHours = 6;
const dueMinutes = [1, 2] as const;
const dumpMinutes = 5;
/** Velero asks once a minute what is due: a schedule that is made too late for its minute would wait for the next one. */
const leadMsMin = 5_000;
/** What is younger is of a cluster that has stood all the while: the period, and what a run may take. */
const ageMsMax = (periodHours * 60 + 4) * 60_000;
const waitMsMax = 660_000;
const everyMs = 2_000;

const time = z.iso.datetime({ offset: true });
const made = z.object({ items: z.array(z.object({ metadata: z.object({ creationTimestamp: time }) })) });
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

/**
 * Makes the schedule anew, due within minutes, and waits for its first backup, where it has no young one that is Completed: a new platform is backed up
 * when `up` is done, by the schedule itself, so that what was due is judged from then on. A cluster that stood still was due meanwhile and made none:
 * its schedule is made anew, too. Backups of a schedule that was there before, which Velero reads back from the store, are not of this one.
 * @throws Error that says what there is, where all of them have ended and none is Completed, or none is in time
 */
export async function firstBackupMade(engine: Engine, signal: AbortSignal, now: Date): Promise<void> {
  const before = await seenBackups(engine, signal);
  if (before.some((seen) => isWhole(seen) && isYoung(seen, now))) return;
  // What an `up` that was cut off has begun goes on.
  if (!before.some((seen) => isUnderWay(seen) && isYoung(seen, now))) await remakeSchedule(engine, signal, now);
  const look = async (): Promise<Look<true>> => {
    const seen = await seenBackups(engine, signal);
    if (seen.some(isWhole)) return { state: "yes", value: true };
    const told = seen
      .map(({ name: each, phase, why }) => `${each} is ${phase}${why === "" ? "" : ` (${why})`}`)
      .join(", ");
    if (seen.length > 0 && !seen.some(isUnderWay)) return { state: "never", why: `${told}: call up again` };
    return { state: "not yet", seen: told === "" ? "none was begun" : told };
  };
  const found = await poll(look, { what: "the first backup of the platform", timeoutMs: waitMsMax, everyMs, signal });
  signal.throwIfAborted();
  if (!found.ok) throw new Error(found.why);
}

/** Makes the schedule anew, due within minutes, and waits for nothing: a cluster that was made from a backup has a whole one already. */
export async function scheduleMade(engine: Engine, signal: AbortSignal, now: Date): Promise<void> {
  await remakeSchedule(engine, signal, now);
}

async function remakeSchedule(engine: Engine, signal: AbortSignal, now: Date): Promise<void> {
  await kubectl(engine, ["delete", "schedules.velero.io", name, "-n", namespace, "--ignore-not-found"], { signal });
  const schedule = {
    apiVersion: "velero.io/v1",
    kind: "Schedule",
    metadata: { name, namespace },
    spec: { schedule: cronFrom(now), useOwnerReferencesInBackup: false, template },
  };
  await apply(engine, JSON.stringify(schedule), { signal, timeoutMs: 60_000 });
}

/** The cron expression that is due next of those that may be, in UTC, and every six hours from then on. */
export function cronFrom(now: Date): string {
  const next = new Date(Math.ceil((now.getTime() + leadMsMin) / 60_000) * 60_000);
  while (!dueMinutes.some((minute) => minute === next.getUTCMinutes() % dumpMinutes)) {
    next.setUTCMinutes(next.getUTCMinutes() + 1);
  }
  const hours = [0, 1, 2, 3].map((turn) => (next.getUTCHours() + turn * periodHours) % 24);
  return `${next.getUTCMinutes()} ${hours.toSorted((one, other) => one - other).join(",")} * * *`;
}

type Seen = {
  readonly name: string;
  readonly phase: string;
  readonly why: string;
  readonly startedAt: string | undefined;
};

const ended: readonly string[] = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];

function isUnderWay({ phase }: Seen): boolean {
  return !ended.includes(phase);
}

function isWhole({ phase }: Seen): boolean {
  return phase === "Completed";
}

/** One that has not started is of now. */
function isYoung({ startedAt }: Seen, now: Date): boolean {
  return startedAt === undefined || now.getTime() - Date.parse(startedAt) <= ageMsMax;
}

/** Backups of the schedule that began after it was made; none where there is no schedule. */
async function seenBackups(engine: Engine, signal: AbortSignal): Promise<readonly Seen[]> {
  const get = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await kubectl(engine, ["get", "-n", namespace, "-o", "json", ...args], { signal })).stdout);
  const schedules = made.parse(await get("schedules.velero.io", "--field-selector", `metadata.name=${name}`)).items;
  const [schedule] = schedules;
  if (schedule === undefined) return [];
  const { items } = backups.parse(await get("backups.velero.io", "-l", `velero.io/schedule-name=${name}`));
  return items
    .filter(({ status }) => isSince(status?.startTimestamp ?? undefined, schedule.metadata.creationTimestamp))
    .map(({ metadata, status }) => ({
      name: metadata.name,
      phase: status?.phase ?? "waiting",
      startedAt: status?.startTimestamp ?? undefined,
      why: [status?.failureReason ?? "", ...(status?.validationErrors ?? [])].filter((text) => text !== "").join("; "),
    }));
}

/** One that has not started is of now. */
function isSince(startedAt: string | undefined, since: string): boolean {
  return startedAt === undefined || Date.parse(startedAt) >= Date.parse(since);
}
