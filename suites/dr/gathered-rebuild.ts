/** The rebuild of the whole cluster as it is gathered: users write, everything goes and is made anew, and what was written is read back from the new cluster. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findEngine } from "../../environments/local/engine.ts";
import { nodeContainers } from "../../environments/local/kind.ts";
import { statePaths } from "../../environments/local/paths.ts";
import { namesOf } from "../../fixtures/restore/finish-rebuild.ts";
import type { PlatformNames } from "../../fixtures/restore/platform-objects.ts";
import { rebuildStateOf } from "../../fixtures/restore/rebuild-state.ts";
import { rebuildSeen, reconnecting, watchRebuild, type SeenRebuild } from "../../fixtures/restore/rebuild-watch.ts";
import { holdDrillLease } from "../../fixtures/undo/drill-lease.ts";
import { healthUser } from "../../fixtures/watch/health-user.ts";
import { keepSession } from "../../fixtures/watch/kept-session.ts";
import { apiServerAnswers } from "../../fixtures/watch/open-watch.ts";
import { takeAway } from "../../fixtures/watch/read-back.ts";
import { watchUsers, type Watched } from "../../fixtures/watch/watch.ts";
import { writeSuccessor } from "../../harness/successor.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { connect, type Cluster } from "../../probes/kubernetes/cluster.ts";
import {
  rebuildStages,
  type Marker,
  type Moment,
  type RestoreRun,
  type Stage,
} from "../../probes/restore/restore-run.ts";
import type { PodVolumeBackup } from "../../probes/velero/pod-volumes.ts";
import { readPodVolumeRestores } from "../../probes/velero/pod-volumes.ts";
import { readRestores } from "../../probes/velero/restores.ts";
import { watchFor } from "../infra/todo-flow.ts";
import type { TrialContext } from "../trial.ts";
import { restoreEvidence, restoreEvidenceFile } from "./restore-evidence.ts";
import { lookAtWorkloads } from "./steady-workloads.ts";
import { isVerified, signedIn, verifyData } from "./verified-data.ts";

/** Two writes a second: sixty and more are in the backup, each a row and an object. */
const everyMs = 250;
const writeMs = 30_000;
const readMs = 60_000;
const engineMsMax = 15_000;

/** `ok: false` where nothing could be begun: then nothing was touched either. */
export async function gatherRebuild(
  context: TrialContext,
  shown: { readonly criterion: string; readonly secondsMax: number },
): Promise<Reading<RestoreRun>> {
  const { profile, run, cluster, signal, planned } = context;
  const [user] = profile.health.users;
  if (user === undefined) return unread("the profile names no user of the Health API", profile.name, new Date());
  const session = await keepSession(profile, user, signal);
  if (!session.ok) return session;
  const { tenant } = session.value();
  const startedMs = performance.now();
  const momentOf = (): Moment => ({ ms: performance.now() - startedMs, at: new Date().toISOString() });
  const names = namesOf({ undo: { ...planned.fault.undo } });
  const state = rebuildStateOf(run.id);
  state.say = context.say;
  const writer = healthUser(profile, session.value, run.id, signal);
  const timeoutMs = (planned.actMsMax ?? 0) * 2 + planned.feltWithinMs + planned.recoverWithinMs + writeMs;
  const watchBegan = momentOf();
  const watching = watchUsers({ services: [writer], control: apiServerAnswers(cluster), everyMs, timeoutMs, signal });
  context.say(`a user writes for ${writeMs / 1000} s before the backup is made`);
  await watchFor(writeMs, signal);
  let written: Promise<Watched> | undefined;
  // Nobody writes to what is not there: what comes after the loss would only fill the record.
  const endWatch = (): void => {
    written ??= watching.end();
  };
  const stages = watchRebuild(
    {
      names,
      nodeCount: profile.nodes.count,
      containers: async () => containersLeft(signal),
      connect: reconnecting({ ...profile, cluster: { kubeconfig: statePaths.kubeconfig } }, signal),
      momentOf,
    },
    { timeoutMs, signal, onLoss: endWatch },
  );
  const steady = reconnecting(profile, signal);
  const observed = await context.perform(async () => lookAtWorkloads(steady(), names.namespaces));
  const seen = rebuildSeen(await stages.end(), run.clusterUid);
  endWatch();
  const watched = (await written) ?? (await watching.end());
  const now = { ...context, cluster: connect(profile, signal) };
  if (observed.injectedAtMs === undefined && seen.lossBegan === undefined) {
    await takeBack(now, watched, { user, service: writer.name });
    const why = observed.injectError ?? `it was not steady before: ${observed.before.because}`;
    return unread(why, `drill rebuild of run ${run.id}`, new Date());
  }
  if (seen.successor !== undefined) {
    writeSuccessor(dirname(context.evidenceDirectory), { from: run.clusterUid, to: seen.successor });
  }
  // The Lease of the command went with the old cluster: in the new one nobody else may begin, and nobody take this run for dead.
  const lease = await holdDrillLease(profile, run.id, signal);
  if (!lease.ok) context.say(`no lease in the new cluster: ${lease.why}`);
  try {
    context.say(`${watched.accepted.length} accepted writes are read back by their owner, and as row and object`);
    const verified = await verifyData(now, watched.accepted, { user, tenant });
    const end = momentOf();
    const file = restoreEvidenceFile("rebuild");
    const result: RestoreRun = {
      stages: stagesOf(seen, observed.removeError === undefined && isVerified(verified) ? end : undefined),
      ended: end,
      what: `cluster ${run.clusterUid}`,
      backup: { name: names.backup, requested: seen.backupRequested ?? watchBegan },
      lossBegan: seen.lossBegan ?? end,
      destroyed: observed.felt ?? unread("it was not seen to be gone", run.clusterUid, new Date()),
      restore:
        observed.removeError === undefined
          ? await readRestored(now.cluster, names, state.copies)
          : unread(observed.removeError, names.restore, new Date()),
      markers: markersOf(watched, watchBegan),
      verifications: verified,
      file,
    };
    const evidence = restoreEvidence(result, {
      criteria: [shown.criterion],
      stages: rebuildStages,
      secondsMax: shown.secondsMax,
    });
    writeFileSync(join(context.evidenceDirectory, file), JSON.stringify(evidence));
    await takeBack(now, watched, { user, service: writer.name });
    return read(result, `drill rebuild of run ${run.id}`, new Date());
  } finally {
    if (lease.ok) await lease.stop(true);
  }
}

