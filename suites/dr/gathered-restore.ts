/** The restore drill as it is gathered, once for all criteria that rest on it: users write, the namespace goes and comes back, and everything is read back. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { restoreStateOf } from "../../fixtures/restore/restore-state.ts";
import { watchStages, stagesOf, type SeenStages } from "../../fixtures/restore/stage-watch.ts";
import { restoreNames, type RestoreNames } from "../../fixtures/restore/velero-objects.ts";
import { healthUser } from "../../fixtures/watch/health-user.ts";
import { keepSession } from "../../fixtures/watch/kept-session.ts";
import { apiServerAnswers } from "../../fixtures/watch/open-watch.ts";
import { takeAway } from "../../fixtures/watch/read-back.ts";
import { watchUsers, type Watched } from "../../fixtures/watch/watch.ts";
import { tagOf } from "../../harness/mark.ts";
import { untilPass } from "../../harness/until-pass.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import {
  restoreStages,
  type Marker,
  type Moment,
  type RestoreRun,
  type Stage,
} from "../../probes/restore/restore-run.ts";
import { readPodVolumeBackups, readPodVolumeRestores } from "../../probes/velero/pod-volumes.ts";
import { readRestores } from "../../probes/velero/restores.ts";
import { watchFor } from "../infra/todo-flow.ts";
import type { TrialContext } from "../trial.ts";
import { restoreEvidence, restoreEvidenceFile } from "./restore-evidence.ts";
import { lookAtWorkloads } from "./steady-workloads.ts";
import { isVerified, signedIn, verifyData } from "./verified-data.ts";

const namespace = "health-platform";
/** Two writes a second: sixty and more are in the backup, each a row and an object. */
const everyMs = 250;
const writeMs = 30_000;
const readMs = 60_000;
const readyEveryMs = 500;

/** `ok: false` where nothing could be begun: then nothing was touched either. */
export async function gatherRestore(
  context: TrialContext,
  shown: { readonly criteria: readonly string[]; readonly secondsMax: number },
): Promise<Reading<RestoreRun>> {
  const { profile, run, cluster, signal, planned } = context;
  const [user] = profile.health.users;
  const { backups } = profile;
  if (user === undefined || backups === undefined) {
    return unread("the profile names no user of the Health API, or no backups", profile.name, new Date());
  }
  const session = await keepSession(profile, user, signal);
  if (!session.ok) return session;
  const startedMs = performance.now();
  const momentOf = (): Moment => ({ ms: performance.now() - startedMs, at: new Date().toISOString() });
  const names = restoreNames(backups.namespace, namespace, tagOf(run.id));
  const writer = healthUser(profile, session.value, run.id, signal);
  const timeoutMs = (planned.actMsMax ?? 0) * 2 + planned.feltWithinMs + planned.recoverWithinMs + writeMs;
  const watchBegan = momentOf();
  const watching = watchUsers({ services: [writer], control: apiServerAnswers(cluster), everyMs, timeoutMs, signal });
  context.say(`a user writes for ${writeMs / 1000} s before the backup is made`);
  await watchFor(writeMs, signal);
  const stages = watchStages(cluster, names, { timeoutMs, signal, momentOf });
  const acceptedAt = (acceptedMs: number): Moment => ({
    ms: watchBegan.ms + acceptedMs,
    at: new Date(Date.parse(watchBegan.at) + acceptedMs).toISOString(),
  });
  const look = async (): Promise<Looked> => {
    const seen = stagesOf(await stages.end());
    const watched = await watching.end();
    context.say(`${watched.accepted.length} accepted writes are read back by their owner, and as row and object`);
    const verified = await verifyData(context, watched.accepted, { user, tenant: session.value().tenant });
    return { seen, watched, verified, end: momentOf() };
  };
  let between: Looked | undefined;
  let renewed: Moment | undefined;
  const state = restoreStateOf(run.id);
  // As Velero brought it back, and before the drill makes any pod anew: that is the drill's, and no part of the restore.
  state.whenRestored = async () => {
    await untilReady(context);
    between = await look();
    context.say("the pods are made from their own templates again");
  };
  state.whenRenewed = () => {
    renewed = between === undefined ? undefined : momentOf();
  };
  const observed = await context.perform(async () => lookAtWorkloads(cluster, [namespace]));
  // Where it did not come back nobody could look in between.
  const { seen, watched, verified, end } = between ?? (await look());
  // What could not be read was not verified; what is lost or altered was, and is judged as such.
  const of = restoreRunOf({
    isBack: between !== undefined,
    seen,
    end,
    verified: isVerified(verified) ? end : undefined,
  });
  const file = restoreEvidenceFile("run");
  const result: RestoreRun = {
    ...of,
    what: `namespace ${namespace}`,
    backup: { name: names.backup, requested: seen.backupRequested ?? watchBegan },
    lossBegan: seen.lossBegan ?? end,
    destroyed: observed.felt ?? unread("it was not seen to be gone", namespace, new Date()),
    restore: await readRestored(context, names),
    markers: watched.accepted.map(({ id, service, acceptedMs }): Marker => ({
      id,
      service,
      parts: ["row", "object"],
      accepted: acceptedAt(acceptedMs),
    })),
    verifications: verified,
    ...(renewed === undefined ? {} : { renewed }),
    file,
  };
  const evidence = restoreEvidence(result, { ...shown, stages: restoreStages });
  writeFileSync(join(context.evidenceDirectory, file), JSON.stringify(evidence));
  const afterwards = await signedIn(context, user);
  if (afterwards.ok) await takeAway(watched.accepted, new Map([[writer.name, afterwards.value]]), { readMs, signal });
  return read(result, `drill restore of run ${run.id}`, new Date());
}

