/** Whether one pod does what pods are for: to run, ready, without ever having been started again. */
import type { Reading } from "../../harness/verdict.ts";
import type { Job } from "../../probes/kubernetes/owners.ts";
import type { Container, Pod } from "../../probes/kubernetes/pods.ts";

/** A pod of a Job may take this long to start: a task that begins is no service that is down. */
export const taskStartSecondsMax = 120;
/** How long a pod may outlive the time that it was given to end. */
export const overdueSecondsMax = 60;

/** A pod that is not meant to run any more: a task that ended well, or that another pod of its complete Job has done. */
export function isDone(pod: Pod, jobs: Reading<readonly Job[]>): boolean {
  if (pod.phase === "Succeeded") return pod.owner === undefined || pod.owner.kind === "Job";
  const job = jobs.ok && pod.owner?.kind === "Job" ? jobs.value.find(({ uid }) => uid === pod.owner?.uid) : undefined;
  return job?.complete === true;
}

/** What is wrong with a pod that is meant to run, as ends of a sentence that begins with its name; empty where nothing is. */
export function wrongWith(pod: Pod, now: Date): string[] {
  const secondsSince = (time: string): number => (now.getTime() - Date.parse(time)) / 1000;
  const troubles = troublesOf(pod);
  if (pod.deletedAt !== undefined) {
    const overdueSeconds = secondsSince(pod.deletedAt);
    // A pod that is being deleted owes nothing until its time is up.
    return overdueSeconds > overdueSecondsMax ? [`is stuck in Terminating for ${Math.round(overdueSeconds)} s`] : [];
  }
  const reason = pod.reason === "" ? "" : ` (${pod.reason})`;
  if (pod.phase === "Pending") {
    const begins = pod.owner?.kind === "Job" && secondsSince(pod.createdAt) <= taskStartSecondsMax;
    return begins ? troubles : [`is Pending${reason}`, ...troubles];
  }
  if (pod.phase !== "Running") return [`is ${pod.phase}${reason}`, ...troubles];
  return pod.ready ? troubles : [`is not Ready${reason}`, ...troubles];
}

/** What is wrong with its containers, whatever the pod itself says. */
export function troublesOf({ initContainers, containers }: Pick<Pod, "initContainers" | "containers">): string[] {
  return [...initContainers, ...containers].flatMap(troubleOf);
}

/** Waiting for these is how every container begins. */
const beginnings = ["ContainerCreating", "PodInitializing"];

/** Restarts, the end of an earlier instance, a bad end, and what a container waits for. */
function troubleOf({ name, restarts, waiting, ended, endedBefore }: Container): string[] {
  const all: string[] = [];
  if (waiting !== undefined && !beginnings.includes(waiting)) all.push(waiting);
  if (restarts > 0 || endedBefore !== undefined) {
    all.push(`restarted ${restarts} times${endedBefore === undefined ? "" : ` (last end: ${endedBefore})`}`);
  }
  if (ended !== undefined && !ended.endsWith("exit code 0")) all.push(`ended (${ended})`);
  return all.length === 0 ? [] : [`container ${name} ${all.join(", ")}`];
}
