/** Ways to have a fault miss: it is made as always, and cannot be felt; or its drill sees beforehand that it would do nothing. Surviving it shows nothing then. */
import { z } from "zod";
import { namesOfPods, type LabelledPods } from "../../fixtures/labelled-pods.ts";
import type { ObjectReference, PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { healthDatabase, superuserSql } from "../../fixtures/platform-sql.ts";

export type Miss = {
  readonly criterion: string;
  readonly drill: string;
  readonly why: string;
  /** What the verdict says, or the command where nothing was begun. */
  readonly expects: RegExp;
  /** What is laid over the profile, where that is what makes it miss. */
  readonly layer?: Readonly<Record<string, unknown>>;
  apply(cluster: PlantingCluster): Promise<void>;
  /** Safe twice, and where `apply` stopped half-way. */
  remove(cluster: PlantingCluster): Promise<void>;
};

const leaving = z.object({ metadata: z.object({ deletionTimestamp: z.string() }) });
const finalizer = "oke-proof.test/held";
const healthApi = { apiVersion: "apps/v1", kind: "Deployment", namespace: "health-platform", name: "health-api" };
const wide = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  namespace: "health-platform",
  name: "oke-proof-prove-wide",
};

/** Pods that are killed and stay as objects: nobody can say that they are gone. */
async function eachPod(
  cluster: PlantingCluster,
  pods: LabelledPods,
  finalizers: readonly string[] | null,
): Promise<void> {
  const { namespace } = pods;
  for (const name of await namesOfPods(cluster, pods)) {
    const pod: ObjectReference = { apiVersion: "v1", kind: "Pod", namespace, name };
    try {
      await cluster.patch(pod, { metadata: { name, namespace, finalizers } });
    } catch (error) {
      // It may have gone in between, which is all that letting go asks for. One that is leaving takes no finalizer, and is none that will be killed.
      const found = await cluster.read(pod);
      if (found !== undefined && (finalizers === null || !leaving.safeParse(found).success)) throw error;
    }
  }
}

function held(about: Pick<Miss, "criterion" | "drill">, pods: readonly LabelledPods[]): Miss {
  return {
    ...about,
    why: "the pods are killed, and stay as objects that a finalizer holds",
    expects: new RegExp(`${about.drill} was injected but not felt`),
    async apply(cluster) {
      for (const each of pods) await eachPod(cluster, each, [finalizer]);
    },
    async remove(cluster) {
      for (const each of pods) await eachPod(cluster, each, null);
    },
  };
}

const statistics = (how: string): string => `ALTER TABLE health.records ${how}`;

const replicated: readonly LabelledPods[] = [
  { namespace: "health-platform", selector: "app.kubernetes.io/name=health-api" },
  { namespace: "todo-chatbot", selector: "app.kubernetes.io/name=todo-backend" },
];

export const misses: readonly Miss[] = [
  held({ criterion: "pod-restart-survived", drill: "pod-kill-one" }, replicated),
  held({ criterion: "scaling-survived", drill: "scale-in" }, replicated),
  held({ criterion: "node-loss-survived", drill: "node-drain" }, replicated),
  {
    criterion: "dependency-outage-survived",
    drill: "network-cut",
    why: "another policy lets connections in, so that emptying the one cuts nobody off",
    expects: /nothing was touched: .*oke-proof-prove-wide would still let connections in/,
    async apply(cluster) {
      const nobody = { podSelector: { matchLabels: { "oke-proof.test/nobody": "true" } } };
      await cluster.create({
        apiVersion: wide.apiVersion,
        kind: wide.kind,
        metadata: { name: wide.name, namespace: wide.namespace },
        spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [nobody] }] },
      });
    },
    remove: async (cluster) => cluster.remove(wide),
  },
  {
    criterion: "rollback-restores-service",
    drill: "bad-rollout",
    why: "the Deployment is paused, so that no pod of the broken version is made",
    expects: /bad-rollout was injected but not felt/,
    apply: async (cluster) => cluster.patch(healthApi, { spec: { paused: true } }),
    remove: async (cluster) => cluster.patch(healthApi, { spec: { paused: null } }),
  },
  held({ criterion: "disturbance-survived", drill: "lost-leader" }, [{ namespace: "platform-gateway", selector: "" }]),
  {
    criterion: "database-queries-indexed",
    drill: "table-filled",
    why: "the database makes no statistics of the table, so that its plans are those of a small one",
    expects: /the statistics of health\.records are older than \d+ of its rows/,
    apply: async (cluster) => superuserSql(cluster, healthDatabase, [statistics("SET (autovacuum_enabled = false)")]),
    remove: async (cluster) => superuserSql(cluster, healthDatabase, [statistics("RESET (autovacuum_enabled)")]),
  },
  {
    criterion: "overload-degrades-gracefully",
    drill: "overload",
    why: "the users of the profile ask so seldom that six times of it is nothing",
    expects: /overload was made but not felt: .*all was answered: the platform was not overloaded/,
    layer: { load: { thinkSeconds: 120 } },
    apply: async () => undefined,
    remove: async () => undefined,
  },
];
