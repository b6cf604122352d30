/** Every object that a drill may change, as the administrator sees it, beside what applications hold (inventory.ts). */
import { z } from "zod";
import type { PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { poll, systemClock } from "../../harness/poll.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { linesOfObject, listedObject, movingBetween, titleOfLine, type Inventoried } from "./inventory-lines.ts";
import { differences, takeInventory, type Inventory } from "./inventory.ts";

const kinds: readonly (readonly [path: string, kind: string, how: Inventoried])[] = [
  ["/api/v1/nodes", "Node", "node"],
  ["/api/v1/namespaces", "Namespace", "content"],
  ["/api/v1/configmaps", "ConfigMap", "content"],
  ["/api/v1/secrets", "Secret", "content"],
  ["/api/v1/serviceaccounts", "ServiceAccount", "content"],
  ["/api/v1/services", "Service", "content"],
  ["/api/v1/persistentvolumeclaims", "PersistentVolumeClaim", "content"],
  ["/apis/apps/v1/deployments", "Deployment", "workload"],
  ["/apis/apps/v1/statefulsets", "StatefulSet", "workload"],
  ["/apis/apps/v1/daemonsets", "DaemonSet", "workload"],
  ["/apis/batch/v1/jobs", "Job", "name"],
  ["/apis/batch/v1/cronjobs", "CronJob", "content"],
  ["/apis/autoscaling/v2/horizontalpodautoscalers", "HorizontalPodAutoscaler", "content"],
  ["/apis/networking.k8s.io/v1/networkpolicies", "NetworkPolicy", "content"],
  ["/apis/policy/v1/poddisruptionbudgets", "PodDisruptionBudget", "content"],
  ["/apis/gateway.networking.k8s.io/v1/httproutes", "HTTPRoute", "content"],
  ["/apis/gateway.envoyproxy.io/v1alpha1/backendtrafficpolicies", "BackendTrafficPolicy", "content"],
  ["/apis/rbac.authorization.k8s.io/v1/roles", "Role", "content"],
  ["/apis/rbac.authorization.k8s.io/v1/rolebindings", "RoleBinding", "content"],
  ["/apis/coordination.k8s.io/v1/namespaces/oke-proof/leases", "Lease", "name"],
];

const scaled = z.object({ spec: z.object({ scaleTargetRef: z.object({ kind: z.string(), name: z.string() }) }) });

/** @throws Error where a kind cannot be listed: an inventory with a hole is none */
export async function takePlatformInventory(admin: Cluster): Promise<Inventory> {
  const listed = await Promise.all(
    kinds.map(async ([path, kind, how]) => {
      const found = await admin.list(path, listedObject);
      if (!found.ok) throw new Error(`the inventory of ${kind}: ${found.why}`);
      // The Jobs of a CronJob come and go with the clock, as do those by which Velero keeps its repositories, once an hour.
      const lasting = found.value.filter(
        ({ metadata: { ownerReferences, labels } }) =>
          !ownerReferences.some((owner) => owner.kind === "CronJob") &&
          !(kind === "Job" && "velero.io/repo-name" in labels),
      );
      return { kind, how, lasting };
    }),
  );
  const autoscalers = listed.find(({ kind }) => kind === "HorizontalPodAutoscaler")?.lasting ?? [];
  const autoscaled = new Set(
    autoscalers.map((each) => {
      const { kind, name } = scaled.parse(each).spec.scaleTargetRef;
      return `${kind} ${each.metadata.namespace}/${name}`;
    }),
  );
  return Object.fromEntries(
    listed.map(({ kind, how, lasting }) => [
      kind,
      lasting.flatMap((each) => linesOfObject(kind, each, how, autoscaled)).toSorted(),
    ]),
  );
}

/** What stood before, and what of it moves by itself. */
export type Baseline = {
  readonly platform: Inventory;
  readonly applications: Inventory;
  /** Titles of lines. */
  readonly moving: ReadonlySet<string>;
};

const apartMs = 20_000;
const movingMax = 20;

/** Looks twice, some time apart. @throws Error where so much moves by itself that the rest would show nothing */
export async function takeBaseline(admin: Cluster, cluster: PlantingCluster): Promise<Baseline> {
  const first = await takePlatformInventory(admin);
  await systemClock.sleep(apartMs);
  const platform = await takePlatformInventory(admin);
  const moving = movingBetween(first, platform);
  if (moving.size > movingMax) {
    throw new Error(
      `${moving.size} things move by themselves, as ${[...moving].slice(0, 10).join(", ")}: no inventory`,
    );
  }
  const unwell = Object.values(platform).flatMap((lines) =>
    lines.filter((line) => / whole no,| ready (?!True$)/.test(line)),
  );
  if (unwell.length > 0) throw new Error(`the platform is not whole: ${unwell.join(", ")}`);
  return { platform, applications: await takeInventory(cluster), moving };
}

type Compared = {
  readonly admin: Cluster;
  readonly cluster: PlantingCluster;
  readonly baseline: Baseline;
  /** Whether what the applications hold is compared too. */
  readonly applications: boolean;
  /** Lines that are none of a drill's. */
  readonly ignored?: (line: string) => boolean;
  /** How long pods may take to be whole again. */
  readonly settleMs: number;
};

/** Looks until all is as it was; what differs in the end, a line each. */
export async function differencesFromBaseline(compared: Compared): Promise<readonly string[]> {
  const { admin, cluster, baseline, applications, ignored = () => false, settleMs } = compared;
  const foreign = (line: string): boolean =>
    baseline.moving.has(titleOfLine(line.replace(/^.*?: (?:came|went) /, ""))) || ignored(line);
  let last: readonly string[] = ["nothing was looked at"];
  await poll<true>(
    async () => {
      const platform = differences(baseline.platform, await takePlatformInventory(admin), foreign);
      const held =
        applications && platform.length === 0
          ? differences(baseline.applications, await takeInventory(cluster), ignored)
          : [];
      last = [...platform, ...held];
      return last.length === 0 ? { state: "yes", value: true } : { state: "not yet", seen: last.join("; ") };
    },
    { what: "the inventory as it was", timeoutMs: settleMs, everyMs: 1_000 },
  );
  return last;
}
