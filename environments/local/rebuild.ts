/** The local cluster made anew from this code and from a backup. The store of backups, its data and every key of the state folder stay as they are. */
import { poll, type Look } from "../../harness/poll.ts";
import { lookAtPhased, phasedSchema } from "../velero-phase.ts";
import { ensureHarnessAccess } from "./access.ts";
import { scheduleMade } from "./backup-schedule.ts";
import { buildStages } from "./build-stages.ts";
import { findLocalCluster, type LocalCluster } from "./cluster-record.ts";
import { clusterStages } from "./cluster-stages.ts";
import type { Engine } from "./engine.ts";
import { findEngine } from "./engine.ts";
import { pushedImages } from "./image-set.ts";
import { installAccess } from "./install-access.ts";
import { installCore } from "./install-core.ts";
import { installEventBus, installTodo } from "./install-events.ts";
import { installNetworkPolicies } from "./install-network-policies.ts";
import { installObservability } from "./install-observability.ts";
import { installOperations } from "./install-operations.ts";
import { installVelero } from "./install-velero.ts";
import { apply, kubectl, rolledOut } from "./kubectl.ts";
import { layerKey } from "./layers.ts";
import { locked } from "./lock.ts";
import { makeNamespaces } from "./platform.ts";
import { pushAll } from "./registry.ts";
import { rebuildSteps, type StepName } from "./rebuild-steps.ts";
import { runStages, stageTable, type Stage } from "./stages.ts";
import { removeNodes } from "./teardown.ts";
import { linkState, makingOf, recordCluster, type Making, type UpOptions } from "./up.ts";
import { layerNames } from "./versions.ts";
import { volumesMeasured } from "./volume-statistics.ts";

/** What the data come back from. */
export type RestorePlan = {
  /** Velero's namespace, and the names of its objects. */
  readonly velero: string;
  readonly backup: string;
  readonly restore: string;
  /** What is restored. */
  readonly namespaces: readonly string[];
  /** The Restore as JSON. */
  readonly manifest: string;
};

type Options = Pick<UpOptions, "say" | "signal" | "images" | "engine">;

/** Builds what is not built yet: it must not turn out after the deletion that something cannot be. @throws Error that names the stage */
export async function everythingBuilt(options: Options): Promise<void> {
  const { engine, set, mode } = await makingOf(options);
  for (const layer of layerNames) {
    const stages = buildStages(engine, set, mode, layer, layer === layerNames.at(-1));
    await runStages(stages, { say: options.say, signal: options.signal, atOnce: 2 });
  }
}

/** Deletes the nodes with all that is on them. @throws Error where no engine answers */
export async function destroyCluster(signal: AbortSignal): Promise<void> {
  await locked("drill rebuild", async () => {
    const engine = await findEngine(findLocalCluster()?.engine ?? "auto", signal);
    if (engine === undefined) throw new Error("no container engine answers: nothing was deleted");
    await removeNodes(engine, signal);
  });
}

/**
 * Makes the cluster anew, whatever is left of it: nodes that stand half are deleted first. May be interrupted at any moment and called again.
 * @throws Error that names the stage which failed; UsageError where another process works on the cluster
 */
export async function rebuildCluster(plan: RestorePlan, options: Options): Promise<LocalCluster> {
  return locked("drill rebuild", async () => {
    await linkState();
    const making = await makingOf(options);
    const { engine, set, mode } = making;
    const nodes = clusterStages(engine, set, mode, options.say, removeNodes);
    const times = await runStages(rebuildSteps(nodes, workOf(making, plan)), { ...options, atOnce: 2 });
    const keys = await Promise.all(layerNames.map(async (name) => [name, await layerKey(name, set, mode)] as const));
    const cluster = await recordCluster(making, Object.fromEntries(keys));
    for (const line of stageTable(times)) options.say(line);
    return cluster;
  });
}

