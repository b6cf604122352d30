/** The platform's workloads, pods, services and network policies, as the API server has them. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { workloadOf } from "../kubernetes/hardening.ts";
import { controllerOf, metadata } from "../kubernetes/shapes.ts";
import { postureObject, type PostureObject } from "./objects.ts";

const object = z.object({ metadata, spec: z.record(z.string(), z.unknown()) });
type Listed = Readonly<z.output<typeof object>>;

/** Workloads before pods: what both have is told of the workload. Pods too, since admission may have changed them. */
const lists = [
  ["apps/v1", "Deployment", "/apis/apps/v1/deployments"],
  ["apps/v1", "StatefulSet", "/apis/apps/v1/statefulsets"],
  ["apps/v1", "DaemonSet", "/apis/apps/v1/daemonsets"],
  ["batch/v1", "CronJob", "/apis/batch/v1/cronjobs"],
  ["batch/v1", "Job", "/apis/batch/v1/jobs"],
  ["v1", "Pod", "/api/v1/pods"],
  ["v1", "Service", "/api/v1/services"],
  ["networking.k8s.io/v1", "NetworkPolicy", "/apis/networking.k8s.io/v1/networkpolicies"],
] as const;

/** All objects of these namespaces that the scanner grades. One list that cannot be read leaves no reading: the tests ask for all of them. */
export async function readLiveObjects(
  cluster: Cluster,
  namespaces: readonly string[],
): Promise<Reading<readonly PostureObject[]>> {
  const found = await Promise.all(
    lists.map(async ([apiVersion, kind, path]) => ({ apiVersion, kind, listed: await cluster.list(path, object) })),
  );
  const objects: PostureObject[] = [];
  const jobs = new Map<string, string>();
  for (const { apiVersion, kind, listed } of found) {
    if (!listed.ok) return listed;
    for (const one of listed.value) {
      const { name, namespace, labels } = one.metadata;
      if (!namespaces.includes(namespace)) continue;
      const workload = workloadIn(jobs, one);
      if (kind === "Job") jobs.set(`${namespace}/${name}`, workload);
      objects.push(postureObject({ apiVersion, kind, namespace, name, workload, labels, spec: one.spec }));
    }
  }
  return read(objects, `${cluster.server}/api`, new Date());
}

/** A pod's workload is its Job's: the CronJob, whatever the Job is called. */
function workloadIn(jobs: ReadonlyMap<string, string>, { metadata: found }: Listed): string {
  const owner = controllerOf(found);
  const ofJob = owner?.kind === "Job" ? jobs.get(`${found.namespace}/${owner.name}`) : undefined;
  return ofJob ?? workloadOf(found.name, owner);
}