type Looked = {
  readonly seen: SeenStages;
  readonly watched: Watched;
  readonly verified: RestoreRun["verifications"];
  readonly end: Moment;
};

/** Velero calls a restore Completed before all pods are ready. */
async function untilReady({ cluster, planned, signal }: TrialContext): Promise<void> {
  await untilPass(async () => lookAtWorkloads(cluster, [namespace]), {
    what: `${namespace} ready after its restore`,
    timeoutMs: planned.recoverWithinMs,
    everyMs: readyEveryMs,
    signal,
  });
}

/** The stages as they were seen, and the end. */
function restoreRunOf({
  isBack,
  seen,
  end,
  verified,
}: {
  readonly isBack: boolean;
  readonly seen: SeenStages;
  readonly end: Moment;
  readonly verified: Moment | undefined;
}): Pick<RestoreRun, "stages" | "ended"> {
  const moments: readonly (readonly [string, Moment | undefined])[] = [
    ["declared", seen.declared],
    ["restore created", seen.restoreCreated],
    ["restore completed", seen.restoreCompleted],
    ["pods ready", isBack ? seen.podsReady : undefined],
    ["data verified", verified],
  ];
  return {
    stages: moments.map(([name, reached]): Stage => (reached === undefined ? { name } : { name, reached })),
    ended: end,
  };
}

async function readRestored({ cluster }: TrialContext, names: RestoreNames): Promise<RestoreRun["restore"]> {
  const [restores, copied, back] = await Promise.all([
    readRestores(cluster, names.velero),
    readPodVolumeBackups(cluster, names.velero),
    readPodVolumeRestores(cluster, names.velero),
  ]);
  if (!restores.ok) return restores;
  if (!copied.ok) return copied;
  if (!back.ok) return back;
  const found = restores.value.find(({ name }) => name === names.restore);
  if (found?.errors === undefined) {
    return unread(`Restore ${names.restore} is not there, or counts no errors`, restores.source, new Date());
  }
  const volumes = copied.value
    .filter(({ backup, claimUid }) => backup === names.backup && claimUid !== "")
    .map(({ claim, pod, volume, bytesTotal }) => ({
      claim: `${namespace}/${claim}`,
      backedUpBytes: bytesTotal ?? 0,
      restoredBytes:
        back.value.find((one) => one.restore === names.restore && one.pod === pod && one.volume === volume)
          ?.bytesDone ?? 0,
    }));
  return read({ name: found.name, phase: found.phase, errors: found.errors, volumes }, restores.source, new Date());
}