function workOf({ engine, set, mode }: Making, plan: RestorePlan): Readonly<Record<StepName, Stage["run"]>> {
  const images = [...new Set(layerNames.flatMap((name) => pushedImages(set, mode, name)))];
  return {
    "push images": (signal) => pushAll(engine, images, signal),
    "namespaces and policies": async (signal) => {
      await makeNamespaces(engine, signal);
      await installNetworkPolicies(engine, signal);
    },
    velero: (signal) => installVelero(engine, set, signal),
    "kafka and dapr": (signal) => installEventBus(set, signal),
    "backup found": (signal) => backupFound(engine, plan, signal),
    restore: (signal) => restored(engine, plan, signal),
    observability: (signal) => installObservability(set, signal),
    "health platform": (signal) => installCore(engine, set, mode, signal),
    "todo platform": (signal) => installTodo(set, signal),
    "pods anew": (signal) => podsAnew(engine, plan.namespaces, signal),
    operations: (signal) => installOperations(engine, set, signal),
    "harness access": async (signal) => {
      await installAccess(engine, set, "operations", signal);
      await ensureHarnessAccess();
    },
    "volume statistics": (signal) => volumesMeasured(engine, signal),
    "backup schedule": (signal) => scheduleMade(engine, signal, new Date()),
  };
}

const everyMs = 2_000;
/** Velero looks into the bucket once a minute. */
const foundMsMax = 240_000;
/** Longer than Velero itself gives the volumes. */
const restoredMsMax = 600_000;
const rollSeconds = 240;

/** What Velero says of one of its objects, as text of JSON; empty text is no object. Never "yes" but for Completed without an error. */
export function lookAtPhase(text: string): Look<true> {
  if (text.trim() === "") return { state: "not yet", seen: "it is not there" };
  return lookAtPhased(phasedSchema.parse(JSON.parse(text)));
}

type Awaited = { readonly kind: string; readonly name: string; readonly timeoutMs: number; readonly hint: string };

async function completed(engine: Engine, velero: string, one: Awaited, signal: AbortSignal): Promise<void> {
  const { kind, name, timeoutMs, hint } = one;
  const args = ["get", `${kind}.velero.io`, name, "-n", velero, "-o", "json", "--ignore-not-found"];
  const found = await poll(async () => lookAtPhase((await kubectl(engine, args, { signal })).stdout), {
    what: `${kind} ${name} Completed in the new cluster`,
    timeoutMs,
    everyMs,
    signal,
  });
  signal.throwIfAborted();
  if (!found.ok) throw new Error(`${found.why}: ${hint}`);
}

async function backupFound(engine: Engine, { velero, backup }: RestorePlan, signal: AbortSignal): Promise<void> {
  const hint = "docs/runbooks/cluster-rebuild.md, step 7";
  await completed(engine, velero, { kind: "backups", name: backup, timeoutMs: foundMsMax, hint }, signal);
}

async function restored(engine: Engine, plan: RestorePlan, signal: AbortSignal): Promise<void> {
  await apply(engine, plan.manifest, { signal });
  const hint = `docs/runbooks/cluster-rebuild.md, step 9; backup ${plan.backup} holds what was there`;
  const awaited = { kind: "restores", name: plan.restore, timeoutMs: restoredMsMax, hint };
  await completed(engine, plan.velero, awaited, signal);
}

/** Restored pods carry Velero's init container and labels: one roll-out makes them from their own templates. Databases first: what asks them at its start must find them. */
async function podsAnew(engine: Engine, namespaces: readonly string[], signal: AbortSignal): Promise<void> {
  for (const kind of ["statefulsets", "deployments"]) {
    for (const namespace of namespaces) {
      const listed = await kubectl(engine, ["get", kind, "-n", namespace, "-o", "name"], { signal });
      const names = listed.stdout.split("\n").filter((name) => name !== "");
      if (names.length > 0) await kubectl(engine, ["rollout", "restart", "-n", namespace, ...names], { signal });
      for (const name of names) await rolledOut(engine, namespace, name, rollSeconds, signal);
    }
  }
}