/** Everything that was written for the drill goes again. */
async function takeBack(
  now: TrialContext,
  { accepted }: Watched,
  { user, service }: { readonly user: string; readonly service: string },
): Promise<void> {
  const owner = await signedIn(now, user);
  if (owner.ok) await takeAway(accepted, new Map([[service, owner.value]]), { readMs, signal: now.signal });
}

/** @throws Error where no engine answers */
async function containersLeft(signal: AbortSignal): Promise<number> {
  const engine = await findEngine("auto", signal);
  if (engine === undefined) throw new Error("no container engine answers");
  return (await nodeContainers(engine, { timeoutMs: engineMsMax, signal })).length;
}

/** The stages of a rebuild as they were seen, and the end. */
export function stagesOf(seen: SeenRebuild, verified: Moment | undefined): readonly Stage[] {
  const moments: Readonly<Record<(typeof rebuildStages)[number], Moment | undefined>> = {
    declared: seen.declared,
    "cluster ready": seen.clusterReady,
    "backup found": seen.backupFound,
    "restore created": seen.restoreCreated,
    "restore completed": seen.restoreCompleted,
    "pods ready": seen.podsReady,
    "data verified": verified,
  };
  return rebuildStages.map((name): Stage => {
    const reached = moments[name];
    return reached === undefined ? { name } : { name, reached };
  });
}

function markersOf({ accepted }: Watched, began: Moment): readonly Marker[] {
  return accepted.map(({ id, service, acceptedMs }) => ({
    id,
    service,
    parts: ["row", "object"],
    accepted: { ms: began.ms + acceptedMs, at: new Date(Date.parse(began.at) + acceptedMs).toISOString() },
  }));
}

/** The Restore by its own object, and its volumes against the copies that the backup held when the cluster stood yet. */
export async function readRestored(
  cluster: Cluster,
  names: PlatformNames,
  copies: readonly PodVolumeBackup[],
): Promise<RestoreRun["restore"]> {
  const [restores, back] = await Promise.all([
    readRestores(cluster, names.velero),
    readPodVolumeRestores(cluster, names.velero),
  ]);
  if (!restores.ok) return restores;
  if (!back.ok) return back;
  const found = restores.value.find(({ name }) => name === names.restore);
  if (found?.errors === undefined) {
    return unread(`Restore ${names.restore} is not there, or counts no errors`, restores.source, new Date());
  }
  const ofIt = back.value.filter(({ restore }) => restore === names.restore);
  const volumes = copies.map(({ namespace, claim, pod, volume, bytesTotal }) => ({
    claim: `${namespace}/${claim}`,
    backedUpBytes: bytesTotal ?? 0,
    restoredBytes:
      ofIt.find((one) => one.namespace === namespace && one.pod === pod && one.volume === volume)?.bytesDone ?? 0,
  }));
  return read({ name: found.name, phase: found.phase, errors: found.errors, volumes }, restores.source, new Date());
}
