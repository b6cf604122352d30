/** A soak from beginning to end: claimed, begun or gone on with, watched, released. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Profile } from "../../environments/profile.ts";
import { projectRoot, UsageError } from "../../environments/settings.ts";
import { beginHeartbeat } from "../../fixtures/undo/heartbeat.ts";
import { readRuns } from "../../fixtures/undo/living-runs.ts";
import { claimCluster } from "../../harness/soak/claim.ts";
import { findSoaks, recordFile, resumable } from "../../harness/soak/find.ts";
import { parseSoakLength } from "../../harness/soak/length.ts";
import { minuteAt, minuteMs, type SoakEnded, type SoakLook, type SoakPlan } from "../../harness/soak/lines.ts";
import { createRecord, resumeRecord, type SoakWriter } from "../../harness/soak/record.ts";
import { wallClock, watch } from "../../harness/soak/watch.ts";
import { connect } from "../../probes/kubernetes/cluster.ts";
import { readClusterIdentity } from "../../probes/kubernetes/identity.ts";
import { lookAtPlatform } from "./soak-look.ts";
import { soFarOf } from "./soak-so-far.ts";

/** Where soaks stand. They outlive the runs that judge them. */
export const soakFolder = join(projectRoot, "reports", "soak");

type Context = { readonly say: (line: string) => void; readonly signal: AbortSignal };

/** Whole minutes of `--soak 48h`. @throws UsageError with one line that says how to write it */
export function minutesOfSoak(text: string): number {
  const length = parseSoakLength(text);
  if (!length.ok) throw new UsageError(length.why);
  return length.minutes;
}

/** How long is watched. `folder` and `everyMs` are for tests: soaks stand in `soakFolder`, and look once a minute. */
export type SoakAsked = { readonly minutes: number; readonly folder?: string; readonly everyMs?: number };

/**
 * Watches the cluster of a profile for so many minutes, or goes on with the watch that a command before this one had begun.
 * @returns how it ended: the window is over, its budget is burned, or the signal ended it (the same command goes on with it)
 * @throws UsageError where another soak watches this cluster, or where the open one has another length; Error where the cluster does not say
 *   who it is, or the record cannot be written
 */
export async function runSoak(profile: Profile, asked: SoakAsked, { say, signal }: Context): Promise<SoakEnded> {
  const { minutes, folder = soakFolder } = asked;
  const cluster = connect(profile, signal);
  const identity = await readClusterIdentity(cluster);
  if (!identity.ok) throw new Error(`--soak: which cluster this is could not be read: ${identity.why}`);
  const { uid } = identity.value;
  const { expectedUid } = profile.cluster;
  if (expectedUid !== undefined && expectedUid !== uid) {
    throw new UsageError(
      `--soak: wrong cluster: ${uid} answers, but the profile '${profile.name}' expects ${expectedUid}`,
    );
  }
  const claim = claimCluster(folder, uid);
  if (!claim.ok) throw new UsageError(`--soak: ${claim.why}`);
  try {
    const now = new Date();
    const open = resumable(findSoaks(folder, now), { clusterUid: uid, minutes, now });
    if (open.state === "refused") throw new UsageError(`--soak: ${open.why}`);
    const plan = open.state === "resume" ? open.record.plan : newPlan(profile, uid, asked, now);
    return await aloneInCluster(profile, plan.id, { say, signal }, async () => {
      const looks = open.state === "resume" ? open.record.looks : [];
      const file = recordFile(folder, plan.id);
      const writer = open.state === "resume" ? resumeRecord(file, open.record) : createRecord(file, plan);
      say(beginningOf(plan, looks, now));
      return watchTo(profile, { plan, looks, writer }, { say, signal });
    });
  } finally {
    claim.release();
  }
}

async function watchTo(
  profile: Profile,
  opened: { readonly plan: SoakPlan; readonly looks: readonly SoakLook[]; readonly writer: SoakWriter },
  { say, signal }: Context,
): Promise<SoakEnded> {
  const { plan, writer } = opened;
  const cutoverAt = profile.availability?.cutoverAt;
  try {
    const ended = await watch({
      ...opened,
      look: async (ending) => lookAtPlatform(profile, connect(profile, ending), ending),
      enough: (looks) => judgeSoFar(plan, looks, { cutoverAt, say }),
      clock: wallClock,
      signal,
    });
    say(`${plan.id}: ${ended.how}: ${ended.because}`);
    return ended;
  } finally {
    writer.close();
  }
}

/** Tells each hour when it is over. @returns why nothing to come can bring the soak back within its limits */
function judgeSoFar(
  plan: SoakPlan,
  looks: readonly SoakLook[],
  options: { readonly cutoverAt: string | undefined; readonly say: Context["say"] },
): string | undefined {
  const { hour, lost } = soFarOf(plan, looks, options.cutoverAt);
  if (hour !== undefined) {
    const { number, answers, failed, gaps, unanswered } = hour;
    options.say(
      `${plan.id}: hour ${number}: ${answers} answers, ${failed} errors, ${unanswered.length} minutes without an answer, ${gaps.length} not measured`,
    );
  }
  return lost;
}

/** Runs a soak while no other machine's watches the same cluster; each shows that it is alive by a lease in the cluster. */
async function aloneInCluster<T>(
  profile: Profile,
  id: string,
  { say, signal }: Context,
  work: () => Promise<T>,
): Promise<T> {
  const heartbeat = await beginHeartbeat(profile, id);
  if (!heartbeat.ok) say(`no heartbeat, so that a soak on another machine may not see this one: ${heartbeat.why}`);
  try {
    const runs = await readRuns(profile, signal);
    // Its own lease comes first, so that of two that begin at once at least one sees the other.
    const other = runs.ok ? runs.value.living.find((run) => run.id.startsWith(soakPrefix) && run.id !== id) : undefined;
    if (other !== undefined) {
      throw new UsageError(
        `--soak: ${other.id} watches this cluster from ${other.holder}: wait for its end, or end it`,
      );
    }
    if (!runs.ok) say(`whether a soak on another machine watches this cluster is not known: ${runs.why}`);
    return await work();
  } finally {
    if (heartbeat.ok) await heartbeat.stop();
  }
}

const soakPrefix = "soak-";

function newPlan(
  profile: Profile,
  clusterUid: string,
  { minutes, everyMs = minuteMs }: SoakAsked,
  now: Date,
): SoakPlan {
  // From the next whole minute on: that is how gaps are told.
  const from = Math.ceil(now.getTime() / everyMs) * everyMs;
  return {
    kind: "plan",
    schemaVersion: 1,
    id: `${soakPrefix}${now.toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${randomBytes(4).toString("hex")}`,
    environment: profile.name,
    clusterUid,
    from: new Date(from).toISOString(),
    until: new Date(from + minutes * everyMs).toISOString(),
    everyMs,
  };
}

function beginningOf(plan: SoakPlan, looks: readonly SoakLook[], now: Date): string {
  const { id, from, until } = plan;
  if (looks.length === 0) return `${id}: watching from ${from} to ${until}`;
  const lost = minuteAt(plan, now.getTime()) - looks.length;
  const words = lost > 0 ? `, ${lost} minutes are lost: their hours cannot be proven any more` : "";
  return `${id}: going on, until ${until}${words}`;
}
