/** In which order a cluster is made anew from code and backup: what comes by the code before the backup, what by the backup, and what after it (docs/decisions/0026-rebuild.md). */
import type { Stage } from "./stages.ts";

/** What each step waits for, and how long it takes on two cores when all images are there. Those that wait for nothing wait for the bare cluster. */
const order = [
  { name: "push images", seconds: 10, after: [] },
  // Before anything that connects. The Restore leaves them alone: those of the backup hold the addresses of the old nodes.
  { name: "namespaces and policies", seconds: 10, after: ["push images"] },
  { name: "velero", seconds: 40, after: ["namespaces and policies"] },
  // While Velero has not yet looked into the bucket: sidecars of restored pods ask Dapr for their certificates.
  { name: "kafka and dapr", seconds: 60, after: ["namespaces and policies"] },
  { name: "backup found", seconds: 60, after: ["velero"] },
  { name: "restore", seconds: 110, after: ["backup found", "kafka and dapr"] },
  { name: "observability", seconds: 60, after: ["kafka and dapr"] },
  // Only after the Restore: a chart that finds no Secret makes new passwords, which open none of the restored databases.
  { name: "health platform", seconds: 25, after: ["restore"] },
  { name: "todo platform", seconds: 15, after: ["health platform"] },
  { name: "pods anew", seconds: 60, after: ["todo platform"] },
  // It applies Velero once more, which must not start anew in the middle of a Restore, and the policies, as the health platform does: Helm takes one upgrade of a release at a time.
  { name: "operations", seconds: 60, after: ["todo platform", "observability"] },
  { name: "harness access", seconds: 20, after: ["pods anew", "operations"] },
  { name: "volume statistics", seconds: 5, after: ["harness access"] },
  { name: "backup schedule", seconds: 2, after: ["harness access"] },
] as const satisfies readonly { readonly name: string; readonly seconds: number; readonly after: readonly string[] }[];

export type StepName = (typeof order)[number]["name"];

/**
 * The stages of a rebuild.
 * @param nodes those of the bare cluster, each waiting for the one before it; all else waits for the last
 * @param work what each step does
 */
export function rebuildSteps(nodes: readonly Stage[], work: Readonly<Record<StepName, Stage["run"]>>): Stage[] {
  const last = nodes.slice(-1).map(({ name }) => name);
  const steps = order.map(({ name, seconds, after }): Stage => ({
    name,
    expectedSeconds: seconds,
    after: after.length === 0 ? last : after,
    run: work[name],
  }));
  return [...nodes, ...steps];
}
