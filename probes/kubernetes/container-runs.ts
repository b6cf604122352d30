/** Containers with what they may take, since when they run, and how they ended before: by what the kubelet says in their pods. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { bytes as quantity, controllerOf, metadata, timestamp, type Owner } from "./shapes.ts";

const amounts = z.object({ cpu: quantity.optional(), memory: quantity.optional() }).optional();
const specified = z.object({
  name: z.string().min(1),
  /** `Always` in the list of init containers: a sidecar. */
  restartPolicy: z.string().optional(),
  resources: z.object({ requests: amounts, limits: amounts }).optional(),
});

const ended = z.object({ reason: z.string().optional(), finishedAt: timestamp.nullish() });
const state = z.object({
  running: z.object({ startedAt: timestamp.nullish() }).optional(),
  terminated: ended.optional(),
});
const status = z.object({
  name: z.string().min(1),
  restartCount: z.int().min(0),
  state: state.optional(),
  lastState: state.optional(),
});

const pod = z
  .object({
    metadata,
    spec: z.object({
      nodeName: z.string().optional(),
      containers: z.array(specified),
      initContainers: z.array(specified).optional(),
    }),
    status: z.object({
      phase: z.string(),
      reason: z.string().optional(),
      containerStatuses: z.array(status).optional(),
      initContainerStatuses: z.array(status).optional(),
    }),
  })
  .transform(({ metadata: found, spec, status: reported }) => {
    const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
    const statuses = [...(reported.containerStatuses ?? []), ...(reported.initContainerStatuses ?? [])];
    return [...spec.containers, ...sidecars].map(({ name, resources }) => {
      const one = statuses.find((each) => each.name === name);
      const ends = [one?.state?.terminated, one?.lastState?.terminated].filter((end) => end !== undefined);
      return {
        namespace: found.namespace,
        pod: found.name,
        podUid: found.uid,
        podReason: reported.reason ?? "",
        container: name,
        workload: workloadOf(controllerOf(found), found.name),
        createdAt: found.creationTimestamp,
        restarts: one?.restartCount ?? 0,
        startedAt: one?.state?.running?.startedAt ?? undefined,
        /** How it ended, now and before that; the time is missing where the kubelet does not know it. */
        ends: ends.map(({ reason, finishedAt }) => ({ reason: reason ?? "ended", at: finishedAt ?? undefined })),
        /** What the scheduler keeps for it; absent where that is nothing. */
        memoryRequestBytes: resources?.requests?.memory,
        /** Bytes and cores; absent where it may take what the node has. */
        memoryLimitBytes: resources?.limits?.memory,
        cpuLimitCores: resources?.limits?.cpu,
      };
    });
  });

export type ContainerRun = Readonly<z.output<typeof pod>[number]>;

/** A Deployment's pods belong to a ReplicaSet, whose name is the Deployment's and a hash. */
function workloadOf(owner: Owner | undefined, podName: string): string {
  if (owner === undefined) return podName;
  return owner.kind === "ReplicaSet" ? owner.name.replace(/-[^-]+$/, "") : owner.name;
}

/** The containers of all pods of a namespace, sidecars included; those of Jobs as long as their pods are kept. */
export async function readContainerRuns(
  cluster: Cluster,
  namespace: string,
): Promise<Reading<readonly ContainerRun[]>> {
  const found = await cluster.list(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, pod);
  return found.ok ? { ...found, value: found.value.flat() } : found;
}
