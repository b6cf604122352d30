/** Makes the load that the profile asks for: by one generator on this machine, or by several inside the cluster. */
import { join } from "node:path";
import { k6Program } from "../../environments/local/programs.ts";
import { projectRoot } from "../../environments/settings.ts";
import type { AbortBudget } from "../../fixtures/load/abort-budget.ts";
import { runInCluster } from "../../fixtures/load/run-in-cluster.ts";
import { everybody } from "../../fixtures/undo/as-users.ts";
import { runK6 } from "../../fixtures/load/run-k6.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import { readNodesBeside } from "../../probes/load/nodes-beside.ts";
import { readNodesShared } from "../../probes/load/nodes-shared.ts";
import type { CheckContext } from "../check.ts";

export type MadeLoad = {
  readonly load: Reading<LoadRun>;
  /** Nodes of the cluster that the generators share a machine with, each with pods of the platform on it. */
  readonly nodesBeside: () => Promise<Reading<readonly string[]>>;
};

/** A load whose answers are mostly errors has shown what it had to: it is not kept up. */
export const loadBudget: AbortBudget = { errorPercentMax: 50, windowSeconds: 10, requestsMin: 100 };
const script = { folder: join(projectRoot, "suites", "performance", "k6"), entry: "load.ts" };

/** Signs the users in and makes the load. `load` is `ok: false` where there was none. @param say told how it goes */
export async function makeLoad(context: CheckContext, say: (line: string) => void): Promise<MadeLoad> {
  const { profile, cluster, run, signal, evidenceDirectory: directory } = context;
  const nodesBeside = () => readNodesBeside(cluster);
  const { runners } = profile.load;
  const k6 = runners === undefined ? await k6Program() : undefined;
  if (runners === undefined && k6 === undefined) {
    const why = "there is no k6: 'oke-proof up' builds it, or put release 1.x on the PATH";
    return { load: unread(why, "the PATH", new Date()), nodesBeside };
  }
  say("load: users sign in");
  const sessions = await everybody(profile, signal)();
  if (!sessions.ok) return { load: sessions, nodesBeside };
  const users = sessions.value.map(({ user, tenant, token }) => ({ user, tenant, token }));
  const common = { plan: profile.load, profile, users, directory, budget: loadBudget, signal, say };
  if (runners === undefined) {
    const path = join(script.folder, script.entry);
    return { load: await runK6({ ...common, runId: run.id, k6: k6?.path ?? "k6", script: path }), nodesBeside };
  }
  const made = await runInCluster({ ...common, run, script, runners });
  if (!made.ok) return { load: made, nodesBeside };
  const { nodes, run: load } = made.value;
  const { namespace } = profile.prober;
  return { load: { ...made, value: load }, nodesBeside: () => readNodesShared(cluster, { nodes, namespace }) };
}
