/** What every container of every pod is allowed to be: init, ordinary and ephemeral ones, as the pods that run have it, not as charts say. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { controllerOf, metadata, type Owner } from "./shapes.ts";

const seccompProfile = z.object({ type: z.string() }).optional();
const securityContext = z
  .object({
    privileged: z.boolean().optional(),
    runAsUser: z.int().optional(),
    runAsNonRoot: z.boolean().optional(),
    readOnlyRootFilesystem: z.boolean().optional(),
    allowPrivilegeEscalation: z.boolean().optional(),
    capabilities: z.object({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() }).optional(),
    seccompProfile,
  })
  .optional();
const container = z.object({ name: z.string().min(1), securityContext });
const status = z.object({
  name: z.string().min(1),
  /** Who its first process runs as, by the container runtime's own word (Kubernetes 1.33, containerd 2). */
  user: z.object({ linux: z.object({ uid: z.int().min(0) }).optional() }).optional(),
});

const pod = z
  .object({
    metadata,
    spec: z.object({
      securityContext: z
        .object({ runAsUser: z.int().optional(), runAsNonRoot: z.boolean().optional(), seccompProfile })
        .optional(),
      containers: z.array(container).min(1),
      initContainers: z.array(container).optional(),
      ephemeralContainers: z.array(container).optional(),
    }),
    status: z.object({
      containerStatuses: z.array(status).optional(),
      initContainerStatuses: z.array(status).optional(),
      ephemeralContainerStatuses: z.array(status).optional(),
    }),
  })
  .transform(({ metadata: found, spec, status: states }) => {
    const { containers, initContainers = [], ephemeralContainers = [] } = spec;
    const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = states;
    const users = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
    return [...containers, ...initContainers, ...ephemeralContainers].map(({ name, securityContext: own }) => {
      const uid = users.find((one) => one.name === name)?.user?.linux?.uid;
      const runAsUser = own?.runAsUser ?? spec.securityContext?.runAsUser;
      return {
        namespace: found.namespace,
        pod: found.name,
        workload: workloadOf(found.name, controllerOf(found)),
        container: name,
        ...(runAsUser === undefined ? {} : { runAsUser }),
        runAsNonRoot: own?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot ?? false,
        /** What it really runs as; absent where it has not started, or the runtime does not tell. */
        ...(uid === undefined ? {} : { uid }),
        readOnlyRoot: own?.readOnlyRootFilesystem === true,
        // Left out it is allowed.
        escalation: own?.allowPrivilegeEscalation !== false,
        privileged: own?.privileged === true,
        dropsAll: (own?.capabilities?.drop ?? []).includes("ALL"),
        adds: own?.capabilities?.add ?? [],
        seccomp: (own?.seccompProfile ?? spec.securityContext?.seccompProfile)?.type ?? "none named",
      };
    });
  });

/** One container of one pod, the pod's own context laid under the container's. */
export type ContainerContext = Readonly<z.output<typeof pod>[number]>;

/** The containers of all pods of the cluster. */
export async function readContainerContexts(cluster: Cluster): Promise<Reading<readonly ContainerContext[]>> {
  const pods = await cluster.list("/api/v1/pods", pod);
  return pods.ok ? read(pods.value.flat(), pods.source, new Date(pods.at)) : pods;
}

/** The name that a pod's Deployment, CronJob, StatefulSet or DaemonSet has; its own where nothing controls it. */
export function workloadOf(name: string, owner: Owner | undefined): string {
  // Nothing owns Velero's Jobs for its repositories, which are made anew every hour.
  if (owner === undefined) return name.replace(/(-maintain-job)-\d{13}$/, "$1");
  if (owner.kind === "ReplicaSet") return owner.name.replace(/-[a-z0-9]+$/, "");
  // A CronJob's Jobs are called after the minute they were due, and Velero's after the millisecond.
  return owner.kind === "Job" ? owner.name.replace(/-\d{8,}$/, "") : owner.name;
}
