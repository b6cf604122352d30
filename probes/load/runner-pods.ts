/** The pods of the load runners: which runner each is, where it stands, and how its generator ended. */
import { constants } from "node:os";
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import type { LoadRun } from "./load-run.ts";

/** The label by which an Indexed Job tells its pods apart (Kubernetes 1.28 and later). */
const indexLabel = "batch.kubernetes.io/job-completion-index";
/** Of the pod's containers: the one that makes the load, and the one that hands out what it wrote. */
export const runnerContainers = { generator: "k6", keeper: "keeper", receiver: "receiver" } as const;

const terminated = z.object({
  exitCode: z.int(),
  signal: z.int().optional(),
  reason: z.string().optional(),
});
const status = z.object({
  name: z.string().min(1),
  state: z
    .object({ waiting: z.object({ reason: z.string().optional() }).optional(), terminated: terminated.optional() })
    .optional(),
});
const condition = z.object({ type: z.string(), status: z.string(), reason: z.string().optional() });

const pod = z
  .object({
    metadata: z.object({
      name: z.string().min(1),
      deletionTimestamp: z.string().optional(),
      labels: z.object({ [indexLabel]: z.string().regex(/^\d{1,4}$/) }),
    }),
    spec: z.object({ nodeName: z.string().optional() }),
    status: z.object({
      phase: z.enum(["Pending", "Running", "Succeeded", "Failed", "Unknown"]),
      reason: z.string().optional(),
      conditions: z.array(condition).optional(),
      initContainerStatuses: z.array(status).optional(),
      containerStatuses: z.array(status).optional(),
    }),
  })
  .transform(({ metadata, spec, status: found }) => {
    const containers = [...(found.initContainerStatuses ?? []), ...(found.containerStatuses ?? [])];
    const endOf = (name: string) => containers.find((one) => one.name === name)?.state?.terminated;
    const ended = endOf(runnerContainers.generator);
    return {
      index: Number(metadata.labels[indexLabel]),
      pod: metadata.name,
      node: spec.nodeName,
      /** How the generator ended; undefined while it has not. */
      exit: ended === undefined ? undefined : exitOf(ended),
      /** Who says so of it: `OOMKilled`, `Error`, `Completed`. */
      ended: ended?.reason,
      /** Why nothing can come of this pod any more; undefined while something can. */
      lost: lostOf({
        isGoing: metadata.deletionTimestamp !== undefined,
        phase: found.phase,
        reason: found.reason,
        keeper: endOf(runnerContainers.keeper),
        receiver: endOf(runnerContainers.receiver),
      }),
      /** Why it has not started, as far as somebody says so. */
      waits:
        containers.map(({ state }) => state?.waiting?.reason).find((reason) => reason !== undefined) ??
        found.conditions?.find((one) => one.type === "PodScheduled" && one.status === "False")?.reason,
    };
  });

export type RunnerPod = Readonly<z.output<typeof pod>>;
type Ended = z.output<typeof terminated>;

/** Exit codes of programs that a signal ended begin after this. */
const signalled = 128;

/** How a container's program ended: shells and kubelets write the number of a signal onto 128, and k6's own codes lie below. */
export function exitOf({ exitCode, signal }: Pick<Ended, "exitCode" | "signal">): LoadRun["exit"] {
  const number = signal ?? (exitCode > signalled ? exitCode - signalled : 0);
  if (number === 0) return { code: exitCode, signal: null };
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return { code: null, signal: name ?? `signal ${number}` };
}

function lostOf(found: {
  readonly isGoing: boolean;
  readonly phase: string;
  readonly reason: string | undefined;
  readonly keeper: Ended | undefined;
  readonly receiver: Ended | undefined;
}): string | undefined {
  const { isGoing, phase, reason, keeper, receiver } = found;
  if (isGoing) return "its pod is being deleted";
  if (keeper !== undefined) return `its keeper ended with exit code ${keeper.exitCode}`;
  if (receiver !== undefined && receiver.exitCode !== 0)
    return `its receiver ended with exit code ${receiver.exitCode}`;
  if (phase === "Failed" || phase === "Succeeded" || phase === "Unknown")
    return `its pod is ${phase}${reason === undefined ? "" : ` (${reason})`}`;
  return undefined;
}

/** The pods of a Job of a run, by their index. Two of one index are both listed: a Job replaces none of ours, so that something else did. */
export async function readRunnerPods(
  cluster: Cluster,
  of: { readonly namespace: string; readonly job: string; readonly labels: Readonly<Record<string, string>> },
): Promise<Reading<readonly RunnerPod[]>> {
  const labels = { "batch.kubernetes.io/job-name": of.job, ...of.labels };
  const labelSelector = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  const query = new URLSearchParams({ labelSelector });
  const found = await cluster.list(`/api/v1/namespaces/${encodeURIComponent(of.namespace)}/pods?${query}`, pod);
  return found.ok ? { ...found, value: found.value.toSorted((one, other) => one.index - other.index) } : found;
}
