/** Pods and the state of their containers. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { condition, controllerOf, metadata } from "./shapes.ts";

const terminated = z.object({ exitCode: z.int(), reason: z.string().optional(), finishedAt: z.string().optional() });

const containerStatus = z
  .object({
    name: z.string().min(1),
    ready: z.boolean(),
    restartCount: z.int().min(0),
    state: z
      .object({ waiting: z.object({ reason: z.string().optional() }).optional(), terminated: terminated.optional() })
      .optional(),
    lastState: z.object({ terminated: terminated.optional() }).optional(),
  })
  .transform(({ name, ready, restartCount, state, lastState }) => ({
    name,
    ready,
    restarts: restartCount,
    /** Why it waits: CrashLoopBackOff, ImagePullBackOff, ContainerCreating, ... */
    ...(state?.waiting?.reason === undefined ? {} : { waiting: state.waiting.reason }),
    ...(state?.terminated === undefined ? {} : { ended: endOf(state.terminated) }),
    /** How the instance before this one ended, and when: "OOMKilled, exit code 137, at 2026-11-22T08:00:00Z". */
    ...(lastState?.terminated === undefined ? {} : { endedBefore: datedEndOf(lastState.terminated) }),
  }));

function endOf({ exitCode, reason }: z.output<typeof terminated>): string {
  return `${reason ?? "ended"}, exit code ${exitCode}`;
}

/** With the time, where it is told: by it a restart is known as that of a drill, or as nobody's. */
function datedEndOf(end: z.output<typeof terminated>): string {
  return end.finishedAt === undefined ? endOf(end) : `${endOf(end)}, at ${end.finishedAt}`;
}

const pod = z
  .object({
    metadata,
    spec: z.object({
      nodeName: z.string().optional(),
      volumes: z
        .array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string().min(1) }).optional() }))
        .optional(),
    }),
    status: z.object({
      phase: z.enum(["Pending", "Running", "Succeeded", "Failed", "Unknown"]),
      reason: z.string().optional(),
      conditions: z.array(condition).optional(),
      initContainerStatuses: z.array(containerStatus).optional(),
      containerStatuses: z.array(containerStatus).optional(),
    }),
  })
  .transform(({ metadata: found, spec, status }) => {
    const ready = status.conditions?.find(({ type }) => type === "Ready");
    const scheduled = status.conditions?.find(
      ({ type, status: state }) => type === "PodScheduled" && state === "False",
    );
    return {
      namespace: found.namespace,
      name: found.name,
      createdAt: found.creationTimestamp,
      /** When the time that it was given to end is over. */
      ...(found.deletionTimestamp === undefined ? {} : { deletedAt: found.deletionTimestamp }),
      ...(spec.nodeName === undefined ? {} : { node: spec.nodeName }),
      phase: status.phase,
      /** Evicted, NodeLost, Unschedulable, ... */
      reason: status.reason ?? scheduled?.reason ?? "",
      ready: ready?.status === "True",
      ...(ready?.status === "True" && typeof ready.lastTransitionTime === "string"
        ? { readyAt: ready.lastTransitionTime }
        : {}),
      owner: controllerOf(found),
      /** Name or hash of the ControllerRevision that a StatefulSet or DaemonSet made it from. */
      revision: found.labels?.["controller-revision-hash"] ?? "",
      initContainers: status.initContainerStatuses ?? [],
      containers: status.containerStatuses ?? [],
      claims: (spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) =>
        claim === undefined ? [] : [claim.claimName],
      ),
    };
  });

export type Pod = Readonly<z.output<typeof pod>>;
export type Container = Readonly<z.output<typeof containerStatus>>;

/** All pods of the cluster. */
export async function readPods(cluster: Cluster): Promise<Reading<readonly Pod[]>> {
  return cluster.list("/api/v1/pods", pod);
}

/** The pods of a namespace that carry the labels of a selector. */
export async function readSelectedPods(
  cluster: Cluster,
  wanted: { readonly namespace: string; readonly selector: string },
): Promise<Reading<readonly Pod[]>> {
  const query = new URLSearchParams({ labelSelector: wanted.selector });
  return cluster.list(`/api/v1/namespaces/${encodeURIComponent(wanted.namespace)}/pods?${query.toString()}`, pod);
}
