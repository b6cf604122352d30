/** A drill with its users, gathered once for all criteria that it decides: they ask before, while and after it is made. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiServerAnswers, openUsers } from "../../fixtures/watch/open-watch.ts";
import { readBack } from "../../fixtures/watch/read-back.ts";
import { watchUsers } from "../../fixtures/watch/watch.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import { readFiring } from "../../probes/observability/firing.ts";
import { watchFor } from "../infra/todo-flow.ts";
import type { TrialContext } from "../trial.ts";
import { drillTimeline, timelineEvidenceFile } from "./drill-timeline.ts";
import { lookAtWorkloads, namespacesLookedAt } from "./steady-workloads.ts";
import type { WatchedDrill } from "./watched-drill.ts";

const everyMs = 500;
/** Users must be well before, and for a while after: what is wrong a moment later is wrong, too. */
const beforeMs = 10_000;
const afterMs = 10_000;
const afterwards = { readMs: 30_000, eventsMs: 60_000, eventsSettleMs: 12_000 } as const;
/** Above what the plan itself bounds. */
const watchMsMax = 3_600_000;

/** `ok: false` where users could not sign in: nothing was disturbed then. @param criterion its timeline is drawn there */
export async function watchDrill(context: TrialContext, criterion: string): Promise<Reading<WatchedDrill>> {
  const { profile, run, cluster, signal, planned, evidenceDirectory, say } = context;
  say("users sign in");
  const users = await openUsers(profile, run.id, signal);
  if (!users.ok) return users;
  const from = new Date();
  const watching = watchUsers({
    services: users.value,
    control: planned.control ?? apiServerAnswers(cluster),
    everyMs,
    timeoutMs: watchMsMax,
    signal,
  });
  say(`users are watched for ${beforeMs / 1000} s before anything is disturbed`);
  await watchFor(beforeMs, signal);
  const namespaces = namespacesLookedAt(planned.namespaces, profile);
  const beganMs = watching.elapsedMs();
  const observed = await context.perform(planned.steady ?? (async () => lookAtWorkloads(cluster, namespaces)));
  await watchFor(afterMs, signal);
  const watched = await watching.end();
  say(`users are done; ${watched.accepted.length} accepted writes are read back`);
  const watch = await readBack(watched, users.value, { ...afterwards, signal });
  const { lostMsMax, recoverWithinMs } = planned;
  const drill: WatchedDrill = {
    observed,
    survival: { lostMsMax, recoverMsMax: recoverWithinMs },
    watch: read(watch, users.source, new Date()),
    beganMs,
    firing: await readFiring(cluster, profile.observability, { from, until: new Date() }),
    now: new Date(),
  };
  const file = join(evidenceDirectory, timelineEvidenceFile(criterion));
  writeFileSync(file, JSON.stringify(drillTimeline(criterion, drill)));
  return read(drill, `drill ${observed.fault} of run ${run.id}`, new Date());
}
