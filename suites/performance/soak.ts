/** A soak from beginning to end: claimed, begun or gone on with, watched, judged, released. */
import { randomBytes } from "node:crypto";
import { relative } from "node:path";
import type { Profile } from "../../environments/profile.ts";
import { soakFolder, UsageError } from "../../environments/settings.ts";
import { beginHeartbeat } from "../../fixtures/undo/heartbeat.ts";
import { readRuns } from "../../fixtures/undo/living-runs.ts";
import { budgetOf } from "../../harness/soak/budget.ts";
import { claimCluster } from "../../harness/soak/claim.ts";
import { cutOff, findSoaks, recordFile, resumable } from "../../harness/soak/find.ts";
import { parseSoakLength } from "../../harness/soak/length.ts";
import { minuteMs, minutesOf, type SoakEnded, type SoakPlan } from "../../harness/soak/lines.ts";
import { createRecord, readRecord, resumeRecord } from "../../harness/soak/record.ts";
import { wallClock, watch, type Watch } from "../../harness/soak/watch.ts";
import { read, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import { connect } from "../../probes/kubernetes/cluster.ts";
import { readClusterIdentity } from "../../probes/kubernetes/identity.ts";
import { unansweredPercentMax } from "./soak-limits.ts";
import { lookAtPlatform } from "./soak-look.ts";
import { judgeSoak, soFarOf } from "./soak-so-far.ts";
import { beginningWords, endWords, progressWords } from "./soak-words.ts";

type Context = { readonly say: (line: string) => void; readonly signal: AbortSignal };

/** Whole minutes of `--soak 48h`. @throws UsageError with one line that says how to write it */
export function minutesOfSoak(text: string): number {
  const length = parseSoakLength(text);
  if (!length.ok) throw new UsageError(length.why);
  return length.minutes;
}

/** How long is watched. `folder` and `everyMs` are for tests: soaks stand in `soakFolder`, and look once a minute. */
export type SoakAsked = { readonly minutes: number; readonly folder?: string; readonly everyMs?: number };

/** A soak that has ended, and what it has shown of its own window: nothing, where it was interrupted. */
export type Soaked = { readonly ended: SoakEnded; readonly verdict: Verdict };

/**
 * Watches the cluster of a profile for so many minutes, or goes on with the watch that a command before this one had begun.
 * @returns how it ended: the window is over, its budget is burned, or the signal ended it (the same command goes on with it); `ok: false` where
 *   the cluster does not say which one it is, so that nothing was watched
 * @throws UsageError where another soak watches this cluster, where the open one has another length, or where it is another cluster than the
 *   profile's; Error where the record cannot be written
 */
export async function runSoak(profile: Profile, asked: SoakAsked, { say, signal }: Context): Promise<Reading<Soaked>> {
  const { minutes, folder = soakFolder } = asked;
  const identity = await readClusterIdentity(connect(profile, signal));
  if (!identity.ok) return identity;
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
    const found = findSoaks(folder, now);
    const open = resumable(found, { clusterUid: uid, minutes, now });
    if (open.state === "refused") throw new UsageError(`--soak: ${open.why}`);
    const cut = open.state === "none" ? cutOff(found, { clusterUid: uid, now }) : undefined;
    if (cut !== undefined) say(`${cut}; a new soak begins`);
    const plan = open.state === "resume" ? open.record.plan : newPlan(profile, uid, asked, now);
    const file = recordFile(folder, plan.id);
    const soaked = await aloneInCluster(profile, plan, { say, signal }, async () => {
      const looks = open.state === "resume" ? open.record.looks : undefined;
      const writer = open.state === "resume" ? resumeRecord(file, open.record) : createRecord(file, plan);
      const { lostMax } = budgetOf({ planned: minutesOf(plan), lost: 0, lostPercentMax: unansweredPercentMax });
      const begun = (): void => say(beginningWords(plan, looks, { now, budget: lostMax, file: shown(file) }));
      const ended = await watchTo(profile, { plan, looks: looks ?? [], writer, begun }, { say, signal });
      return { ended, verdict: verdictOf(file, ended, profile) };
    });
    return read(soaked, shown(file), new Date());
  } finally {
    claim.release();
  }
}

const shown = (file: string): string => relative(process.cwd(), file);

/** By what stands on disk: what this process remembers is gone with it. */
function verdictOf(file: string, ended: SoakEnded, { availability }: Profile): Verdict {
  if (ended.how === "interrupted") return unproven(ended.because);
  const now = new Date();
  const record = readRecord(file, now);
  if (!record.ok) return unproven(record.why);
  return judgeSoak(record.value, { cutoverAt: availability?.cutoverAt, source: shown(file), now });
}

async function watchTo(
  profile: Profile,
  opened: Pick<Watch, "plan" | "looks" | "writer" | "begun">,
  { say, signal }: Context,
): Promise<SoakEnded> {
  const { plan, writer } = opened;
  const cutoverAt = profile.availability?.cutoverAt;
  let { looks } = opened;
  try {
    const ended = await watch({
      ...opened,
      look: async (ending) => lookAtPlatform(profile, connect(profile, ending), ending),
      enough: (made) => {
        looks = made;
        const soFar = soFarOf(plan, looks, cutoverAt);
        for (const line of progressWords(plan, looks, soFar)) say(line);
        return soFar.lost;
      },
      clock: wallClock,
      signal,
    });
    say(endWords(plan, looks, ended));
    return ended;
  } finally {
    writer.close();
  }
}

/** Runs a soak while no other machine's watches the same cluster; each shows that it is alive by a lease in the cluster. */
async function aloneInCluster<T>(
  profile: Profile,
  { id, until }: SoakPlan,
  { say, signal }: Context,
  work: () => Promise<T>,
): Promise<T> {
  const runMsMax = Date.parse(until) - Date.now() + afterwardsMs;
  const heartbeat = await beginHeartbeat(profile, id, { runMsMax });
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
/** For the last look, and what comes after it. */
const afterwardsMs = 3_600_000;

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
