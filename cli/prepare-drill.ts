/** All that must hold before a drill touches anything, asked in the order from cheap to dear. */
import { catalogue } from "../criteria/catalogue.ts";
import type { Profile } from "../environments/profile.ts";
import { UsageError } from "../environments/settings.ts";
import { changingCluster } from "../fixtures/connect-changing.ts";
import type { Drill, PlannedDrill } from "../fixtures/faults/drill.ts";
import { trialMs } from "../fixtures/faults/drill-time.ts";
import { drills as allDrills } from "../fixtures/faults/drills.ts";
import { whyNotAgreed, whyNotPermitted, whyNotSafe } from "../fixtures/faults/guards.ts";
import type { Criterion } from "../harness/criterion.ts";
import type { RunPlan } from "../harness/run-plan.ts";
import type { Reading } from "../harness/verdict.ts";
import { connect } from "../probes/kubernetes/cluster.ts";
import { readClusterIdentity } from "../probes/kubernetes/identity.ts";
import { criteriaOfDrill } from "./carried-drills.ts";

type Wanted = {
  readonly name: string;
  readonly profile: Profile;
  readonly runId: string;
  readonly singleReplica: boolean;
  /** The cluster that the command names by its UID, where it does. */
  readonly clusterUid?: string;
};

export type Prepared = {
  readonly planned: Reading<PlannedDrill>;
  readonly drill: {
    readonly announced: NonNullable<RunPlan["drill"]>;
    readonly withoutDeadMan: string | undefined;
  };
  /** What it decides. */
  readonly decided: readonly Criterion[];
  /** What it will touch and how it undoes it, as it is printed before anything begins. */
  readonly lines: readonly string[];
};

/** What tests bring of their own. */
export type Known = { readonly drills: readonly Drill[]; readonly catalogue: readonly Criterion[] };

/**
 * Reads, and touches nothing.
 * @returns `planned` not ok where the targets cannot be read: the drill is unproven then
 * @throws UsageError with one line why this drill must not be made here
 */
export async function prepareDrill(
  { name, profile, runId, singleReplica, clusterUid: named }: Wanted,
  signal: AbortSignal,
  { drills, catalogue: criteria }: Known = { drills: allDrills, catalogue },
): Promise<Prepared> {
  const refuse = (why: string): UsageError => new UsageError(`drill ${name}: nothing was touched: ${why}`);
  const drill = drills.find((one) => one.name === name);
  if (drill === undefined) throw new UsageError(`unknown drill '${name}': 'oke-proof drill' lists them`);
  const notPermitted =
    whyNotPermitted(profile, drill) ?? whyNotAgreed(profile, drill, { named, clusterUid: undefined });
  if (notPermitted !== undefined) throw refuse(notPermitted);
  const decided = criteriaOfDrill(criteria, profile.name, name);
  const clusterUid = await expectedCluster(profile, signal, refuse);
  const notNamed = whyNotAgreed(profile, drill, { named, clusterUid });
  if (notNamed !== undefined) throw refuse(notNamed);
  // The fault's own signal is the run's: what is planned here is not made here.
  const changing = changingCluster(profile, signal);
  const cluster = connect(profile, signal);
  const planned = await drill.plan({ profile, run: { id: runId, clusterUid }, cluster, changing, signal });
  signal.throwIfAborted();
  if (!planned.ok)
    return { planned, decided, lines: [], drill: { announced: nothing(name), withoutDeadMan: undefined } };
  const notSafe = whyNotSafe(profile, planned.value, { singleReplica });
  if (notSafe !== undefined) throw refuse(notSafe);
  const { fault, namespaces, steps, withoutDeadMan, replacesCluster = false } = planned.value;
  const targets = fault.targets.ok ? fault.targets.value : [];
  return {
    planned: fault.targets.ok ? planned : fault.targets,
    decided,
    drill: {
      announced: {
        name,
        targets: [...targets],
        namespaces: [...namespaces],
        singleReplica,
        replacesCluster,
        msMax: trialMs(planned.value),
      },
      withoutDeadMan,
    },
    lines: [
      `drill ${name} on '${profile.name}', cluster ${clusterUid}: ${drill.about}`,
      ...targets.map((target) => `  touches: ${target}`),
      ...steps.map((step, index) => `  ${index + 1}. ${step}`),
      `  decides: ${decided.map(({ id }) => id).join(", ") || whyNothing(drill)}`,
    ],
  };
}

/** What it could decide, and why it does not. */
export function whyNothing({ criteria }: Pick<Drill, "criteria">): string {
  return `nothing that is in scope here and names it as its trial (${criteria.join(", ")})`;
}

function nothing(name: string): Prepared["drill"]["announced"] {
  return { name, targets: [], namespaces: [], singleReplica: false, msMax: 1 };
}

async function expectedCluster(
  profile: Profile,
  signal: AbortSignal,
  refuse: (why: string) => UsageError,
): Promise<string> {
  const { expectedUid, kubeconfig } = profile.cluster;
  if (expectedUid === undefined) {
    const mend =
      profile.name === "local"
        ? "'oke-proof up' stands the local cluster up"
        : "cluster.expectedUid, OKE_PROOF_CLUSTER_UID";
    throw refuse(
      `the profile names no cluster UID: cannot tell whether this is the cluster that may be disturbed (${mend})`,
    );
  }
  const identity = await readClusterIdentity(connect(profile, signal));
  if (!identity.ok) throw refuse(`which cluster it is could not be read: ${identity.why}`);
  const { uid } = identity.value;
  if (uid !== expectedUid)
    throw refuse(`wrong cluster: kubeconfig ${kubeconfig} reaches cluster ${uid}, not ${expectedUid}`);
  return uid;
}
